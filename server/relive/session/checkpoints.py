"""Which checkpoints are made, and which are kept: pure, of times, costs and numbers alone."""

from __future__ import annotations

import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from relive.session.holds import Hold
from relive.session.logged import iso
from relive.session.open_files import OpenFile
from relive.source.quick_dataclasses import dataclass

_NOT_HERE = None if sys.platform == "linux" else "checkpoints are made on Linux alone"
_INTERVAL_S = 1.0
"""However little runs, so often there is a new one: somebody who presses a key gets one each time,
and a program that asks for a thousand little things does not pay for a thousand."""
_ACTING_INTERVAL_S = 0.2
"""So often where what ran may act outside of the process: it is not to run again to get back to
after it, or only once that has been asked about."""
_WORTH = 10.0
"""What ran since the last one may have taken that many times what a checkpoint takes."""
_S_PER_KILOBYTE = 1e-6
"""What is written to after a checkpoint is copied by the system, page by page: of a process that
holds a gigabyte that may be a second's work."""
_DEAR_S = 0.05
"""A checkpoint that takes longer is worth it only before what took longer still."""
_DEAREST_S = 0.2
"""The same before what may act outside."""
_LATEST = 4
_MOST = 15


@dataclass
class Checkpoint:
    """One that can be gone back to."""

    number: int
    """The job just before which it was made, or the first number of those that come after it."""
    at: float
    """When, in seconds since the epoch."""
    warnings: tuple[str, ...] = ()
    """What will not be as it was."""
    held: tuple[Hold, ...] = ()
    """What the process held, the latest last."""
    pid: int = 0
    """The copy's."""
    files: tuple[OpenFile, ...] = ()
    """What it had open."""


