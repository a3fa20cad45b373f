"""One call while it runs, and what is kept of it."""

from __future__ import annotations

from itertools import count
from time import perf_counter, time

from relive.worker.bare import class_name
from relive.worker.capturing.stretches import last_line
from relive.worker.capturing.wording import Wording, is_atom, is_data

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any

    from relive.worker.capturing.stretches import Stretch

MOST_TIMES = 10_000
"""A line is counted so often in a call, and then left alone: loops get on at their own speed."""
_MOST_LINES = 500
_TOLD_AT_ONCE = 20
"""So often what a line assigns is put in words while the loop runs."""
_VARARGS, _VARKEYWORDS = 0x04, 0x08
_COROUTINE, _ASYNC_GENERATOR = 0x80, 0x200
_YIELDED = "async_generator_wrapped_value"
"""What the interpreter puts what an asynchronous generator yields into, and not what it awaits."""
_NOTHING = object()
_numbers = count(1)


class LineOfCall:
    """What a stretch of the function's code did."""

    def __init__(self) -> None:
        self.count = 0
        self.first: dict[str, str] = {}
        self.last: dict[str, Any] = {}
        """Texts; in `kept` what is still to be put in words."""
        self.kept: dict[str, Any] = {}
        """Values that cannot change; `_NOTHING` for others: the call's end tells what they are."""


class Call:
    """A call of a captured function."""

    def __init__(
        self,
        frame: FrameType,
        stretches: dict[int, Stretch],
        wording: Wording,
        owner: dict[str, Any],
    ) -> None:
        """Begin with what the call was given; `owner` is what is told of it besides."""
        self.number = next(_numbers)
        self.full: set[int] = set()
        """Where lines begin that have been counted often enough."""
        self.code: CodeType = frame.f_code
        self._runs = frame.f_code
        """What runs of it: once it was held and went on, that in its place."""
        self.scope: dict[str, Any] = frame.f_globals
        self.variables: dict[str, Any] | None = None
        """At its end; None: not kept."""
        self.inside: Any = None
        """What text was run in; it remembers what that has bound."""
        self._pending: Stretch | None = None
        """What runs, and is told of when it has."""
        self.yields = 0
        self._owner = owner
        self.name: str = owner["name"]
        self._stretches = stretches
        self._is_arriving = False
        """Whether it has been entered anew, and is not yet where it goes on."""
        self._wording = wording
        self._lines: dict[Stretch, LineOfCall] = {}
        self._at = time()
        self._begun = perf_counter()
        self._end: dict[str, Any] = {
            "seconds": None,
            "result": None,
            "error": None,
            "error_line": None,
            "locals": [],
        }
        given = _arguments(frame)
        self.arguments: dict[str, Any] | None = given
        self._arguments = wording.named(given.items())

    # -- while it runs ---------------------------------------------------------------------------

    def goes_on(self, frame: FrameType, stretches: dict[int, Stretch]) -> None:
        """Note that it was held and goes on in a frame of its own, by what its text is now.

        What its lines gave stays known of those that are as they were.
        """
        self.full.clear()
        self._is_arriving = True
        self._runs, self._stretches, self._pending = frame.f_code, stretches, None
        by_place = {(each.line, each.names): each for each in stretches.values()}
        lines = (
            (by_place.get((each.line, each.names)), line) for each, line in self._lines.items()
        )
        self._lines = {stretch: line for stretch, line in lines if stretch is not None}

    def is_in(self, frame: FrameType) -> bool:
        """Whether a frame is the one that it runs in, and none that waits for that."""
        return frame.f_code is self._runs

    def begins_line(self, frame: FrameType) -> bool:
        """Note that a line begins; whether it is not to be told of any more."""
        if not self.is_in(frame):
            return False
        offset = frame.f_lasti
        if self._is_arriving:  # that is where it is entered, and not where it goes on
            self._is_arriving = False
            return False
        self._note_done(frame, offset)
        stretch = self._stretches.get(offset)
        line = None if stretch is None else self._lines.get(stretch)
        if line is not None and line.count >= MOST_TIMES:
            self.full.add(offset)
            return True
        self._pending = stretch
        return False

    def skip_line(self) -> None:
        """Note that a line begins that has been counted often enough."""
        self._pending = None

    def yielded(self, frame: FrameType, value: Any) -> None:
        """Note that it gives a value before its end; where it awaits, it gives none."""
        if not self.is_in(frame):
            return
        flags = self.code.co_flags
        is_awaiting = flags & _ASYNC_GENERATOR and class_name(type(value)) != _YIELDED
        if not (flags & _COROUTINE or is_awaiting):
            self.yields += 1

    def raises(self, frame: FrameType) -> None:
        """Note that the line that runs raises: it counts only if it had assigned its names."""
        if not self.is_in(frame):
            return
        offset, stretch = frame.f_lasti, self._pending
        is_in_it = stretch is not None and self._stretches.get(offset) is stretch
        if stretch is not None and is_in_it and stretch.names and offset > stretch.stored_at:
            self._note_done(frame, offset)
        self._pending = None

    def _note_done(self, frame: FrameType, offset: int) -> None:
        """Note what ran before `offset`, where the call is."""
        stretch, self._pending = self._pending, None
        if stretch is None:
            return
        line = self._lines.get(stretch)
        if line is None:
            if len(self._lines) >= _MOST_LINES:
                return
            line = self._lines[stretch] = LineOfCall()
        if stretch.after_loop is not None and line.count and offset >= stretch.after_loop:
            return  # it looked for one more element, and there was none
        line.count += 1
        if stretch.names:
            self._note(line, stretch, frame)

    def _note(self, line: LineOfCall, stretch: Stretch, frame: FrameType) -> None:
        values = frame.f_locals
        at_once = line.count <= _TOLD_AT_ONCE and self._wording.has_time
        for name in stretch.names:
            value = values.get(name, _NOTHING)
            if value is _NOTHING or not is_data(name, value):
                continue
            if at_once:
                line.last[name] = self._wording.text(value)
                line.first.setdefault(name, line.last[name])
            else:
                line.kept[name] = value if is_atom(value) else _NOTHING

    def returned(self, frame: FrameType, value: Any) -> None:
        """Note the end of the call, and what it gave."""
        self._note_done(frame, frame.f_lasti)
        self._ended(frame)
        self._end["result"] = self._wording.text(value)

    def failed(self, frame: FrameType, error: str) -> None:
        """Note the end of the call by an exception."""
        self.raises(frame)
        self._ended(frame)
        self._end["error"] = error
        self._end["error_line"] = frame.f_lineno - 1

    def _ended(self, frame: FrameType) -> None:
        self._end["seconds"] = perf_counter() - self._begun
        self._pending = None
        self.variables = variables = dict(frame.f_locals)
        for stretch, line in self._lines.items():
            self._put_in_words(stretch, line, variables)
        self._end["locals"] = self._wording.named(variables.items())

    def _put_in_words(self, stretch: Stretch, line: LineOfCall, variables: dict[str, Any]) -> None:
        is_full = line.count >= MOST_TIMES
        for name in stretch.names:
            value = line.kept.get(name, _NOTHING)
            is_late = is_full or (name in line.kept and value is _NOTHING)
            if is_late:
                value = variables.get(name, _NOTHING)
            if value is not _NOTHING and (is_late or name in line.kept):
                line.last[name] = self._wording.text(value)
                line.first.setdefault(name, line.last[name])
            line.kept.pop(name, None)
            if is_late:
                line.kept[name] = _NOTHING  # marks it as told of late, and holds nothing

    @property
    def is_under_way(self) -> bool:
        """Whether it has not ended."""
        return self._end["seconds"] is None

    def let_go(self) -> None:
        """Keep texts alone from now on."""
        self.variables = self.arguments = self.inside = None
        self._stretches = {}

    # -- telling ---------------------------------------------------------------------------------

    def told(self) -> dict[str, Any]:
        """Return the call as the wire's, but for the text it ran."""
        return {
            "call": self.number,
            "line": self.code.co_firstlineno - 1,
            "end_line": last_line(self.code),
            "at": self._at,
            "arguments": self._arguments,
            "lines": self._told_lines(),
            "yields": self.yields,
            "has_values": self.variables is not None,
            "again": calling(self.code),
            **self._owner,
            **self._end,
        }

    def _told_lines(self) -> list[dict[str, Any]]:
        """Return the lines in their order; the stretches of one as one."""
        told: dict[int, dict[str, Any]] = {}
        for stretch, line in sorted(self._lines.copy().items(), key=lambda item: item[0].line):
            about = told.setdefault(
                stretch.line, {"line": stretch.line, "count": 0, "at_least": False, "values": []}
            )
            about["count"] = max(about["count"], line.count)
            about["at_least"] = about["at_least"] or line.count >= MOST_TIMES
            about["values"] += _told_values(line)
        return list(told.values())


