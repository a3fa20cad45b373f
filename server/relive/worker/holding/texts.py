"""The syntax tree that a piece of code was compiled from, found by the code."""

from __future__ import annotations
import __future__

import ast
from collections import OrderedDict

from relive.worker.holding.bytecode import codes_in
from relive.worker.holding.paths import FUNCTIONS, first_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from relive.worker.holding.bytecode import Code


_REMEMBERED = 20_000
"""Pieces of code whose trees are known; the one that was compiled longest ago goes first."""
_ENTERED = 1000
"""So many ways into functions whose origins are known."""

_FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


class Unit:
    """What was compiled at once."""

    def __init__(
        self, tree: ast.Module | ast.Expression | None, file: str, kind: str, flags: int
    ) -> None:
        self._tree = tree
        self.file = file
        self.kind = kind
        self.flags = flags
        self._text = ""

    @classmethod
    def of_text(cls, code: Code, text: str) -> Unit:
        """Return the unit of a module that is imported; its text is parsed if need be."""
        unit = cls(None, code.co_filename, "exec", code.co_flags & _FUTURES)
        unit._text = text
        return unit

    @property
    def tree(self) -> ast.Module | ast.Expression:
        """The syntax tree."""
        if self._tree is None:
            self._tree = ast.parse(self._text, self.file)
        return self._tree


class Body:
    """The statements of a function, or of a module's statement, and what they were compiled in."""

    def __init__(self, unit: Unit, node: ast.AST, shift: int) -> None:
        self.unit = unit
        self.node = node
        self.shift = shift
        """Lines by which the code was moved since."""

    @property
    def statements(self) -> list[ast.stmt]:
        """The statements of its own block."""
        return (
            getattr(self.node, "body", []) if self.unit.kind == "exec" or self.is_function else []
        )

    @property
    def is_function(self) -> bool:
        """Whether it is a function's."""
        return isinstance(self.node, FUNCTIONS)


Key = tuple[str, str, bytes]


class Texts:
    """Remembers trees by what code tells of its place."""

    def __init__(self) -> None:
        self._known: OrderedDict[Key, tuple[Unit, int]] = OrderedDict()
        self._latest: dict[tuple[str, str], Code] = {}
        self._origins: OrderedDict[int, tuple[Code, Code]] = OrderedDict()
        """By `id` of code that was compiled to be entered, and is kept: what it stands for."""

    def note(self, code: Code, unit: Unit) -> None:
        """Remember what `code`, and the code inside it, was compiled from."""
        for each in _all_codes(code):
            self.note_one(each, unit)
            self._latest[each.co_filename, each.co_qualname] = each

    def note_one(self, code: Code, unit: Unit, first: int | None = None) -> None:
        """Remember one piece; `first` is the line it has in the tree, if it was moved since."""
        key = _key(code)
        self._known[key] = unit, code.co_firstlineno if first is None else first
        self._known.move_to_end(key)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def latest(self, code: Code) -> Code | None:
        """Return what the function that `code` is of was compiled to last."""
        return self._latest.get((code.co_filename, code.co_qualname))

    def note_origin(self, made: Code, code: Code) -> None:
        """Remember that `made` runs what `code` does, from a statement on."""
        self._origins[id(made)] = made, self.origin_of(code)
        if len(self._origins) > _ENTERED:
            self._origins.popitem(last=False)

    def origin_of(self, code: Code) -> Code:
        """Return the code of a function that `code` is a way into; it itself, if it is none."""
        known = self._origins.get(id(code))
        return code if known is None else known[1]

    def body_of(self, code: Code) -> Body | None:
        """Return the statements that `code` runs, if they are known."""
        known = self._known.get(_key(code))
        if known is None:
            return None
        unit, first = known
        node = _node(unit.tree, code, first)
        if node is None:
            return None
        return Body(unit, node, code.co_firstlineno - first)


def _key(code: Code) -> Key:
    return code.co_filename, code.co_qualname, code.co_linetable


def _all_codes(code: Code) -> Iterator[Code]:
    yield code
    for each in codes_in(code):
        yield from _all_codes(each)


def _node(tree: ast.AST, code: Code, first: int) -> ast.AST | None:
    if code.co_name == "<module>":
        return tree
    for each in ast.walk(tree):
        if isinstance(each, FUNCTIONS) and each.name == code.co_name and first_line(each) == first:
            return each
    return None
