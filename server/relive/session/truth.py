"""A session's results and their truth: what statements did and what was redefined, judged as told.

`staleness.py` does the judging; here it is fed, and what comes of it is told as an event once
whatever runs has ended, so that a file that is evaluated whole does not flicker.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from relive.session.events import Event, Judged, Traced
from relive.session.staleness import DefinitionChanged, NameBound, Staleness
from relive.session.units import Trace, Unit
from relive.source.positions import Position


class Truth:
    """What of all that was shown is still true."""

    def __init__(self, listener: Callable[[Event], None]) -> None:
        self.staleness = Staleness(Sent())
        self._listener = listener

    def heard(self, event: Event) -> None:
        """Pass an event on, and note what it says of a statement that ran."""
        self._listener(event)
        if isinstance(event, Traced):
            self.staleness.ran(
                Unit(
                    id=event.unit,
                    text=event.text,
                    trace=Trace.of(event.trace),
                    file=event.file,
                    start=event.range.start,
                    duration_ms=0.0 if event.result is None else event.result.duration_ms,
                    has_result=event.result is not None,
                )
            )

    def ended(self, message: dict[str, Any]) -> None:
        """Note the last message of an evaluation or redefinition, and tell what came of it."""
        altered = message.get("altered")
        if altered is not None:
            self.staleness.redefined(map(_to_definition, altered["definitions"]))
            self.staleness.bound(
                NameBound((file, name), before, now) for file, name, before, now in altered["bound"]
            )
        verdicts = self.staleness.verdicts()
        if verdicts:
            self._listener(Judged(verdicts.stale, verdicts.fresh))

    def forget(self) -> None:
        """Begin anew, with another process."""
        places = self.staleness.places
        places.forget()
        self.staleness = Staleness(places)


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
