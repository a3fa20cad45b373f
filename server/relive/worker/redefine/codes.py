"""Comparing code objects: whether two do the same, and which functions inside them correspond."""

from __future__ import annotations

from types import CodeType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def same_code(old: CodeType, new: CodeType, *, lines: bool = True) -> bool:
    """Whether two code objects do the same; with `lines`, at the same lines too."""
    if lines and old.co_firstlineno != new.co_firstlineno:
        return False
    fields = ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags")
    if any(getattr(old, field) != getattr(new, field) for field in fields):
        return False
    if len(old.co_consts) != len(new.co_consts):
        return False
    return all(
        same_code(one, other, lines=lines)
        if isinstance(one, CodeType) and isinstance(other, CodeType)
        else type(one) is type(other) and repr(one) == repr(other)
        for one, other in zip(old.co_consts, new.co_consts)
    )


def paired(old: CodeType, new: CodeType) -> list[tuple[CodeType, CodeType]]:
    """Pair the functions inside two bodies: same name, in order."""
    waiting = [const for const in new.co_consts if _makes_functions(const)]
    pairs = []
    for inner in filter(_makes_functions, old.co_consts):
        match = next((each for each in waiting if _same_name(each, inner)), None)
        if match is not None:
            waiting.remove(match)
            pairs.append((inner, match))
    return pairs


def _makes_functions(const: Any) -> bool:
    """Whether `const` is a function's code or a class body, and not a comprehension's."""
    names = ("<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>")
    return isinstance(const, CodeType) and const.co_name not in names


def _same_name(code: CodeType, other: CodeType) -> bool:
    return code.co_name == other.co_name
