"""An exception as data, with all that it came from and holds. Never raises, whatever it does."""

from __future__ import annotations

import builtins
import sys
from _functools import partial  # type: ignore[import-not-found]  # in C: it loads less

from relive.worker.errors.budget import MAX_TEXT, Budget
from relive.worker.errors.stack import Frames, stack_of, syntax_span, without_ours
from relive.worker.errors.suggestions import suggestion_for
from relive.worker.errors.variables import Variables
from relive.worker.library import standard
from relive.worker.quiet import Quiet
from relive.worker.render import bounded_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Any

    from relive.worker.errors.variables import Stack
    from relive.worker.image import Image
    from relive.worker.late_image import LateImage

MAX_FRAMES = 100
"""Frames kept of a stack, its outermost and innermost halves: a deep recursion repeats itself."""
_MAX_LINKED_FRAMES = 30
"""The same for an exception that only led to the one that is told."""
_MAX_LINKED = 50
"""Exceptions that are told with the one that was raised."""
_MAX_NOTES = 100
_DEEP = 2000
"""Frames from which on formatting all of them takes longer than it is worth."""
_DEEP_KEPT = 500

_MESSAGE_S = 0.2
_NOTES_S = 0.1
_STACK_S = 0.3
_TRACEBACK_S = 0.3

_cause: Any = vars(BaseException)["__cause__"].__get__
_context: Any = vars(BaseException)["__context__"].__get__
_is_suppressed: Any = vars(BaseException)["__suppress_context__"].__get__
"""Asked past the exception's class, which may answer anything."""


def describe_error(error: BaseException, file: str, image: Image | LateImage) -> dict[str, Any]:
    """Return `error` as the wire's Error.

    `file` names the source of the code that was asked for; `image` knows which live definition a
    line belongs to, whose text may have moved meanwhile.
    """
    try:
        with Quiet():
            return _Description(file, image).of(error)
    except BaseException as failure:  # there may be no descriptor left, or no library to ask
        return _in_short(error, failure)


