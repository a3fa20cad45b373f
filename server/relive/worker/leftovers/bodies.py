"""Old bodies that are still under way: in threads, and in generators and coroutines that wait.

Nothing begins to run a code object that a step has exchanged, so who runs it after the step did so
before: a thread, whose frames are looked at when somebody asks, or one of the generators and
coroutines that were found when the step was planned. Both are remembered weakly.
"""

from __future__ import annotations

import sys
from _thread import allocate_lock
from collections import Counter
from weakref import ref

from relive.worker.redefine.finding.running import is_running, kind_of, stack, thread_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import CodeType
    from typing import Any

    from relive.worker.redefine.finding.running import Running

    Place = tuple[tuple[str, str], str]
    """A module's key and the qualified name of a definition in it."""

_NAMED = 10
"""Of more that do the same only the number is told."""
_FRAMES = ("gi_frame", "cr_frame", "ag_frame")


class Body:
    """A code object that was exchanged, and what waits in it."""

    def __init__(self, code: CodeType, fingerprint: str, running: Running) -> None:
        self.code = ref(code)
        self.fingerprint = fingerprint
        """Of the text it was made from: if that is live again, it is not an old one."""
        self.waiting = list(running.holders(code))


class Bodies:
    """The old bodies by definition."""

    def __init__(self) -> None:
        self._known: dict[Place, list[Body]] = {}
        self._lock = allocate_lock()
        """Steps are made on both of the worker's threads, and it is asked meanwhile."""

    @property
    def places(self) -> list[Place]:
        """The definitions that may have some."""
        return list(self._known)

    def note(self, place: Place, body: Body) -> None:
        """Remember a body that a step has exchanged."""
        with self._lock:
            self._known.setdefault(place, []).append(body)

    def told(self, fingerprints: dict[Place, set[str]]) -> dict[str, list[str]]:
        """Say, by name of the definition, who goes on with an old body of those asked about.

        `fingerprints`: of the texts that are live.
        """
        self._forget_ended()
        known = self._known
        asked = {place: known[place] for place in fingerprints if place in known}
        frames = _frames() if asked else {}
        told: dict[str, list[str]] = {}
        for place, bodies in asked.items():
            old = [each for each in bodies if each.fingerprint not in fingerprints[place]]
            words = Counter(word for body in old for word in _who(body, frames))
            if words:
                told[place[1]] = [*told.get(place[1], ()), *_counted(words)]
        return told

    def _forget_ended(self) -> None:
        with self._lock:
            alive = {
                place: [each for each in bodies if each.code() is not None]
                for place, bodies in self._known.items()
            }
            self._known = {place: bodies for place, bodies in alive.items() if bodies}


def _frames() -> dict[int, list[tuple[int, int]]]:
    """Return by code which threads run it, and where."""
    found: dict[int, list[tuple[int, int]]] = {}
    for thread, frame in sys._current_frames().items():
        for each in stack(frame):
            found.setdefault(id(each.f_code), []).append((thread, each.f_lineno))
    return found


def _who(body: Body, frames: dict[int, list[tuple[int, int]]]) -> Iterator[str]:
    for thread, line in frames.get(id(body.code()), ()):
        yield f"thread {thread_name(thread)}, at line {line} of the old text"
    for each in body.waiting:
        holder = each()
        at = None if holder is None or is_running(holder) else _line(holder)
        if at is not None:
            yield f"{kind_of(holder)} waiting at line {at} of the old text"


def _line(holder: Any) -> int | None:
    """Return where a generator or coroutine waits; None if it has ended."""
    frames = [getattr(holder, name, None) for name in _FRAMES]
    return next((frame.f_lineno for frame in frames if frame is not None), None)


def _counted(words: Counter[str]) -> Iterable[str]:
    told = [word if count == 1 else f"{count} times: {word}" for word, count in words.items()]
    more = len(told) - _NAMED
    return told if more <= 0 else [*told[:_NAMED], f"and {more} more"]
