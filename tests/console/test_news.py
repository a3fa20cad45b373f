"""What a console says of a process that ended and came back by itself, and `%recover` after it."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest

from relive.console import past
from relive.console.client import Client
from relive.console.desk import Desk
from relive.console.news import News
from relive.console.screen import Screen
from relive.console.session import Session

LOST = [{"label": "x = 5", "entry": "1-2"}, {"label": "y", "entry": "1-3"}]
REPLAY = {"done": 2, "total": 2, "skipped": [], "failed": None}


class Stage:
    """A session of a daemon that answers by rote, and what is written of it."""

    def __init__(self, lost: list[dict[str, Any]]) -> None:
        self.state = {"generation": 2, "cameBack": {"reason": "was killed", "lost": lost}}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self._written = io.StringIO()
        self.screen = Screen(colours=False, output=self._written, errors=self._written)
        self.client = Client(lambda _: None)
        self.session = Session(self.client, Path("/nowhere"))
        self.session.execute = self._execute  # type: ignore[method-assign]

    async def _execute(self, command: str, **argument: Any) -> Any:
        self.asked.append((command, argument))
        answers = {"relive.session": self.state, "relive.recover": {"replay": REPLAY}}
        return answers.get(command)

    @property
    def written(self) -> str:
        return self._written.getvalue()


@pytest.mark.parametrize(
    ("lost", "what"),
    [
        ([], "its state"),
        (LOST[:1], "the state before x = 5: %recover runs again what was lost"),
        (LOST, "the state before x = 5, and 1 more: %recover runs again what was lost"),
    ],
)
def test_a_process_that_came_back_is_told_once(lost: list[dict[str, Any]], what: str) -> None:
    async def tell() -> str:
        stage = Stage(lost)
        News(stage.session, stage.screen)
        for _ in range(2):
            stage.client._take({"method": "relive/session", "params": stage.state})
        return stage.written

    assert asyncio.run(tell()) == f"the process was killed; another goes on with {what}\n"


def test_what_was_lost_runs_again() -> None:
    async def recover() -> Stage:
        stage = Stage(LOST)
        runner: Any = None
        await past.recover(Desk(stage.session, runner, stage.screen, runner))
        return stage

    stage = asyncio.run(recover())
    assert stage.asked[-1] == ("relive.recover", {"entries": ["1-2", "1-3"]})
    assert stage.written == "2 of 2 entries ran again\n"