class _Description:
    """One error while it is described."""

    def __init__(self, file: str, image: Image | LateImage) -> None:
        self._file = file
        self._frames = Frames(file, image)
        self._budget = Budget()
        self._stacks: list[Stack] = []

    def of(self, error: BaseException) -> dict[str, Any]:
        linked = list(_linked(error))
        for each in (error, *(other for other, _, _ in linked)):
            without_ours(each)
        told = self._exception(error, MAX_FRAMES)
        others = [
            {"of": of, "how": how, **self._exception(other, _MAX_LINKED_FRAMES)}
            for other, of, how in linked
        ]
        _count_omitted(error, told, [other for other, _, _ in linked], others)
        told["traceback"] = self._traceback(error, told["message"])
        Variables(self._budget).add(self._stacks)
        return {
            **told,
            "linked": others,
            "span": self._span(error, told["frames"]),
            "name": self._budget.ask(_MESSAGE_S, lambda: _missing_name(error), lambda _: None),
        }

    def _exception(self, error: BaseException, most: int) -> dict[str, Any]:
        """Return what is told of every exception alike."""
        ask = self._budget.ask
        return {
            "type": type(error).__name__,
            "frames": ask(_STACK_S, lambda: self._stack(error, most), lambda _: []),
            "message": self._message(error),
            "notes": ask(_NOTES_S, lambda: list(self._notes(error)), lambda _: []),
            "omitted": 0,
        }

    def _stack(self, error: BaseException, most: int) -> list[dict[str, Any]]:
        stack = [(self._frames.frame(entry), entry.frame) for entry in stack_of(error, most)]
        self._stacks.append(stack)
        frames = [frame for frame, _ in stack]
        if _is_a(error, SyntaxError):
            unparsed = self._frames.unparsed(error)  # type: ignore[arg-type]
            frames += [] if unparsed is None else [unparsed]
        for frame in frames:
            frame["text"] = self._budget.take(frame["text"])
        return frames

    def _message(self, error: BaseException) -> str:
        def text() -> str:
            return str(error.msg if _is_a(error, SyntaxError) else error)  # type: ignore[attr-defined]

        message = self._budget.ask(_MESSAGE_S, text, _unsaid)
        more = self._budget.ask(_MESSAGE_S, lambda: suggestion_for(error, message), lambda _: "")
        return self._budget.take(message) + self._budget.take(more)

    def _notes(self, error: BaseException) -> Iterator[str]:
        notes: Any = getattr(error, "__notes__", None)
        if notes is None:
            return
        if type(notes) not in (list, tuple):
            yield self._budget.take(bounded_repr(notes, 1000, _NOTES_S)[0])
            return
        for note in notes[:_MAX_NOTES]:
            yield self._budget.take(self._budget.ask(_NOTES_S, partial(str, note), _unshown))

    def _traceback(self, error: BaseException, message: str) -> str:
        def failed(failure: BaseException) -> str:
            return f"{_name(error)} (its traceback cannot be formatted: {_name(failure)})"

        def alone(_failure: BaseException) -> str:
            return self._budget.ask(_TRACEBACK_S, lambda: _formatted(error, chain=False), failed)

        text = self._budget.ask(_TRACEBACK_S, lambda: _formatted(error, chain=True), alone)
        text = _with_suggestion(text, message)
        if len(text) > MAX_TEXT:
            text = text[: MAX_TEXT // 2] + "\n…\n" + text[-MAX_TEXT // 2 :]
        return text

    def _span(self, error: BaseException, frames: list[dict[str, Any]]) -> list[int] | None:
        """Return the place in the file that was asked for that an error mark belongs to."""
        if _is_a(error, SyntaxError) and isinstance(error.lineno, int):  # type: ignore[attr-defined]
            assert isinstance(error, SyntaxError)
            return syntax_span(error) if error.filename == self._file else None
        for frame in reversed(frames):
            if frame["file"] == self._file:
                return [frame["line"], 0, frame["line"], 0]
        return None


def _linked(error: BaseException) -> Iterator[tuple[BaseException, int, str]]:
    """Yield what led to `error` and what its group holds, each with what it belongs to, and how.

    In widths, so that of a large tree the parts next to the error are told; each exception once,
    so that circles end.
    """
    found, seen = [error], {id(error)}
    for place in range(_MAX_LINKED):
        if place >= len(found):
            return
        for other, how in _links(found[place]):
            if id(other) not in seen and len(found) <= _MAX_LINKED:
                seen.add(id(other))
                found.append(other)
                yield other, place, how


def _links(error: BaseException) -> Iterator[tuple[BaseException, str]]:
    cause, context = _cause(error), _context(error)
    if cause is not None:
        yield cause, "cause"
    elif context is not None and not _is_suppressed(error):
        yield context, "context"
    for member in _members(error):
        yield member, "member"


def _members(error: BaseException) -> tuple[BaseException, ...]:
    """Return the exceptions of a group; before 3.11 a library has groups."""
    library = sys.modules.get("exceptiongroup")
    kind = getattr(builtins, "BaseExceptionGroup", getattr(library, "BaseExceptionGroup", None))
    if not isinstance(kind, type) or not issubclass(type(error), kind):
        return ()
    members = kind.exceptions.__get__(error)  # type: ignore[attr-defined]
    return members if type(members) is tuple else ()


def _count_omitted(
    error: BaseException,
    told: dict[str, Any],
    others: list[BaseException],
    told_others: list[dict[str, Any]],
) -> None:
    """Say of each exception how many of those linked to it are not told."""
    known = {id(each) for each in (error, *others)}
    for each, data in zip((error, *others), (told, *told_others)):
        data["omitted"] = sum(id(other) not in known for other, _ in _links(each))


def _in_short(error: BaseException, failure: BaseException) -> dict[str, Any]:
    name, reason = _name(error), _name(failure)
    return {
        "type": name,
        "message": _unsaid(failure),
        "frames": [],
        "notes": [],
        "omitted": 0,
        "linked": [],
        "traceback": f"{name} (its traceback cannot be shown: {reason})",
        "span": None,
        "name": None,
    }


def _name(error: BaseException) -> str:
    return type(error).__name__


def _is_a(error: BaseException, kind: type[BaseException]) -> bool:
    """Whether `error` is a `kind`; unlike `isinstance` this asks nothing of the exception."""
    return issubclass(type(error), kind)


def _unsaid(failure: BaseException) -> str:
    return f"<its message cannot be shown: {_name(failure)}>"


def _unshown(failure: BaseException) -> str:
    return f"<a note that cannot be shown: {_name(failure)}>"


def _formatted(error: BaseException, *, chain: bool) -> str:
    left_out, trace = _tail(error.__traceback__)
    head = f"({left_out:,} outer frames are left out.)\n" if left_out else ""
    lines = standard("traceback").format_exception(type(error), error, trace, chain=chain)
    return head + "".join(lines)


def _tail(trace: TracebackType | None) -> tuple[int, TracebackType | None]:
    """Return the innermost frames of a deep stack, and how many there were before."""
    depth, each = 0, trace
    while each is not None:
        depth, each = depth + 1, each.tb_next
    left_out = depth - _DEEP_KEPT if depth > _DEEP else 0
    for _ in range(left_out):
        trace = trace and trace.tb_next
    return left_out, trace


def _with_suggestion(text: str, message: str) -> str:
    """Return the traceback with a suggestion that its formatting did not know."""
    plain, mark, rest = message.partition(". Did you mean")
    before, found, after = text.rpartition(f": {plain}\n")
    return f"{before}: {plain}{mark}{rest}\n{after}" if mark and found else text


def _missing_name(error: BaseException) -> str | None:
    if not _is_a(error, NameError) or _is_a(error, UnboundLocalError):
        return None
    name = getattr(error, "name", None)  # 3.10 and up
    if name is None:
        parts = str(error).split("'")
        name = parts[1] if len(parts) > 1 else None
    return name if type(name) is str else None
