"""What an evaluation and a redefinition take, in numbers that no machine and no neighbour changes.

Messages to the editor, what all three processes write, and what the daemon calls and loads, are
compared with `counts.json`. Who has made something cheaper lowers the figures there; who has to
raise them says why.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import cycle
from pathlib import Path

import pytest

from lsp import counting
from lsp.conftest import StartClient
from lsp.counting import Counts
from lsp.driver import DAEMON, Client

pytestmark = pytest.mark.no_copies(
    "it counts what is sent, some of which would be of making copies"
)

FIGURES = json.loads(Path(__file__).with_name("counts.json").read_text())
TIMES = 20
SLACK = {"writes": 1.0, "bytes written": 1.15}
"""How much more it may be: numbers in messages have more digits, and folders longer names."""
QUEUED, BATCHES = 200, 5
CALLS_SLACK = 1.1
"""Versions of Python differ in what their libraries call and load."""
FOLLOWED = "trace=write,writev,sendto,sendmsg"
_CALL = re.compile(r"^\d+ +(?:<\.\.\. )?\w+(?:\(| resumed).* = (-?\d+)\b")
"""A call that has ended, be it on a line of its own."""
_TO_EDITOR = "Content-Length: "
"""How it begins; how many messages are written at once is a matter of the machine's speed."""


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
    """The least of several times: now and then a spare process starts, or is asked, meanwhile."""
    log = tmp_path / "calls"
    client = start_client(("strace", "-f", "-qq", "-e", FOLLOWED, "-o", str(log), *DAEMON))
    folder = tmp_path / "folder"
    folder.mkdir()
    client.initialize(folder)
    act = WORK[name](client, folder)
    counted = [counts_of(act, log) for _ in range(TIMES)]
    found, wanted = least(counted), FIGURES[name]["calls"]
    over = {each: count for each, count in found.items() if count > wanted[each] * SLACK[each]}
    assert not over, (over, wanted)


def counts_of(act: Callable[[], None], log: Path) -> dict[str, int]:
    """Return what was called while `act` ran; the end of the time before may be among it."""
    before = log.stat().st_size
    act()
    with log.open() as stream:
        stream.seek(before)
        calls = [(_CALL.match(line), _TO_EDITOR in line) for line in stream]
    writes = [(int(ended[1]), to_editor) for ended, to_editor in calls if ended is not None]
    others = [size for size, to_editor in writes if not to_editor]
    return {"writes": len(others), "bytes written": sum(size for size, _ in writes)}


def test_calls_of_the_daemon(start_client: StartClient, tmp_path: Path) -> None:
    """The least of several times: on a busy machine what is told comes in more pieces."""
    client, counts = start_counting(start_client, tmp_path)
    client.initialize(tmp_path)
    act = evaluating(client, tmp_path)
    act()
    told = [counted_after(act, counts) for _ in range(TIMES)]
    check(least(told), FIGURES["evaluation"]["daemon"])


def test_calls_of_the_daemon_for_each_of_many(start_client: StartClient, tmp_path: Path) -> None:
    """Of ours alone: how often its libraries look for what has come is a matter of speed."""
    client, counts = start_counting(start_client, tmp_path)
    client.initialize(tmp_path)
    act = queueing(client)
    act()
    told = [counted_after(act, counts) for _ in range(BATCHES)]
    each = {name: count / QUEUED for name, count in least(told).items()}
    check(each, FIGURES["one of many queued"]["daemon"])


def test_what_is_loaded_before_the_first_answer(start_client: StartClient, tmp_path: Path) -> None:
    client, counts = start_counting(start_client, tmp_path)
    client.call("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    check(counts.read(), FIGURES["first answer"]["daemon"])


def start_counting(start_client: StartClient, folder: Path) -> tuple[Client, Counts]:
    """Start a daemon that counts what it does."""
    counts = Counts(folder / "counts")
    return start_client((sys.executable, counting.__file__, str(counts.path))), counts


def queueing(client: Client) -> Callable[[], None]:
    """Return what has something trivial evaluated many times, asked for at once."""
    one = {"uri": "untitled:many", "text": "1+1"}

    def act() -> None:
        for request in [client.command("relive.evaluateText", one) for _ in range(QUEUED)]:
            assert client.result(request)["status"] == "ok"

    return act


def counted_after(act: Callable[[], None], counts: Counts) -> dict[str, int]:
    """Return what the daemon did meanwhile."""
    before = counts.read()
    act()
    after = counts.read()
    return {name: count - before[name] for name, count in after.items()}


def least(told: list[dict[str, int]]) -> dict[str, int]:
    return {name: min(each[name] for each in told) for name in told[0]}


def check(found: Mapping[str, float], wanted: dict[str, int]) -> None:
    over = {name: found[name] for name, most in wanted.items() if found[name] > most * CALLS_SLACK}
    assert not over, (over, wanted)
