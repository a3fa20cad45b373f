"""Where the time goes in what misses its target: shares of a profile, from a single run.

    .venv/bin/python benchmarks/shares.py [NAME …]

Of each part its own time on a processor, beside all that the thread took there; of imports that on
the clock. A profiler makes calls dearer than they are: read it for what is large, and what is not.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

from daemon import Daemon
from redefine_cost import text

from relive import Session

TIMES = 2000
SAVES = 40
FUNCTIONS = 2500
RESTARTS, UNTIL_SPARE_S = 5, 4
IMPORTS = 7
"""Runs that are added up: on the clock, a single one tells of other programs too."""
BEGIN, END = signal.SIGUSR1, signal.SIGUSR2
SMALLEST = 0.03
"""Shares below that are told together."""
_SYSTEM = re.compile(r"'(send|recv|write|read|flush|poll)\w*' of|posix\.|select\.|fork_exec")
_RUNNING = re.compile(r"builtins\.(compile|exec|eval)\b")
_PLACES = (
    (re.compile(r"/relive/((\w+/)*)\w+\.py$"), "relive"),
    (re.compile(r"/(lsprotocol|cattrs|attr)/|<cattrs|<attrs"), "lsprotocol, cattrs, attrs"),
    (re.compile(r"/pygls/"), "pygls"),
    (re.compile(r"/(asyncio|concurrent)/|selectors\.py"), "asyncio"),
    (re.compile(r"/json/"), "json"),
)
PROFILED = """
import cProfile, signal, sys, time
profile = cProfile.Profile(time.thread_time)
signal.signal(signal.SIGUSR1, lambda *_: profile.enable())
def end(*_):
    profile.disable()
    profile.dump_stats(sys.argv[1])
signal.signal(signal.SIGUSR2, end)
from relive.__main__ import main
sys.exit(main(["lsp"]))
"""
"""A daemon whose main thread is profiled from one signal to the other, as often as is wanted."""

_Function = tuple[str, int, str]
_Stats = dict[_Function, Any]


def tell(what: str, found: Counter[str]) -> None:
    """Print the shares of a whole, the largest first."""
    whole = sum(found.values())
    large = [(part, own) for part, own in found.most_common() if own >= SMALLEST * whole]
    rest = whole - sum(own for _, own in large)
    told = ", ".join(f"{part} {own / whole:.0%}" for part, own in [*large, ("smaller", rest)])
    sys.stdout.write(f"{what}: {told}\n")


def tell_profile(what: str, of: cProfile.Profile | str) -> None:
    """Print the shares of the parts, and of the single functions of ours."""
    stats: _Stats = pstats.Stats(of).stats  # type: ignore[attr-defined]
    tell(what, shares_of(stats, _part_of))
    most = shares_of(stats, _function_of).most_common(1)
    whole = sum(own for _, _, own, _, _ in stats.values())
    for function, own in most:
        sys.stdout.write(f"  of ours the one that takes most: {function}, {own / whole:.0%}\n")


def shares_of(stats: _Stats, part_of: Callable[[_Function], str | None]) -> Counter[str]:
    """Return the own time of each part; that of what is C is its caller's, but for some."""
    found: Counter[str] = Counter()
    for function, (_, _, own, _, callers) in stats.items():
        part = part_of(function)
        if part is not None:
            found[part] += own
            continue
        for caller, (_, _, of_caller, _) in callers.items():
            found[part_of(caller) or ""] += of_caller
    del found[""]
    return found


def _part_of(function: _Function) -> str | None:
    """Return what a function belongs to; None: it is C, and its caller's."""
    file, _, name = function
    if file == "~":
        if _SYSTEM.search(name):
            return "system calls"
        return "compile, exec" if _RUNNING.search(name) else None
    for pattern, part in _PLACES:
        if match := pattern.search(file):
            return "relive/" + match[1].rstrip("/") if part == "relive" else part
    return "the library"


def _function_of(function: _Function) -> str | None:
    file, _, name = function
    return f"{Path(file).stem}.{name}" if "/relive/" in file else None if file == "~" else ""


