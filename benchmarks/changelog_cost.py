"""What the change log costs: the round trip of a trivial evaluation with it, as a ratio.

    .venv/bin/python benchmarks/changelog_cost.py

Daemons without a log and with each policy of syncing are asked in turn, over LSP, so that whatever
else the machine does meets them alike. Then: how long a log of a million records takes to open.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

from daemon import Daemon

from relive.changelog.entries import Change
from relive.changelog.history import History
from relive.changelog.lines import Seal, line_of, log_key
from relive.changelog.log import ChangeLog
from relive.changelog.places import Places
from relive.changelog.policy import Policy
from relive.changelog.segments import ROTATE_AT, segment_path

RUNS = 5
ROUNDS = 300
RECORDS = 1_000_000
SETTINGS = {
    "off": {"log": {"enabled": False}},
    "never": {"log": {"sync": "never"}},
    "soon": {"log": {"sync": "soon"}},
    "before": {"log": {"sync": "before"}},
}
TOP = {"line": 0, "character": 0}
DOCUMENT = "1\n" + "".join(f"def f{number}():\n    return {number}\n" for number in range(500))


class Evaluator:
    """A daemon with one document open, whose first line is evaluated."""

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self._daemon = Daemon(folder / "a.py", DOCUMENT, settings)
        self.end = self._daemon.end

    def evaluate(self, *, edited: bool) -> float:
        """Return the seconds an evaluation of `1` took, after an edit elsewhere or without."""
        if edited:
            self._daemon.edit(1, 4, 4, "f")
        begun = perf_counter()
        answer = self._daemon.command("evaluate", scope="form", position=TOP)
        took = perf_counter() - begun
        if answer["status"] != "ok" or "notLogged" in answer:
            sys.exit(f"it was not evaluated and logged: {answer}")
        return took


def compare(base: Path, *, edited: bool) -> dict[str, float]:
    """Return the lower quartile of each daemon's times: other programs show least there."""
    daemons = {}
    for name, settings in SETTINGS.items():
        folder = base / f"{name} {edited}"
        folder.mkdir()
        daemons[name] = Evaluator(folder, settings)
    times: dict[str, list[float]] = {name: [] for name in daemons}
    for turn in range(-20, ROUNDS):  # the first ones start workers, and warm up
        for name, daemon in random.sample([*daemons.items()], len(daemons)):
            took = daemon.evaluate(edited=edited)
            if turn >= 0:
                times[name].append(took)
    for daemon in daemons.values():
        daemon.end()
    return {name: statistics.quantiles(found)[0] for name, found in times.items()}


def tell_costs() -> None:
    """Print the ratios of several runs."""
    for edited in (False, True):
        what = "after an edit" if edited else "as it was"
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory() as folder:
                found = compare(Path(folder), edited=edited)
            off = found.pop("off")
            ratios = "  ".join(f"{name} x {took / off:.2f}" for name, took in found.items())
            sys.stdout.write(f"{what:14} without a log {off * 1000:.2f} ms; {ratios}\n")


def tell_opening() -> None:
    """Print how long it takes to find what can be recovered among a million records."""
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base)
        log = ChangeLog(folder, Policy(sync="never"))
        log.begin_life("3.12")
        file = str(folder / "a.py")
        log.record(Change("evaluate", file, "1", document=DOCUMENT))
        path = f"{Places(folder).history_of(file)}/{log.id}"
        size = write_records(folder / ".relive", path)
        log.end_life("died")
        begun = perf_counter()
        life = History(folder).recoverable(log.id)
        opened = perf_counter()
        newest = History(folder).newest(limit=100)
        read = perf_counter()
        log.close()
        log.wait()
    if life is None or newest[0].number != RECORDS:
        sys.exit("the records were not read")
    sys.stdout.write(
        f"{RECORDS:,} records, {size >> 20} MB: what can be recovered is known after "
        f"{(opened - begun) * 1000:.0f} ms, the newest 100 are there after another "
        f"{(read - opened) * 1000:.0f} ms\n"
    )


def write_records(log_folder: Path, path: str) -> int:
    """Add segments with all further records to a log; return their size."""
    seal, number, size = Seal(log_key(), path), 2, 0
    for segment in count(1):
        lines: list[bytes] = []
        written = 0
        while written < ROTATE_AT and number <= RECORDS:
            record = {"entry": number, "life": 1, "at": number, "kind": "evaluate"}
            lines.append(line_of({**record, "text": f"x = {number}", "line": number}, seal))
            written += len(lines[-1])
            number += 1
        if not lines:
            return size
        (log_folder / segment_path(path, segment)).write_bytes(b"".join(lines))
        size += written
    raise AssertionError


if __name__ == "__main__":
    tell_costs()
    tell_opening()
