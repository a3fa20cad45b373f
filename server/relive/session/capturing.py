"""Captured calls: which functions' are kept, what is told of them, and running text in one.

The session remembers what is wished, not the process: one that is started anew captures on.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import field, replace
from datetime import datetime, timezone
from functools import partial
from typing import Any

from relive.session import callers
from relive.session.answers import OMIT_NONE, Answer, Evaluation, file_uri
from relive.session.events import CallsCaptured, Event
from relive.session.requests import PYTHON, EvaluateRequest, InCall
from relive.session.testing import Testing
from relive.session.viewing import to_displayed
from relive.session.wishes import Wishes
from relive.source.positions import Range
from relive.source.quick_dataclasses import dataclass

CALLS_KEPT = 10
"""Of one function, if nobody says how many."""


@dataclass(frozen=True)
class NamedText(Answer):
    """A variable, and its value as text."""

    name: str
    text: str


@dataclass(frozen=True)
class AssignedText(Answer):
    """What a line gave a name."""

    name: str
    text: str
    """The last time the line ran."""
    first: str | None = field(default=None, metadata=OMIT_NONE)
    """The first time, if that was another."""
    late: bool | None = field(default=None, metadata=OMIT_NONE)
    """Whether the text is of the call's end: by then the value may have changed."""


@dataclass(frozen=True)
class CapturedLine(Answer):
    """A line of a call."""

    line: int
    """0-based, in the text that ran."""
    count: int
    """How often it ran."""
    values: tuple[AssignedText, ...]
    at_least: bool | None = field(default=None, metadata=OMIT_NONE)
    """Whether it may have run more often."""


@dataclass(frozen=True)
class TextRan(Answer):
    """The outermost definition around a function, as it runs."""

    name: str
    line: int
    fingerprint: str


@dataclass(frozen=True)
class CapturedCall(Answer):
    """One call of a function that is captured."""

    call: int
    file: str
    name: str
    """Qualified, as `Class.method`."""
    range: Range
    """The function's lines in the text that ran."""
    number: int
    """Of the function's calls in its evaluation, from 1: of very many not each is kept."""
    at: str
    """When it began, as ISO 8601."""
    arguments: tuple[NamedText, ...]
    lines: tuple[CapturedLine, ...]
    locals: tuple[NamedText, ...]
    """At its end."""
    has_values: bool
    """Whether its variables are kept, so that text can run in them."""
    again: str
    """An expression that calls the function with these arguments."""
    duration_ms: float | None = field(default=None, metadata=OMIT_NONE)
    """None: it has not ended."""
    result: str | None = field(default=None, metadata=OMIT_NONE)
    error: str | None = field(default=None, metadata=OMIT_NONE)
    """The exception that ended it."""
    error_line: int | None = field(default=None, metadata=OMIT_NONE)
    evaluation: int | None = field(default=None, metadata=OMIT_NONE)
    thread: str | None = field(default=None, metadata=OMIT_NONE)
    """None: the main one."""
    yields: int | None = field(default=None, metadata=OMIT_NONE)
    """Of a generator: how often it gave a value."""
    text: TextRan | None = field(default=None, metadata=OMIT_NONE)
    """None: the function runs another text by now, or it is not known."""

    def to_json(self) -> dict[str, Any]:
        """Return it with its file as a URI."""
        told = super().to_json()
        return {"uri": file_uri(told.pop("file")), **told}


@dataclass(frozen=True)
class CapturedFunction(Answer):
    """A function whose calls are captured."""

    file: str
    name: str
    calls: int
    """Since the last evaluation began."""
    why: str | None = field(default=None, metadata=OMIT_NONE)
    """Why its calls are not captured."""


@dataclass(frozen=True)
class Captured(Answer):
    """All that is captured; calls are in their order."""

    functions: tuple[CapturedFunction, ...] = ()
    calls: tuple[CapturedCall, ...] = ()

    def of(self, file: str | None, name: str | None) -> Captured:
        """Return what is about one file, or one function in it."""
        return Captured(
            tuple(each for each in self.functions if _is_about(each, file, name)),
            tuple(each for each in self.calls if _is_about(each, file, name)),
        )


