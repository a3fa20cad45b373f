"""The code that statements of a text were compiled to, found in the code around them by line."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right

from relive.worker.redefine.reading.class_text import data_of
from relive.worker.redefine.reading.codes import children, is_class_body
from relive.worker.redefine.reading.matching import matched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType

    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.reading.toplevel import DataStatement

_LAMBDA = "<lambda>"


class Compiled:
    """What is directly inside the code of a module, class body or piece of text, by line."""

    def __init__(self, code: CodeType) -> None:
        self._inside = sorted(children(code), key=_line)
        self._lines = list(map(_line, self._inside))

    def between(self, first: int, last: int) -> list[CodeType]:
        """Return what begins on the lines from `first` to `last`, counted from 1."""
        return self._inside[bisect_left(self._lines, first) : bisect_right(self._lines, last)]

    def lambdas(self, node: ast.stmt, shift: int = 0) -> list[CodeType]:
        """Return the lambdas of a statement, outermost ones."""
        codes = self.between(node.lineno + shift, (node.end_lineno or node.lineno) + shift)
        return [each for each in codes if each.co_name == _LAMBDA]

    def body(self, definition: Definition) -> CodeType | None:
        """Return the code of a class's body."""
        return next(filter(is_class_body, self._of(definition)), None)

    def codes(self, definition: Definition) -> list[CodeType]:
        """Return a function's code and that of lambdas in its header, or in a class's."""
        codes = self._of(definition)
        return [each for each in codes if not is_class_body(each)]

    def _of(self, definition: Definition) -> list[CodeType]:
        names = (_LAMBDA, definition.own_name)
        codes = self.between(definition.line + 1, definition.end_line + 1)
        return [each for each in codes if each.co_name in names]


def attach(definitions: Iterable[Definition], code: CodeType, scopes: tuple[str, ...] = ()) -> None:
    """Tell definitions of a text, and those in their classes, what `code` holds of them.

    Args:
        definitions: in the order of the text, a class before what is in it.
        code: what the text was compiled to.
        scopes: the classes that it is the body of, outermost first.
    """
    around: dict[tuple[str, ...], Compiled] = {scopes: Compiled(code)}
    for each in definitions:
        compiled = around.get(each.scopes)
        if compiled is None:
            continue
        each.codes = compiled.codes(each)
        body = compiled.body(each) if isinstance(each.node, ast.ClassDef) else None
        if body is not None:
            inside = (*each.scopes, each.own_name)
            around[inside] = Compiled(body)
            attach_lambdas(data_of(each), body, each.shift)


def attach_parts(definition: Definition, parts: Iterable[DataStatement], code: CodeType) -> None:
    """Tell some statements of a class what `code`, around it, holds of the lambdas in them."""
    body = Compiled(code).body(definition) if parts else None
    if body is not None:
        attach_lambdas(parts, body, definition.shift)


def take_over(new: Definition, old: Definition) -> None:
    """Tell a definition, and the statements in a class, what is known of the same text."""
    new.take_over(old)
    if old.data and new.source == old.source:
        for statement, before in zip(data_of(new), old.data):
            statement.take_over(before)


def outlive(new: Definition, old: Definition) -> None:
    """Have a definition that has run anew, and statements in a class, know what was made before."""
    new.outlive(old)
    if old.data and isinstance(new.node, ast.ClassDef):
        for before, statement in matched(old.data, data_of(new)):
            statement.outlive(before)


def attach_lambdas(statements: Iterable[DataStatement], code: CodeType, shift: int = 0) -> None:
    """Tell statements of a module or class body what `code` holds of the lambdas in them.

    `shift`: lines to add to those of the statements, besides their own.
    """
    compiled = Compiled(code)
    for each in statements:
        each.codes = compiled.lambdas(each.node, shift + each.shift)


def _line(code: CodeType) -> int:
    return code.co_firstlineno