def api() -> None:
    """Tell what the program does that asks for `1+1` from Python."""
    with Session() as session:
        session.evaluate("1+1")
        profile = cProfile.Profile(time.thread_time)
        profile.enable()
        for _ in range(TIMES):
            session.evaluate("1+1")
        profile.disable()
    tell_profile("1+1 from Python, who asks", profile)


def worker() -> None:
    """Tell what its process does for `1+1` from Python."""
    with tempfile.TemporaryDirectory() as folder, Session() as session:
        dump = str(Path(folder, "profile"))
        session.evaluate("import cProfile, time")
        session.evaluate("profile = cProfile.Profile(time.thread_time); profile.enable()")
        for _ in range(TIMES):
            session.evaluate("1+1")
        session.evaluate(f"profile.disable(); profile.dump_stats({dump!r})")
        tell_profile("1+1 from Python, the process", dump)


@contextmanager
def profiled(document: str, what: str) -> Iterator[tuple[Daemon, Callable[[int], None]]]:
    """Yield a daemon, and what sends it signals; at the end the shares of its profile are told."""
    with tempfile.TemporaryDirectory() as folder:
        dump, file = Path(folder, "profile"), Path(folder, "document.py").resolve()
        file.write_text(document)
        asked = Daemon(file, document, server=("-c", PROFILED, str(dump)))
        yield asked, lambda number: os.kill(asked.pid, number)
        os.kill(asked.pid, END)
        asked.end()
        tell_profile(what, str(dump))


def lsp() -> None:
    """Tell what the daemon does for `1+1` over LSP."""
    with profiled("", "1+1 over LSP, the daemon") as (asked, signalled):
        asked.command("evaluateText", text="1+1")
        signalled(BEGIN)
        for _ in range(TIMES):
            asked.command("evaluateText", text="1+1")


def queued() -> None:
    """Tell what the daemon does for many evaluations that are sent at once."""
    with profiled("", "1,000 queued, the daemon") as (asked, signalled):
        asked.command("evaluateText", text="1+1")
        signalled(BEGIN)
        for _ in range(2):
            asked.all_answers([asked.begin("evaluateText", text="1+1") for _ in range(TIMES // 2)])


def restarts() -> None:
    """Tell what the daemon does for a restart with a spare process, and the first value."""
    with profiled("", "restarted, the daemon") as (asked, signalled):
        asked.command("evaluateText", text="1+1")
        for _ in range(RESTARTS):
            time.sleep(UNTIL_SPARE_S)
            signalled(BEGIN)
            asked.command("restart")
            asked.command("evaluateText", text="1+1")
            signalled(END)


def saved() -> None:
    """Tell what the daemon does when a file of 10,000 lines is saved, one definition changed."""
    document = text(FUNCTIONS, 0)
    line = document.partition("    return 0\n")[0].count("\n")
    bodies = cycle("123456789")
    with profiled(document, "saved, the daemon") as (asked, signalled):
        asked.command("evaluateText", text="import document")
        for number in range(SAVES):
            asked.edit(line, 11, 12, next(bodies))
            asked.save("relive/redefined")
            if not number:
                signalled(BEGIN)


def imports() -> None:
    """Tell what the daemon, pygls alone, and the process that runs code load."""
    for module in ("relive.lsp.server", "pygls.lsp.server", "relive.worker.loop"):
        run = [sys.executable, "-X", "importtime", "-c", f"import {module}"]
        found: Counter[str] = Counter()
        for _ in range(IMPORTS):
            told = subprocess.run(run, capture_output=True, text=True, check=True).stderr
            found += _by_package(told)
        tell(f"imported by {module}", found)


def _by_package(told: str) -> Counter[str]:
    packages = {"lsprotocol", "pygls", "cattrs", "attr", "parso", "relive"}
    found: Counter[str] = Counter()
    for own, name in re.findall(r"import time: +(\d+) \| +\d+ \| +(\S+)", told):
        top = name.partition(".")[0]
        part = "/".join(name.split(".")[:2]) if top == "relive" else top
        found[part if top in packages else "the library"] += int(own)
    return found


PARTS = {each.__name__: each for each in (api, worker, lsp, queued, restarts, saved, imports)}


def main() -> None:
    """Tell of those that are named; without a name, of all."""
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main()
