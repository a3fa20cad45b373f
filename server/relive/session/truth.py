"""A session's results and their truth: what statements did and what was redefined, judged as told.

`staleness.py` does the judging; here it is fed, and what comes of it is told as an event once
whatever runs has ended, so that a file that is evaluated whole does not flicker.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import partial
from typing import Any

from relive.session.events import Event, Judged, Traced
from relive.session.staleness import Staleness
from relive.session.units import DefinitionChanged, NameBound, Trace, Unit
from relive.source.positions import Position

_MOST_REMEMBERED = 10_000
"""Happenings that are told again when later ones are undone."""

Tell = Callable[[Staleness], None]
Source = tuple[int, int]
"""The number of a request, and which of its statements it was; 0: none alone."""


class Truth:
    """What of all that was shown is still true."""

    def __init__(self, listener: Callable[[Event], None]) -> None:
        self.staleness = Staleness(Sent())
        self._listener = listener
        self._happened: deque[tuple[Source, Tell]] = deque(maxlen=_MOST_REMEMBERED)
        """What the judging was fed, each with what it came of."""
        self._repeated: set[int] = set()

    def heard(self, event: Event) -> None:
        """Pass an event on, and note what it says of a statement that ran."""
        self._listener(event)
        if isinstance(event, Traced):
            unit = _unit(event)
            replaced = tuple(self.staleness.places.replaced(unit))
            source = event.evaluation, event.number
            self._happened.append((source, partial(_ran, event, replaced)))
            self.staleness.ran(unit, replaced)

    def ended(self, number: int, message: dict[str, Any]) -> None:
        """Note the last message of a request, and tell what came of it."""
        altered = message.get("altered")
        if altered is not None and number not in self._repeated:
            self._happens((number, 0), partial(_altered, altered))
        self._repeated.discard(number)
        self._tell()

    def prepared(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return a request as it is sent, with what caches are to be emptied of for it."""
        if message["op"] != "evaluate":
            return message
        return {**message, "outdated": self.staleness.take_outdated()}

    def repeats(self, number: int) -> None:
        """Take nothing of a request: it only does again what is known already."""
        self._repeated.add(number)

    def undo(self, requests: Mapping[int, int]) -> None:
        """Judge as if these requests had never been, each from one of its statements on."""
        former = self.staleness
        kept = [each for each in self._happened if not _is_of(each[0], requests)]
        self._start_over()
        for source, tell in kept:
            self._happens(source, tell)
        self.staleness.go_on_telling(former)
        self._tell()

    def forget(self) -> None:
        """Begin anew, with another process."""
        self.staleness.places.forget()
        self._start_over()

    def _happens(self, source: Source, tell: Tell) -> None:
        self._happened.append((source, tell))
        tell(self.staleness)

    def _tell(self) -> None:
        verdicts = self.staleness.verdicts()
        if verdicts:
            self._listener(Judged(verdicts.stale, verdicts.fresh))

    def _start_over(self) -> None:
        self._happened.clear()
        self._repeated.clear()
        self.staleness = Staleness(self.staleness.places)


def _is_of(source: Source, requests: Mapping[int, int]) -> bool:
    number, statement = source
    return number in requests and statement >= requests[number]


def _unit(event: Traced) -> Unit:
    return Unit(
        id=event.unit,
        text=event.text,
        trace=Trace.of(event.trace),
        file=event.file,
        start=event.range.start,
        duration_ms=event.duration_ms,
        has_result=event.result is not None,
    )


def _ran(event: Traced, replaced: tuple[str, ...], staleness: Staleness) -> None:
    staleness.ran(_unit(event), replaced)


def _altered(altered: dict[str, Any], staleness: Staleness) -> None:
    staleness.redefined(map(_to_definition, altered["definitions"]))
    staleness.bound(
        [NameBound((file, name), before, now) for file, name, before, now in altered["bound"]]
    )
    ran_at = dict(altered["ran_at"])
    staleness.changed([(file, name) for file, name in altered["changed"]], ran_at)


def _to_definition(data: dict[str, Any]) -> DefinitionChanged:
    before, now = data["before"], data["now"]
    outcome = "removed" if now is None else "added" if before is None else "redefined"
    return DefinitionChanged((data["file"], data["name"]), data["kind"], outcome, before, now)


class Sent:
    """The places of units where nobody follows texts: each text that was sent is one by itself."""

    _MOST = 5000
    """Statements that are remembered; of older ones nobody knows that they run again."""

    def __init__(self) -> None:
        self._latest: dict[tuple[str | None, str], str] = {}

    def of(self, unit: Unit) -> tuple[Hashable, Position] | None:
        """See Places."""
        return unit.id.partition(":")[0], unit.start

    def replaced(self, unit: Unit) -> Iterable[str]:
        """See Places: a statement runs again if one that says the same runs in the same module."""
        key = (unit.file, unit.text)
        former = self._latest.pop(key, None)
        self._latest[key] = unit.id
        if len(self._latest) > self._MOST:
            del self._latest[next(iter(self._latest))]
        return [] if former is None else [former]

    def forget(self) -> None:
        """See Places."""
        self._latest = {}
