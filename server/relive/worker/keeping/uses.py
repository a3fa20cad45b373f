"""What code looks up outside itself, found without running it."""

from __future__ import annotations

from functools import lru_cache

from relive.worker.library import standard
from relive.worker.names import nested

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

_READS = frozenset(["LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"])
_ATTRIBUTES = frozenset(["LOAD_ATTR", "LOAD_METHOD"])
_BETWEEN = frozenset(["EXTENDED_ARG", "CACHE", "NOP"])


class Use:
    """A name that code reads of its module, or a module that it imports."""

    def __init__(self, name: str, attributes: tuple[str, ...], level: int | None = None) -> None:
        self.name = name
        self.attributes = attributes
        """Those read of it there and then, as `path` and `join` of `os.path.join`."""
        self.level = level
        """Of an import how many packages up it begins; None: it is no import."""


@lru_cache(maxsize=10_000)
def uses(code: CodeType) -> tuple[Use, ...]:
    """Return what `code`, and the functions inside it, look up; each but once."""
    found = {}
    for part in nested(code):
        for use in _of_one(part):
            found[use.name, use.attributes, use.level] = use
    return tuple(found.values())


def _of_one(code: CodeType) -> Iterator[Use]:
    instructions = [
        each for each in standard("dis").get_instructions(code) if each.opname not in _BETWEEN
    ]
    for at, instruction in enumerate(instructions):
        if instruction.opname in _READS:
            attributes = []
            for following in instructions[at + 1 :]:
                if following.opname not in _ATTRIBUTES:
                    break
                attributes.append(following.argval)
            yield Use(instruction.argval, tuple(attributes))
        elif instruction.opname == "IMPORT_NAME":
            yield Use(instruction.argval, (), _level(instructions[:at]))


def _level(before: list[object]) -> int:
    """Return the level of an import: the constant pushed before the list of names."""
    constants = [getattr(each, "argval", None) for each in before[-3:]]
    numbers = [each for each in constants if type(each) is int]
    return numbers[-1] if numbers else 0
