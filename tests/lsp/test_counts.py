"""What an evaluation and a redefinition take, in numbers that no machine and no neighbour changes.

Messages to the editor, and what all three processes write, are compared with `counts.json`. Who has
made something cheaper lowers the figures there; who has to raise them says why.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from statistics import median

import pytest

from lsp.conftest import StartClient
from lsp.driver import DAEMON, Client

FIGURES = json.loads(Path(__file__).with_name("counts.json").read_text())
TIMES = 20
SLACK = 1.15
"""How much more it may be: numbers in messages have more digits, and what is written at once on one
machine is written in two parts on another."""
FOLLOWED = "trace=write,writev,sendto,sendmsg"
_CALL = re.compile(r"^\d+ +(?:<\.\.\. )?\w+(?:\(| resumed).* = (-?\d+)\b")
"""A call that has ended, be it on a line of its own."""


def functions(count: int) -> str:
    """Return a module of so many functions."""
    parts = [f"def f{n}(x, y=1):\n    z = x + {n}\n    return z * y\n\n" for n in range(count)]
    parts[count // 2] = "def target():\n    return 0\n\n"
    return "".join(parts)


def evaluating(client: Client, folder: Path) -> Callable[[], None]:
    """Return what evaluates something trivial."""
    uri = client.open(folder / "a.py", "1+1\n")

    def act() -> None:
        assert client.evaluate(uri, "file")["status"] == "ok"

    return act


def redefining(count: int) -> Callable[[Client, Path], Callable[[], None]]:
    """Return what redefines one of so many functions, after a key was pressed in it."""

    def begin(client: Client, folder: Path) -> Callable[[], None]:
        text, digits = functions(count), cycle("123456789")
        file = folder / "m.py"
        file.write_text(text)
        uri = client.open(file, text)
        client.execute("relive.evaluateText", {"uri": uri, "text": "import m"})
        line = text[: text.index("    return 0\n")].count("\n")
        start, end = ({"line": line, "character": column} for column in (11, 12))

        def act() -> None:
            client.change(uri, {"range": {"start": start, "end": end}, "text": next(digits)})
            told = client.execute("relive.redefine", {"uri": uri, "position": start})
            assert [each["outcome"] for each in told["definitions"]] == ["redefined"]

        return act

    return begin


WORK = {
    "evaluation": evaluating,
    "redefinition, 100 functions": redefining(100),
    "redefinition, 2,000 functions": redefining(2_000),
}


@pytest.mark.parametrize("name", WORK)
def test_messages_to_the_editor(name: str, client: Client, tmp_path: Path) -> None:
    """The least of several times: what is told each second while it runs comes on slow machines."""
    act = WORK[name](client, tmp_path)
    told = []
    for _ in range(TIMES):
        before = len(client.timeline)
        act()
        methods = [each.get("method", "answer") for each in client.timeline[before:]]
        told.append(Counter(methods))
    least = {method: min(each[method] for each in told) for method in set().union(*told)}
    assert {method: count for method, count in least.items() if count} == FIGURES[name]["messages"]


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
@pytest.mark.parametrize("name", WORK)
def test_calls_to_the_system(name: str, start_client: StartClient, tmp_path: Path) -> None:
    """The middle of several times: now and then a spare process starts meanwhile, or one waits."""
    log = tmp_path / "calls"
    client = start_client(("strace", "-f", "-qq", "-e", FOLLOWED, "-o", str(log), *DAEMON))
    folder = tmp_path / "folder"
    folder.mkdir()
    client.initialize(folder)
    act = WORK[name](client, folder)
    counted = [counts_of(act, log) for _ in range(TIMES)]
    middle = {each: median(count[each] for count in counted) for each in counted[0]}
    wanted = FIGURES[name]["calls"]
    assert middle.keys() == wanted.keys()
    over = {each: count for each, count in middle.items() if count > wanted[each] * SLACK}
    assert not over, (over, wanted)


def counts_of(act: Callable[[], None], log: Path) -> dict[str, int]:
    """Return what was called while `act` ran; the end of the time before may be among it."""
    before = log.stat().st_size
    act()
    with log.open() as stream:
        stream.seek(before)
        calls = [_CALL.match(line) for line in stream]
    writes = [int(each[1]) for each in calls if each is not None]
    return {"writes": len(writes), "bytes written": sum(writes)}
