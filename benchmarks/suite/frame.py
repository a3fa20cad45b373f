"""How a row is measured.

Its contenders are asked in turn, in random order, so that whatever else the machine does meets them
alike. Only ratios within a run count, and of several runs their middle and their spread.
"""

from __future__ import annotations

import random
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

_WARM_UP = 3
"""Rounds that are not counted: the first evaluation after a start is several times slower."""


@dataclass(frozen=True)
class Contender:
    """Something that can be asked to do the row's work."""

    ask: Callable[[], float]
    """Does it once, and returns the seconds it took."""
    every: int = 1
    """It is asked in each round of so many: some take thousands of times as long as others."""
    warm_up: int = _WARM_UP


@dataclass(frozen=True)
class Comparison:
    """What of a row is wanted: the times of one contender in relation to those of another."""

    of: str
    to: str
    at_most: float | None = None
    at_least: float | None = None
    unit: Literal["×", "ms"] = "×"
    """`ms`: what the one takes more than the other."""

    def figure(self, times: Mapping[str, float]) -> float:
        """Return what came of it in a run."""
        if self.unit == "ms":
            return (times[self.of] - times[self.to]) * 1000
        return times[self.of] / times[self.to]

    def is_met(self, figure: float) -> bool | None:
        """Whether a figure is what is wanted; None: nothing is."""
        if self.at_most is not None:
            return figure <= self.at_most
        return None if self.at_least is None else figure >= self.at_least


class Place:
    """Where the contenders of one run live, and what they need."""

    def __init__(self, peers: str, node: str | None = None) -> None:
        self.peers = peers
        """An interpreter that has the peers."""
        self.node = node
        """What drives the real editor; None: there is none here."""
        self._ends = ExitStack()

    def folder(self) -> Path:
        """Return a folder of its own for a contender."""
        return Path(self._ends.enter_context(tempfile.TemporaryDirectory())).resolve()

    def afterwards(self, end: Callable[[], object]) -> None:
        """Have something ended after the run."""
        self._ends.callback(end)

    def leave(self) -> None:
        """End everything."""
        self._ends.pop_all().close()


@dataclass(frozen=True)
class Row:
    """One kind of work."""

    name: str
    work: str
    contenders: Callable[[Place], dict[str, Contender]]
    comparisons: tuple[Comparison, ...]
    rounds: int = 50
    in_editor: bool = False
    """Whether it is done in the real editor, which has to be there."""


@dataclass
class Measured:
    """A comparison, and what came of it in each run."""

    work: str
    comparison: Comparison
    figures: list[float]
    times: dict[str, list[float]] = field(default_factory=dict)
    """The middle of each contender's seconds in each run, to look closer: they do not travel."""

    @property
    def middle(self) -> float:
        """The median of the runs."""
        return statistics.median(self.figures)

    @property
    def is_met(self) -> bool | None:
        """Whether that is what is wanted; None: nothing is."""
        return self.comparison.is_met(self.middle)

    def to_json(self) -> dict[str, object]:
        """Return everything."""
        return {**asdict(self), "middle": self.middle, "met": self.is_met}


def measured(row: Row, place: Place, *, runs: int, rounds: int | None = None) -> list[Measured]:
    """Measure a row in several runs."""
    times = [_run(row, place, rounds or row.rounds) for _ in range(runs)]
    by_name = {name: [each[name] for each in times] for name in times[0]}
    return [
        Measured(row.work, each, [each.figure(run) for run in times], by_name)
        for each in row.comparisons
    ]


def _run(row: Row, place: Place, rounds: int) -> dict[str, float]:
    """Return the median of each contender's times in one run."""
    try:
        contenders = row.contenders(place)
        for each in contenders.values():
            for _ in range(each.warm_up):
                each.ask()
        times: dict[str, list[float]] = {name: [] for name in contenders}
        for number in range(rounds):
            for name, each in _in_random_order(contenders):
                if number % each.every == 0:
                    times[name].append(each.ask())
        return {name: statistics.median(found) for name, found in times.items()}
    finally:
        place.leave()


def _in_random_order(contenders: dict[str, Contender]) -> Iterator[tuple[str, Contender]]:
    yield from random.sample([*contenders.items()], len(contenders))
