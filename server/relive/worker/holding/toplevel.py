"""The statement of an edited file in the place of one at top level that is held."""

from __future__ import annotations

import ast
from difflib import SequenceMatcher
from types import FunctionType

from relive.worker.holding.dress import dressed
from relive.worker.holding.going_on import Refused
from relive.worker.holding.mapping import ALIKE, alike
from relive.worker.holding.texts import Body, Unit
from relive.worker.statements import VALUE, Statement, Text, is_main_guard, open_guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.holding.bytecode import Code

_PLAINLY = 0.2
"""By so much more than any other a statement has to be like the old one, to be it plainly."""


class Edit:
    """What a file was when its code was evaluated, and what it is now."""

    def __init__(self, before: str | None, now: str) -> None:
        self.before = before
        """None: nobody knows."""
        self.now = now


class Anew:
    """An expression at top level, which is evaluated again from its start."""

    def __init__(self, body: Body, code: Code) -> None:
        expression: ast.expr = body.unit.tree.body  # type: ignore[assignment]
        self.body = body
        self.code = code
        self.made = None
        self.file = body.unit.file
        self.line = expression.lineno - 1
        self.end_line = (expression.end_lineno or expression.lineno) - 1
        self.certain, self.note = True, ""

    def function(
        self, _kept: object, _values: object, _cells: object, scope: dict[str, Any]
    ) -> FunctionType:
        """Return a function that evaluates it."""
        return FunctionType(self.code, scope)


class TopLevel:
    """A statement of the file as it is now, to be gone on in."""

    def __init__(self, code: Code, body: Body, note: str) -> None:
        self.code = code
        self.body = body
        self.note = note
        """Why a person should look; empty: it plainly is the one."""


def edited(old: Body, file: str, edit: Edit, line: int | None) -> TopLevel | None:
    """Return the statement of a file, as it is now, that stands for the one of `old`.

    It is the one at `line`, where that is given. None: the file has no such statement.

    Raises:
        Refused: it cannot be run in the old one's place, or the file is no Python.
    """
    unit = old.unit
    try:
        parsed = Text(edit.now, file, 0, 0, unit.flags)
    except (SyntaxError, ValueError) as error:
        raise Refused(f"the file cannot be parsed: {error}") from None
    before = _statement(unit.tree)
    nodes = _beside(parsed, before)
    found = _likest(_left(nodes, before, edit, unit), before) if line is None else _at(nodes, line)
    if found is None:
        return None
    node, note = found
    statement = Statement(node, parsed)
    if isinstance(before, ast.If) and is_main_guard(node):
        open_guard(statement)
    made = Unit(statement.tree(), file, unit.kind, unit.flags)
    if _leaves_value(before) != _leaves_value(_statement(made.tree)):
        raise Refused("it is an assignment only in one of the two texts; evaluate it anew")
    if isinstance(made.tree, ast.Expression) != isinstance(unit.tree, ast.Expression):
        raise Refused("it is an expression only in one of the two texts; evaluate it anew")
    code = dressed(compile(made.tree, file, made.kind, made.flags, dont_inherit=True), whole=True)
    return TopLevel(code, Body(made, made.tree, 0), note)


def _statement(tree: ast.Module | ast.Expression) -> ast.stmt:
    if isinstance(tree, ast.Module):
        return tree.body[0]
    return ast.copy_location(ast.Expr(tree.body), tree.body)


def _beside(parsed: Text, before: ast.stmt) -> list[ast.stmt]:
    """Return the statements of a file that stand as far to the right as the old one."""
    top = [each.node for each in parsed.statements]
    if before.col_offset == 0:
        return top
    below = [inner for each in top for inner in ast.walk(each)]
    return [
        each
        for each in below
        if isinstance(each, ast.stmt) and each.col_offset == before.col_offset
    ]


def _left(nodes: list[ast.stmt], before: ast.stmt, edit: Edit, unit: Unit) -> list[ast.stmt]:
    """Return the statements that may be the old one: those that are not plainly others."""
    try:
        parsed = None if edit.before is None else Text(edit.before, unit.file, 0, 0, unit.flags)
    except (SyntaxError, ValueError):
        parsed = None
    were = [] if parsed is None else _beside(parsed, before)
    place = next((n for n, each in enumerate(were) if each.lineno == before.lineno), -1)
    if place < 0 or type(were[place]) is not type(before):
        return nodes
    dumps = [ast.dump(each) for each in were], [ast.dump(each) for each in nodes]
    left: list[ast.stmt] = []
    for tag, low, high, start, end in SequenceMatcher(None, *dumps, autojunk=False).get_opcodes():
        is_here = low <= place < high
        if tag == "equal" and is_here:
            return [nodes[start + place - low]]
        if tag == "replace" and is_here:
            return nodes[start:end]
        left += [] if tag == "equal" else nodes[start:end]
    return left


def _at(nodes: list[ast.stmt], line: int) -> tuple[ast.stmt, str] | None:
    """Return the statement that `line`, from 0, is in."""
    for each in nodes:
        if each.lineno <= line + 1 <= (each.end_lineno or each.lineno):
            return each, ""
    raise Refused(f"line {line + 1} is in no statement that could be gone on in")


def _likest(nodes: list[ast.stmt], before: ast.stmt) -> tuple[ast.stmt, str] | None:
    """Return the statement that is most like the old one, and what there is to doubt."""
    dump = _dump(before)
    scored = [
        (alike(dump, _dump(each)), -abs(each.lineno - before.lineno), each)
        for each in nodes
        if type(each) is type(before)
    ]
    scored.sort(key=lambda one: one[:2], reverse=True)
    if not scored or scored[0][0] < ALIKE:
        return None
    best = scored[0]
    others = [score for score, _, each in scored[1:]]
    is_plain = not others or best[0] - others[0] >= _PLAINLY
    return best[2], "" if is_plain else "several statements of the file are like the failing one"


def _dump(node: ast.stmt) -> str:
    """Return what a statement says, without what is done to have its value."""
    return ast.dump(node).replace(f"NamedExpr(target=Name(id='{VALUE}', ctx=Store()), value=", "")


def _leaves_value(node: ast.stmt) -> bool:
    value = getattr(node, "value", None)
    target = getattr(value, "target", None)
    return isinstance(value, ast.NamedExpr) and getattr(target, "id", None) == VALUE
