"""The stretches of a function's code that are each one line, and the names they assign.

Going by instructions and not by text: the text may be another by the time a call is captured.
"""

from __future__ import annotations

import dis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType


class Stretch:
    """Instructions in a row that are of one line."""

    def __init__(self, line: int) -> None:
        self.line = line
        """0-based."""
        self.names: tuple[str, ...] = ()
        """What it assigns."""
        self.stored_at = 0
        """Where the last of them has been."""
        self.after_loop: int | None = None
        """Where a loop goes on, whose next element it takes, when there is none left."""


def stretches(code: CodeType) -> dict[int, Stretch]:
    """Return the stretches of `code` by the offset of each of their instructions."""
    starts = {offset: line for offset, line in dis.findlinestarts(code) if line is not None}
    found: dict[int, Stretch] = {}
    own: set[tuple[Stretch, str]] = set()
    """Variables of comprehensions, which later interpreters put in the function around them."""
    stretch = Stretch(code.co_firstlineno - 1)
    for each in dis.get_instructions(code):
        if hasattr(each.argval, "runs_once"):
            break  # behind it a held frame is made again, which is no line's doing
        if each.offset in starts:
            stretch = Stretch(starts[each.offset] - 1)
        found[each.offset] = stretch
        if each.opname == "LOAD_FAST_AND_CLEAR":
            own.add((stretch, each.argval))
        stored = [name for name in _stored(each) if (stretch, name) not in own]
        if stored:
            stretch.names += tuple(name for name in stored if name not in stretch.names)
            stretch.stored_at = each.offset
        if each.opname == "FOR_ITER" and isinstance(each.argval, int):
            stretch.after_loop = each.argval
    return found


def goes_on(code: CodeType) -> bool:
    """Whether it is what a held frame goes on by, in the middle of the function."""
    return any(hasattr(each, "runs_once") for each in code.co_consts)


def last_line(code: CodeType) -> int:
    """Return the 0-based last line of a function that has code on it."""
    return max((line or 0 for _, line in dis.findlinestarts(code)), default=1) - 1


def stored_outside(code: CodeType) -> set[str]:
    """Return the variables of functions around it that `code` itself assigns or deletes."""
    return {
        each.argval
        for each in dis.get_instructions(code)
        if each.opname in ("STORE_DEREF", "DELETE_DEREF") and each.argval in code.co_freevars
    }


def _stored(instruction: dis.Instruction) -> tuple[str, ...]:
    """Return the names of variables that an instruction assigns, as later interpreters two."""
    name, value = instruction.opname, instruction.argval
    if name in ("STORE_FAST", "STORE_DEREF", "STORE_FAST_MAYBE_NULL"):
        stored: tuple[str, ...] = (value,)
    elif name == "STORE_FAST_STORE_FAST":
        stored = tuple(value)
    elif name == "STORE_FAST_LOAD_FAST":
        stored = (value[0],)
    else:
        return ()
    return tuple(each for each in stored if not each.startswith("."))
