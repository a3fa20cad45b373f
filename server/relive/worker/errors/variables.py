"""The values that the variables of frames had, the user's own first, as far as there is room."""

from __future__ import annotations

from types import ModuleType

from relive.worker.glances import glance
from relive.worker.render import bounded_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import Any

    from relive.worker.errors.budget import Budget

    Stack = list[tuple[dict[str, Any], FrameType]]

_MAX_LOCALS = 30
"""Of one frame: more than anyone reads there."""
_MAX_LOCALS_IN_ALL = 200
_MAX_TEXT = 300
"""Characters of one value."""
_MAX_TEXTS = 20_000
"""Characters of all values."""
_MAX_SECONDS = 0.1
"""For one value: the next may be the one that matters."""
_OPTIMIZED = 1
"""Flag of a function's code."""


class Variables:
    """Puts the values of variables into frames, until there is no more room."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._count = _MAX_LOCALS_IN_ALL
        self._room = _MAX_TEXTS
        self._shown: dict[int, tuple[str, bool]] = {}
        """By the values' identities: frames hand the same ones on, and hold them meanwhile."""

    def add(self, stacks: list[Stack]) -> None:
        """Fill in frames, each stack's outermost first; the innermost come to their turn first."""
        for own in (True, False):
            for stack in stacks:
                for told, frame in reversed(stack):
                    if told["own"] is own:
                        self._fill(told, frame)

    def _fill(self, told: dict[str, Any], frame: FrameType) -> None:
        told["locals"], told["locals_omitted"] = self.told(list(_named(frame, told["text"])))

    def told(self, named: list[tuple[str, Any]]) -> tuple[list[dict[str, Any]], int]:
        """Return values with their names as text, and how many there was no room for."""
        told: list[dict[str, Any]] = []
        named = [(name, value) for name, value in named if _is_worth_showing(name, value)]
        for name, value in named[:_MAX_LOCALS]:
            if self._count <= 0 or self._room <= 0 or self._budget.is_used_up:
                break
            told.append(self._local(name, value))
        return told, len(named) - len(told)

    def _local(self, name: str, value: Any) -> dict[str, Any]:
        if id(value) not in self._shown:
            self._shown[id(value)] = self._in_words(value)
        text, whole = self._shown[id(value)]
        text = self._budget.take(text, _MAX_TEXT)
        self._count -= 1
        self._room -= len(text)
        return {"name": name[:_MAX_TEXT], "text": text, "truncated": not whole}

    def _in_words(self, value: Any) -> tuple[str, bool]:
        """Return the value as text, and whether that is all of it: of large data its shape."""
        seconds = self._budget.seconds(_MAX_SECONDS)
        text, whole = bounded_repr(value, _MAX_TEXT, seconds)
        if whole and "\n" not in text:
            return text, True
        summary = glance(value, seconds)["summary"]
        return (text, whole) if summary is None else (summary, False)


def _named(frame: FrameType, text: str) -> Iterator[tuple[str, Any]]:
    """Yield the variables that are worth seeing where `text` is the line that failed."""
    code, values = frame.f_code, frame.f_locals
    scopes = [values]
    if code.co_flags & _OPTIMIZED:
        names = [*code.co_varnames, *code.co_cellvars, *code.co_freevars]
    else:  # a module has too many, most of them functions: those that the line is about
        names = [name for name in _words(text) if name in code.co_names]
        scopes.append(frame.f_globals)
    for name in dict.fromkeys(names):
        holder = next((scope for scope in scopes if name in scope), None)
        if holder is not None:
            yield name, holder[name]


def _words(line: str) -> list[str]:
    return "".join(each if f"_{each}".isidentifier() else " " for each in line).split()


def _is_worth_showing(name: str, value: Any) -> bool:
    """Leave out what Python puts there itself, and what is no data."""
    hidden = name.startswith(".") or (name.startswith("__") and name.endswith("__"))
    return not hidden and type(value) not in (ModuleType, type, type(_named))
