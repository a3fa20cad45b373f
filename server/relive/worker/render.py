"""Values as text, under one budget of size and time. Never raises.

Containers are walked by us as far as there is room, see `layouts.py`. Everything else is asked for
its own `repr`, with a timer that ends it when it takes too long, and what comes back is cut.
"""

from __future__ import annotations

from time import monotonic

from relive.worker import layouts
from relive.worker.bare import Kinds, type_name
from relive.worker.glances import glance
from relive.worker.libraries import is_pandas_frame
from relive.worker.offers import at_hand
from relive.worker.own import own
from relive.worker.timelimit import OutOfTime, within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from relive.worker.interrupt import Interrupts
    from relive.worker.layouts import Layout

_MAX_DEPTH = 8
_LOOKS_AT_CLOCK = 1_000
"""Items of a container between two looks."""
_MAX_BITS = 40_000
"""Of an int that is shown in digits: more take time that grows with their square."""

_PLAIN = Kinds([int, float, complex, bool, type(None), type(...), range])
_SAYING_ALL = Kinds([int, float, complex, bool, type(None), type(...), range, str, bytes])
"""Of these nothing is to be told beside the text: no parts, no table, no richer form."""
_NO_MORE = {"summary": None, "has_table": False, "has_children": False}
_repr = repr  # bound now: user code may replace the builtin


class Renderer:
    """Renders values, and lets go of them: none lives longer than it would have unseen."""

    def __init__(self, interrupts: Interrupts) -> None:
        self._interrupts = interrupts
        self.was_interrupted = False
        """Whether the user stopped the latest rendering; the evaluation itself had succeeded."""

    def render(self, value: Any, ref: str, limits: dict[str, Any]) -> dict[str, Any]:
        """Return `value` as the wire's Value."""
        before = self._interrupts.count
        detail, whole = bounded_repr(value, limits["detail"], limits["repr_budget"])
        told, mimes = _beside(value, limits["repr_budget"])
        self.was_interrupted = self._interrupts.count > before
        if self.was_interrupted:
            detail, whole = f"<{type_name(type(value))}: showing it was interrupted>", False
        text = _cut(detail, limits["text"])
        return {
            "text": text,
            "type": type_name(type(value)),
            "length": _length(value),
            "truncated": not whole or text is not detail,
            "mimes": mimes,
            "ref": ref,
            "detail": None if text is detail else detail,
            **told,
        }


def bounded_repr(
    value: Any, size: int, seconds: float, depth: int = _MAX_DEPTH, *, asks: bool = True
) -> tuple[str, bool]:
    """Return a repr of at most about `size` characters, and whether it is the whole one.

    Without `asks` no code of the value's own runs: of what would have to be asked the type is told.
    """
    if type(value) in _PLAIN:
        text = _digits(value)
        if text is not None and len(text) <= size:
            return text, True
    walk = _Walk(size, seconds, depth, asks=asks)
    try:
        walk.add(value, 0)
    except OutOfTime:
        walk.omit("… the rest takes too long" if walk.parts else _too_slow(value))
    except BaseException as failure:  # such as a set that another thread has changed meanwhile
        walk.omit(f"… <{type(failure).__name__}>")
    return walk.text(size), walk.whole