def _told_values(line: LineOfCall) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "text": text,
            "first": None if line.first.get(name, text) == text else line.first[name],
            "late": name in line.kept,
        }
        for name, text in list(line.last.items())
    ]


def _parameters(code: CodeType) -> list[tuple[str, str]]:
    """Return the parameters, each with how a call hands it on."""
    names, positional = code.co_varnames, code.co_argcount
    count_ = positional + code.co_kwonlyargcount
    found = [(name, "") for name in names[:positional]]
    rest = list(names[count_:])
    if code.co_flags & _VARARGS:
        found.append((rest.pop(0), "*"))
    found += [(name, f"{name}=") for name in names[positional:count_]]
    if code.co_flags & _VARKEYWORDS:
        found.append((rest.pop(0), "**"))
    return found


def _arguments(frame: FrameType) -> dict[str, Any]:
    values = frame.f_locals
    names = [name for name, _ in _parameters(frame.f_code)]
    return {name: values[name] for name in names if name in values}


def called(code: CodeType) -> str:
    """Return the name of a function's own for calling it among its arguments.

    A private one would stand for another in the class that the expression is compiled in.
    """
    taken = {name for name, _ in _parameters(code)}
    name = code.co_name if code.co_name.isidentifier() else "function"
    if name.startswith("__") and not name.endswith("__"):
        name = name.lstrip("_")
    while name in taken:
        name += "_"
    return name


def calling(code: CodeType) -> str:
    """Return the expression that calls a function with the arguments of a call of it."""
    handed_on = ", ".join(f"{how}{name}" for name, how in _parameters(code))
    return f"{called(code)}({handed_on})"
