"""How a console prints what is held: as it is on the stack, the innermost frame last."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

from relive.console import processes


def told(frame: int, name: str, depth: int, **more: Any) -> dict[str, Any]:
    at = {"start": {"line": frame, "character": 0}}
    about = {"hold": 1, "frame": frame, "name": name, "depth": depth, "uri": None, "range": at}
    return {**about, "text": f"{name}()", "locals": [], "error": "KeyError: 1", **more}


def test_frames_in_which_nothing_goes_on_stand_where_they_are_and_say_why() -> None:
    why = {"foreign": True, "whyNot": "code of a library"}
    items = [told(0, "back", 0), told(1, "go", 2), told(2, "library", 1, **why)]
    printed: list[str] = []

    async def execute(_command: str) -> dict[str, Any]:
        return {"items": items}

    screen = SimpleNamespace(line=printed.append, note=printed.append)
    desk: Any = SimpleNamespace(session=SimpleNamespace(execute=execute), screen=screen)
    asyncio.run(processes.frames(desk))
    assert [each.split(",")[0].strip() for each in printed] == [
        "1  go",
        "2  library",
        "code of a library",
        "0  back",
        "KeyError: 1",
    ]