class _Walk:
    """Builds a repr piece by piece until the budget is used up."""

    def __init__(self, size: int, seconds: float, depth: int, *, asks: bool) -> None:
        self._max_depth = depth
        self._asks = asks
        self.parts: list[str] = []
        self._shown: int | None = None
        """How many of the parts come before the first thing that was left out."""
        self._left = size
        self._deadline = monotonic() + seconds
        self._inside: set[int] = set()
        self._is_full = False
        """Whether the last part says what there was no room for."""

    @property
    def whole(self) -> bool:
        """Whether nothing was left out."""
        return self._shown is None

    def omit(self, mark: str) -> None:
        """Put `mark` in the place of something that is left out."""
        if self._shown is None:
            self._shown = len(self.parts)
        self.parts.append(mark)

    def _omit_rest(self, mark: str) -> None:
        """Say what there is no room for: of things inside each other only of the outermost."""
        if not self._is_full:
            self.omit(mark)
        elif mark != "…":
            self.parts[-1] = mark
        self._is_full = True

    def text(self, size: int) -> str:
        """Return what was put together; of what is too long the marks of what is missing stay."""
        shown = len(self.parts) if self._shown is None else self._shown
        head, tail = "".join(self.parts[:shown]), "".join(self.parts[shown:])
        if len(head) + len(tail) <= size:
            return head + tail
        tail = _cut(tail, size // 2)
        return head[: max(size - len(tail), 0)] + tail

    def add(self, value: Any, depth: int) -> None:
        """Put one value."""
        kind = type(value)
        if kind in _PLAIN:
            return self._number(value)
        text = layouts.text_base(value, asks=self._asks)
        if text is not None:
            return self._string(value, text)
        layout = layouts.layout_of(value, asks=self._asks)
        if layout is not None:
            return self._container(value, layout, depth)
        return self._number(value) if layouts.inherits_repr(kind, int) else self._foreign(value)

    def _put(self, text: str) -> None:
        if len(text) > self._left:
            if self._left > 0:
                self.parts.append(text[: self._left])
            self._omit_rest("…")
        else:
            self.parts.append(text)
        self._left -= len(text)

    def _foreign(self, value: Any) -> None:
        """Put what the value says of itself; all the values shown share one budget of time."""
        if not self._asks:
            return self.omit(f"<{type_name(type(value))}>")
        left = self._deadline - monotonic()
        if left <= 0:
            raise OutOfTime
        try:
            text = within(left, _asked(value), value)
        except OutOfTime:
            raise
        except BaseException as failure:
            return self.omit(_unprintable(value, failure))
        return self._put(text)

    def _number(self, value: Any) -> None:
        text = _digits(value)
        if text is None:
            self.omit(f"<int of {int.bit_length(value):,} bits>")
        else:
            self._put(text)

    def _string(self, value: Any, kind: Any) -> None:
        size = layouts.size_of(value)
        if size <= self._left:
            return self._put(kind.__repr__(value))
        if self._left > 0:
            self.parts.append(kind.__repr__(kind.__getitem__(value, slice(0, self._left))))
            self._left = 0
        return self._omit_rest(f"… {size:,} in all")

    def _container(self, value: Any, layout: Layout, depth: int) -> None:
        size = layouts.size_of(value)
        if not size:
            return self._put(layout.empty)
        if id(value) in self._inside or depth >= self._max_depth:
            again = f"{layout.opening}…{layout.closing}"
            return self._put(again) if id(value) in self._inside else self.omit(again)
        self._inside.add(id(value))
        self._put(layout.opening)
        self._items(layout, layout.items(value), size, depth)
        is_single = size == 1 and layout.opening == "("
        self._put(",)" if is_single else layout.closing)
        self._inside.discard(id(value))
        return None

    def _items(self, layout: Layout, items: Iterable[Any], size: int, depth: int) -> None:
        for index, item in enumerate(items):
            if index:
                self._put(", ")
            if self._left <= 0:
                return self._omit_rest(f"… {size - index:,} more")
            if index % _LOOKS_AT_CLOCK == 0 and monotonic() > self._deadline:
                raise OutOfTime
            if layout.has_pairs:
                self.add(item[0], depth + 1)
                self._put(": ")
                self.add(item[1], depth + 1)
            else:
                self.add(item, depth + 1)
        return None


def _beside(value: Any, seconds: float) -> tuple[dict[str, Any], list[str]]:
    """Return what is told of a value beside its text, and the richer forms it offers."""
    if type(value) in _SAYING_ALL:
        return _NO_MORE, []
    return glance(value, seconds), at_hand(value, seconds)


def _asked(value: Any) -> Callable[[Any], str]:
    """Return what asks a value for its text."""
    if not is_pandas_frame(value):
        return _repr
    text_of: Callable[[Any], str] = own("relive.worker.frame_text").frame_text
    return text_of


def _digits(value: Any) -> str | None:
    """Return the text of a number or the like; None: it has too many digits."""
    if isinstance(value, int) and int.bit_length(value) > _MAX_BITS:
        return None
    try:
        return _repr(value)
    except ValueError:  # more digits than the interpreter's limit, which can be lower
        return None


def _too_slow(value: Any) -> str:
    return f"<{type_name(type(value))}: its repr takes too long>"


def _unprintable(value: Any, failure: BaseException) -> str:
    name = type_name(type(value))
    try:
        reason = f"{type(failure).__name__}: {failure}"
    except BaseException:
        reason = type(failure).__name__
    return _cut(f"<unprintable {name}: {reason}>", 500)


def _cut(text: str, size: int) -> str:
    return text if len(text) <= size else text[: max(size - 1, 0)] + "…"


def _length(value: Any) -> int | None:
    if type(value) in _PLAIN:
        return None
    return layouts.size_of(value) if layouts.has_size(type(value)) else None