class Capturing(Testing):
    """The part of a session that captures calls."""

    wishes: Wishes
    _cwd: str
    _listener: Callable[[Event], None]

    @abstractmethod
    def submit(self, request: EvaluateRequest, done: Callable[[Evaluation], None]) -> int:
        """See Session."""

    def submit_capture(
        self, file: str, name: str, keep: int, done: Callable[[Captured], None]
    ) -> None:
        """Have a function's calls kept from now on, also in processes that are yet to start."""
        with self._lock:
            self.wishes.add(file, name, keep)
            self._submit_wishes(done)

    def submit_stop_capturing(
        self, file: str | None, name: str | None, done: Callable[[Captured], None]
    ) -> None:
        """Keep those calls no more, and let go of what was kept. None: of all."""
        with self._lock:
            self.wishes.drop(file, name)
            self._submit_wishes(done)

    def submit_captured(self, done: Callable[[Captured], None]) -> None:
        """Ask for the calls that are kept."""
        self._ask_worker({"op": "captured"}, lambda data: done(self._captured(data)))

    def _submit_wishes(self, done: Callable[[Captured], None]) -> None:
        question = {"op": "capture", "wishes": self.wishes.told()}
        self._ask_worker(question, lambda data: done(self._captured(data)))

    def _captured(self, data: dict[str, Any] | None) -> Captured:
        """Return what the worker tells; without one the functions alone."""
        if data is not None:
            functions = tuple(CapturedFunction(**each) for each in data["functions"])
            return Captured(functions, tuple(map(_to_call, data["calls"])))
        return Captured(tuple(CapturedFunction(*key, calls=0) for key in self.wishes.functions()))

    def _take_unasked(self, message: dict[str, Any]) -> bool:
        """Take a message that no job of the queue waits for; return whether it is one."""
        if message["op"] == "calls_captured":
            self._listener(CallsCaptured())
        elif message["op"] == "display":
            self._listener(to_displayed(message))
        else:
            return self._take_of_tests(message)
        return True

    # -- for Python programs ---------------------------------------------------------------------

    def capture(
        self, file: str | os.PathLike[str], name: str, keep: int = CALLS_KEPT
    ) -> CapturedFunction:
        """Keep the latest calls of a function, from now on.

        Args:
            file: the function's.
            name: qualified, as `Class.method`, or `outer.<locals>.inner`.
            keep: how many of its calls.
        """
        path = callers.module_file(file, self._cwd)
        answer: Captured = self._wait(partial(self.submit_capture, path, name, keep))
        return answer.of(path, name).functions[0]

    def stop_capturing(
        self, file: str | os.PathLike[str] | None = None, name: str | None = None
    ) -> None:
        """Keep the calls of a function no more, or of a file's; without a file of none."""
        path = None if file is None else callers.module_file(file, self._cwd)
        self._wait(partial(self.submit_stop_capturing, path, name))

    def captured(
        self, file: str | os.PathLike[str] | None = None, name: str | None = None
    ) -> Captured:
        """Return the calls that are kept, of a function, a file's, or all."""
        path = None if file is None else callers.module_file(file, self._cwd)
        answer: Captured = self._wait(self.submit_captured)
        return answer.of(path, name)

    def run_again(self, call: CapturedCall) -> Evaluation:
        """Call a captured call's function, as it is now, with the arguments it was given."""
        request = replace(calling_again(call), cause=PYTHON)
        answer: Evaluation = self._wait(partial(self.submit, request))
        return answer


def calling_again(call: CapturedCall) -> EvaluateRequest:
    """Return the request to call a function again with the arguments it was given."""
    return EvaluateRequest(
        call.again, call.file, detached=True, inside=InCall(call.call, again=True, name=call.name)
    )


def _is_about(each: CapturedFunction | CapturedCall, file: str | None, name: str | None) -> bool:
    return file in (None, each.file) and name in (None, each.name)


def _to_call(data: dict[str, Any]) -> CapturedCall:
    same = ("call", "file", "name", "number", "has_values", "again", "result", "error")
    seconds = data["seconds"]
    return CapturedCall(
        **{name: data[name] for name in same},
        range=Range((data["line"], 0), (data["end_line"] + 1, 0)),
        at=datetime.fromtimestamp(data["at"], timezone.utc).isoformat(),
        arguments=_to_named(data["arguments"]),
        lines=tuple(map(_to_line, data["lines"])),
        locals=_to_named(data["locals"]),
        duration_ms=None if seconds is None else round(seconds * 1000, 3),
        error_line=data["error_line"],
        evaluation=data["evaluation"],
        thread=data["thread"],
        yields=data["yields"] or None,
        text=None if data["text"] is None else TextRan(*data["text"]),
    )


def _to_named(data: list[dict[str, Any]]) -> tuple[NamedText, ...]:
    return tuple(NamedText(**each) for each in data)


def _to_line(data: dict[str, Any]) -> CapturedLine:
    values = tuple(
        AssignedText(each["name"], each["text"], each["first"], each["late"] or None)
        for each in data["values"]
    )
    return CapturedLine(data["line"], data["count"], values, data["at_least"] or None)
