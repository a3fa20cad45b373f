"""How containers and texts are laid out whose size is known before any of their code is asked.

They are walked by us, so that ten million elements cost what the first few cost: their own `repr`
would be built whole, in C code that nothing interrupts. That holds for the built-in ones, for
subclasses that inherit their `repr`, and for large ones whatever `repr` they have.
"""

from __future__ import annotations

from _collections import deque  # type: ignore[import-not-found]  # in C: it loads less

from relive.worker.bare import Kinds, class_name, own_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_LARGE = 10_000
"""Elements from which on a container, or characters from which on a text, is not asked for its own
`repr`: below, even a slow one is soon done."""

TEXTS = (str, bytes, bytearray)


class Layout:
    """How a kind of container is shown."""

    def __init__(
        self,
        opening: str,
        closing: str,
        items: Callable[[Any], Iterable[Any]] = iter,
        empty: str | None = None,
    ) -> None:
        self.opening = opening
        self.closing = closing
        self.items = items
        """Gives the elements without asking a subclass."""
        self.empty = opening + closing if empty is None else empty

    @property
    def has_pairs(self) -> bool:
        """Whether the elements are keys with values."""
        return self.items is dict.items

    def named(self, name: str) -> Layout:
        """Return the layout of a subclass that says its name."""
        return Layout(f"{name}({self.opening}", f"{self.closing})", self.items, f"{name}()")


_NOTHING: dict[Any, Any] = {}
_DICT_VIEWS = (type(_NOTHING.keys()), type(_NOTHING.values()), type(_NOTHING.items()))

_LAYOUTS: dict[type, Layout] = {
    list: Layout("[", "]", list.__iter__),
    tuple: Layout("(", ")", tuple.__iter__),
    set: Layout("{", "}", set.__iter__, "set()"),
    frozenset: Layout("frozenset({", "})", frozenset.__iter__, "frozenset()"),
    dict: Layout("{", "}", dict.items),
    deque: Layout("deque([", "])", deque.__iter__),
    **{view: Layout(f"{view.__name__}([", "])") for view in _DICT_VIEWS},
}
_EXACT = Kinds([list, tuple, set, frozenset, dict])
_length_of: dict[type, Callable[[Any], int]] = {
    kind: kind.__len__  # type: ignore[attr-defined]
    for kind in (*_LAYOUTS, *TEXTS)
}

_LAID_OUT, _TEXTS, _SIZED = Kinds(_LAYOUTS), Kinds(TEXTS), Kinds(_length_of)


def layout_of(value: Any, *, asks: bool = True) -> Layout | None:
    """Return how to walk `value`; None: ask it for its `repr`, which without `asks` it is not."""
    kind = type(value)
    if kind in _EXACT:
        return _LAYOUTS[kind]
    base = _base(kind, _LAID_OUT)
    if base is None:
        return None
    layout = _LAYOUTS[base]
    if inherits_repr(kind, base) and base is not deque:
        is_set = base in (set, frozenset)
        return Layout("{", "}", layout.items).named(class_name(kind)) if is_set else layout
    if asks and size_of(value) < _LARGE:
        return None
    return layout if kind is base else layout.named(class_name(kind))


def items_of(value: Any) -> Iterable[Any]:
    """Return the elements of a container, or pairs of them, without asking a subclass."""
    base = _base(type(value), _LAID_OUT)
    return () if base is None else _LAYOUTS[base].items(value)


def text_base(value: Any, *, asks: bool = True) -> type | None:
    """Return which kind of text `value` is, if it can be cut before it is shown."""
    base = _base(type(value), _TEXTS)
    if base is None or base is type(value):
        return base
    if inherits_repr(type(value), base) or size_of(value) >= _LARGE:
        return base
    if base is not None and not asks:
        return base
    return None


def size_of(value: Any) -> int:
    """Return the number of elements of a container or text, without asking a subclass."""
    base = _base(type(value), _SIZED)
    return 0 if base is None else _length_of[base](value)


def has_size(kind: type) -> bool:
    """Whether the number of elements is known for `kind`."""
    return _base(kind, _SIZED) is not None


def inherits_repr(kind: type, base: type) -> bool:
    """Whether the `repr` of `kind` is that of `base`; no user code runs for this look."""
    return next((each for each in type.mro(kind) if "__repr__" in own_names(each)), object) is base


def _base(kind: type, bases: Kinds) -> type | None:
    if kind in bases:  # most values are of just such a class, and a long list has many
        return kind
    return next((each for each in type.mro(kind) if each in bases), None)
