"""Values as text, under one budget of size and time. Never raises.

Built-in containers are walked by us, so that ten million elements cost what the first few cost.
Everything else is asked for its own `repr`, with a timer that ends it when it takes too long, and
what comes back is cut.
"""

from __future__ import annotations

import signal
from _thread import get_ident
from time import monotonic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_MIMES = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_latex_": "text/latex",
    "_repr_json_": "application/json",
}
_MAX_DEPTH = 8

_main_thread = get_ident()
_PLAIN = frozenset([int, float, complex, bool, type(None), type(...), range])
_repr = repr  # bound now: user code may replace the builtin


class _OutOfTime(BaseException):
    """The value took too long; not an Exception, so that its own handlers do not swallow it."""


class Renderer:
    """Renders values, and lets go of them: none lives longer than it would have unseen."""

    def __init__(self) -> None:
        self.was_interrupted = False
        """Whether the user stopped the latest rendering; the evaluation itself had succeeded."""

    def render(self, value: Any, ref: str, limits: dict[str, Any]) -> dict[str, Any]:
        """Return `value` as the wire's Value."""
        self.was_interrupted = False
        try:
            detail, whole = bounded_repr(value, limits["detail"], limits["repr_budget"])
        except KeyboardInterrupt:
            self.was_interrupted = True
            detail, whole = f"<{_type_name(type(value))}: showing it was interrupted>", False
        text = _cut(detail, limits["text"])
        return {
            "text": text,
            "type": _type_name(type(value)),
            "length": _length(value),
            "truncated": not whole or text is not detail,
            "mimes": _mimes(type(value)),
            "ref": ref,
            "detail": None if text is detail else detail,
        }


def bounded_repr(value: Any, size: int, seconds: float) -> tuple[str, bool]:
    """Return a repr of at most about `size` characters, and whether it is the whole one.

    Raises:
        KeyboardInterrupt: the user stopped it, or the value's own code raised that.
    """
    walk = _Walk(size, seconds)
    try:
        walk.add(value, 0)
    except _OutOfTime:
        shown = "".join(walk.parts)
        text = f"{shown}… the rest takes too long" if shown else _too_slow(value)
        return _cut(text, size), False
    text = "".join(walk.parts)
    return (text, walk.whole) if len(text) <= size else (_cut(text, size), False)


class _Walk:
    """Builds a repr piece by piece until the budget is used up."""

    def __init__(self, size: int, seconds: float) -> None:
        self.parts: list[str] = []
        self.whole = True
        self._left = size
        self._deadline = monotonic() + seconds
        self._inside: set[int] = set()

    def add(self, value: Any, depth: int) -> None:
        kind = type(value)
        if kind in _PLAIN:
            self._put(self._number(value))
        elif kind in (str, bytes, bytearray):
            self._put(self._string(value))
        elif kind in _CONTAINERS:
            self._container(value, depth)
        else:
            self._put(self._foreign(value))

    def _put(self, text: str) -> None:
        if len(text) > self._left:
            self.whole = False
            text = text[: max(self._left, 0)] + "…"
        self.parts.append(text)
        self._left -= len(text)

    def _foreign(self, value: Any) -> str:
        """Return what the value says of itself; all the values shown share one budget of time."""
        left = self._deadline - monotonic()
        if left <= 0:
            raise _OutOfTime
        try:
            with TimeLimit(left):
                return _repr(value)
        except (_OutOfTime, KeyboardInterrupt):
            raise
        except BaseException as failure:
            self.whole = False
            return _unprintable(value, failure)

    def _number(self, value: Any) -> str:
        try:
            return _repr(value)
        except ValueError:  # an int with more digits than the interpreter's limit
            self.whole = False
            return f"<int of {value.bit_length():,} bits>"

    def _string(self, value: Any) -> str:
        if len(value) <= self._left:
            return _repr(value)
        self.whole = False
        return _repr(value[: self._left]) + f"… {len(value):,} in all"

    def _container(self, value: Any, depth: int) -> None:
        opening, closing, empty, items = _CONTAINERS[type(value)]
        if not value:
            return self._put(empty)
        if id(value) in self._inside or depth >= _MAX_DEPTH:
            self.whole = self.whole and id(value) in self._inside
            return self._put(f"{opening}…{closing}")
        self._inside.add(id(value))
        self._put(opening)
        self._items(value, items(value), depth)
        self._put(",)" if closing == ")" and len(value) == 1 and opening == "(" else closing)
        self._inside.discard(id(value))
        return None

    def _items(self, value: Any, items: Iterable[Any], depth: int) -> None:
        is_dict = _CONTAINERS[type(value)][3] is _pairs
        for index, item in enumerate(items):
            if index:
                self._put(", ")
            if self._left <= 0:
                self.whole = False
                self.parts.append(f"… {len(value) - index:,} more")
                return
            if is_dict:
                self.add(item[0], depth + 1)
                self._put(": ")
                self.add(item[1], depth + 1)
            else:
                self.add(item, depth + 1)