class Checkpoints:
    """Those of one worker."""

    def __init__(self) -> None:
        self._made: dict[int, Checkpoint] = {}
        self._weights: dict[int, int] = {}
        """What the copies hold, in kilobytes, as last heard: of one maybe before it is known of."""
        self._lost: set[int] = set()
        """Those that ended before it was known that they were made: the one is the warden's news,
        the other the worker's."""
        self._is_under_way = False
        """Whether one is being made."""
        self._is_doubtful = False
        """Whether that may hold what is not of before it, or not."""
        self._asked_s: float | None = None
        self.took_s = 0.0
        """How long the last one took to make."""
        self._cost_s = 0.0
        self._worked_s = 0.0
        self._is_at_hold = False
        self.has_run = False
        """Whether anything has since the last one, which it would not bring back."""
        self.why_not: str | None = _NOT_HERE
        """Why the last one that was asked for was not made."""

    def all(self) -> list[Checkpoint]:
        """Return them, the oldest first."""
        return [self._made[number] for number in sorted(self._made)]

    def told(self, steps: Sequence[int]) -> tuple[dict[str, Any], ...]:
        """Return them as a session's state tells of them: by which of the steps comes next."""
        if not self._made:
            return ()
        after = ((each, bisect_left(steps, each.number)) for each in self.all())
        return tuple(
            {"evaluation": steps[place], "at": iso(each.at)}
            for each, place in after
            if place < len(steps)
        )

    def before(self, number: int) -> Checkpoint | None:
        """Return the nearest one from which an evaluation can be reached."""
        return next((each for each in reversed(self.all()) if each.number <= number), None)

    def held_at(self, number: int) -> tuple[Hold, ...]:
        """Return what the process held at one, the latest last."""
        return self._made[number].held

    def comes_to_hold(self) -> None:
        """Note that an error is held, which others may be tried from: there is to be one there."""
        self._is_at_hold = True

    def worked(self, seconds: float) -> None:
        """Note how long something took that ran."""
        self._worked_s += seconds
        self.has_run = True

    def due_in(self, now_s: float, may_act: Callable[[], bool] = lambda: False) -> float | None:
        """Return in how many seconds one is to be made; None: not before more has run.

        Whoever waits for a process's first value does not wait for a copy of an empty one.
        `may_act` tells whether what ran since the last one may act outside if it runs again.
        """
        if _NOT_HERE is not None or not self.has_run:
            return None
        if self._asked_s is None:
            return 0.0
        if self._is_at_hold or self._worked_s >= _WORTH * self._cost_s > 0:
            return 0.0
        soonest_s = self._asked_s + self._interval_s(is_acting=True) - now_s
        if soonest_s > 0:
            return soonest_s  # it need not be known yet what ran
        is_acting = may_act()
        if self._cost_s > max(_DEAR_S, _DEAREST_S * is_acting) and self._worked_s < self._cost_s:
            return None
        return max(0.0, self._asked_s + self._interval_s(is_acting=is_acting) - now_s)

    def _interval_s(self, *, is_acting: bool) -> float:
        acting = max(_ACTING_INTERVAL_S, _WORTH * self._cost_s)
        return min(_INTERVAL_S, acting) if is_acting else _INTERVAL_S

    def asked(self, now_s: float) -> None:
        """Note that one is being made."""
        self._asked_s, self._worked_s, self._is_at_hold = now_s, 0.0, False
        self.has_run = False
        self._is_under_way, self._is_doubtful = True, False

    def changed_beside(self) -> None:
        """Note that the worker's other thread is to change the image: before a copy, or after."""
        self._is_doubtful = self._is_under_way

    def made(self, checkpoint: Checkpoint, cost_s: float, kilobytes: int = 0) -> list[int]:
        """Take one in; return the numbers of those that are not kept any more.

        It took `cost_s`, and the process held so much then.
        """
        self.took_s, self.why_not = cost_s, None
        self._cost_s = cost_s + kilobytes * _S_PER_KILOBYTE
        self._made[checkpoint.number] = checkpoint
        kept = thinned(list(self._made)) - self._lost
        if self._is_doubtful:
            kept.discard(checkpoint.number)
        self._lost.clear()
        self._is_under_way = False
        return self._let_go(number for number in list(self._made) if number not in kept)

    def refused(self, why: str, cost_s: float) -> None:
        """Note that one could not be made."""
        self._cost_s, self.why_not = cost_s, why
        self._is_under_way = False

    def weighed(self, kilobytes: dict[int, int]) -> None:
        """Take in what the copies hold."""
        self._weights = kilobytes

    def beyond(self, most_kilobytes: int) -> list[int]:
        """Let go of the oldest, as far as all hold more than that; return their numbers.

        One that holds next to nothing yet counts too: where none may hold any, there is none.
        """
        weights = {number: max(1, self._weights.get(number, 0)) for number in self._made}
        held = sum(weights.values())
        dropped = []
        for each in self.all():
            if held <= most_kilobytes:
                break
            held -= weights[each.number]
            dropped.append(each.number)
        return self._let_go(dropped)

    def all_gone(self) -> list[int]:
        """Let go of all; return their numbers."""
        return self._let_go(list(self._made))

    def lost(self, number: int) -> None:
        """Note that one has ended by itself."""
        if self._made.pop(number, None) is None:
            self._lost.add(number)

    def went_back(self, number: int) -> None:
        """Note that one was used up, and that those after it are of what is undone."""
        self._let_go([each for each in self._made if each >= number])
        self._lost.clear()
        self._is_under_way = False
        self._asked_s, self._worked_s, self._is_at_hold = None, 0.0, False
        self.has_run, self.why_not = True, None

    def _let_go(self, numbers: Iterable[int]) -> list[int]:
        dropped = list(numbers)
        for number in dropped:
            del self._made[number]
        return dropped


def thinned(numbers: list[int]) -> set[int]:
    """Return which are kept: the latest, then one for each interval twice as long, and the first.

    Of an interval the oldest is kept: it is the next one's in time.
    """
    latest_first = sorted(numbers, reverse=True)
    newest, first = latest_first[0], latest_first[-1]
    kept: dict[int, int] = {}
    for number in latest_first[_LATEST:]:
        kept[(newest - number).bit_length()] = number
    far = sorted(kept.values(), reverse=True)[: _MOST - _LATEST - 1]
    return {*latest_first[:_LATEST], *far, first}