def _pairs(value: dict[Any, Any]) -> Iterable[Any]:
    return value.items()


def _each(value: Any) -> Any:
    return value


_CONTAINERS: dict[type, tuple[str, str, str, Callable[[Any], Iterable[Any]]]] = {
    list: ("[", "]", "[]", _each),
    tuple: ("(", ")", "()", _each),
    set: ("{", "}", "set()", _each),
    frozenset: ("frozenset({", "})", "frozenset()", _each),
    dict: ("{", "}", "{}", _pairs),
}


class TimeLimit:
    """Raises _OutOfTime in the main thread after a while. Elsewhere, and on Windows, no limit.

    SIGALRM is borrowed: user code's handler and timer are put back, with what was left on it.
    """

    def __init__(self, seconds: float, *, repeat: bool = False) -> None:
        """Make a limit; with `repeat` it is raised again and again, for code that goes on."""
        self._usable = hasattr(signal, "setitimer") and get_ident() == _main_thread
        self._seconds = seconds
        self._again = seconds if repeat else 0.0

    def __enter__(self) -> None:
        if self._usable:
            self._handler = signal.signal(signal.SIGALRM, _on_alarm)
            self._theirs = signal.setitimer(signal.ITIMER_REAL, self._seconds, self._again)

    def __exit__(self, *_exc: object) -> None:
        if self._usable:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._handler or signal.SIG_DFL)
            if self._theirs[0]:
                signal.setitimer(signal.ITIMER_REAL, *self._theirs)


def _on_alarm(_number: int, _frame: object) -> None:
    raise _OutOfTime


def _too_slow(value: Any) -> str:
    return f"<{_type_name(type(value))}: its repr takes too long>"


def _unprintable(value: Any, failure: BaseException) -> str:
    name = _type_name(type(value))
    try:
        reason = f"{type(failure).__name__}: {failure}"
    except BaseException:
        reason = type(failure).__name__
    return _cut(f"<unprintable {name}: {reason}>", 500)


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else text[: max(size - 1, 0)] + "…"


def _type_name(kind: type) -> str:
    try:
        module, name = kind.__module__, kind.__qualname__
        return str(name if module == "builtins" else f"{module}.{name}")
    except Exception:  # a metaclass may answer anything
        return "object"


def _length(value: Any) -> int | None:
    kinds = (str, bytes, bytearray, list, tuple, set, frozenset, dict)
    return len(value) if type(value) in kinds else None


def _mimes(kind: type) -> list[str]:
    return [mime for method, mime in _MIMES.items() if _offers(kind, method)]


def _offers(kind: type, method: str) -> bool:
    """Whether a class on the way up defines `method`; no user code runs for this look."""
    return any(vars(base).get(method) is not None for base in type.mro(kind))
