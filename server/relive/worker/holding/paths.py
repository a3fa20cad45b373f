"""Places in a function's statements: the way from its body down to one of them."""

from __future__ import annotations

import ast
from itertools import islice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from relive.worker.holding.bytecode import Code

    Branch = str | tuple[str, int]
    Path = list[tuple[Branch, int]]
    """For each block on the way which one it is of the statement around, and the place in it."""

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SCOPES = (*FUNCTIONS, ast.ClassDef)
LOOPS = (ast.For, ast.AsyncFor)
WITHS = (ast.With, ast.AsyncWith)
TRIES = (ast.Try, getattr(ast, "TryStar", ast.Try))
STARRED = TRIES[1:]


def blocks_of(statement: ast.stmt) -> Iterator[tuple[Branch, list[ast.stmt]]]:
    """Yield the blocks inside a statement, those of other scopes not."""
    if isinstance(statement, SCOPES):
        return
    for name in ("body", "orelse", "finalbody"):
        if getattr(statement, name, None):
            yield name, getattr(statement, name)
    for name in ("handlers", "cases"):
        for place, each in enumerate(getattr(statement, name, ())):
            yield (name, place), each.body


def block_of(statement: ast.stmt, branch: Branch) -> list[ast.stmt] | None:
    """Return one block of a statement; None if it has none such."""
    return next((block for name, block in blocks_of(statement) if name == branch), None)


def statements_on(body: list[ast.stmt], path: Path) -> list[ast.stmt]:
    """Return the statements on a path, outermost first."""
    found: list[ast.stmt] = []
    block: list[ast.stmt] | None = body
    for branch, place in path:
        if found:
            block = block_of(found[-1], branch)
        assert block is not None
        found.append(block[place])
    return found


def first_line(node: Any) -> int:
    """Return the line on which a statement begins, with its decorators."""
    starts: list[int] = [each.lineno for each in (*getattr(node, "decorator_list", ()), node)]
    return min(starts)


def path_to(body: list[ast.stmt], line: int, column: int) -> Path | None:
    """Return the way to the innermost statement that has the place in it."""
    return _find(body, (line, column), "body")


def _find(block: list[ast.stmt], place: tuple[int, int], branch: Branch) -> Path | None:
    for number, each in enumerate(block):
        first = first_line(each)
        start = (first, 0) if first < each.lineno else (each.lineno, each.col_offset)
        if not start <= place < (each.end_lineno or 0, (each.end_col_offset or 0) + 1):
            continue
        for name, inner in blocks_of(each):
            below = _find(inner, place, name)
            if below:
                return [(branch, number), *below]
        return [(branch, number)]
    return None


def path_at_line(body: list[ast.stmt], line: int) -> Path | None:
    """Return the way to the statement that begins on `line`, or has it among its own lines.

    If there is none, to the first that begins after it.
    """
    best: tuple[int, Path] | None = None

    def look(block: list[ast.stmt], path: Path, branch: Branch) -> None:
        nonlocal best
        for number, each in enumerate(block):
            here = [*path, (branch, number)]
            begins = first_line(each)
            at = line if begins < line <= _last_own_line(each) else begins
            if at >= line and (best is None or at < best[0]):
                best = (at, here)
            for name, inner in blocks_of(each):
                look(inner, here, name)

    look(body, [], "body")
    return None if best is None else best[1]


def _last_own_line(statement: ast.stmt) -> int:
    """Return the last line of a statement before the blocks in it; another scope is one, too."""
    if isinstance(statement, SCOPES):
        return statement.lineno
    inner = next((block for _, block in blocks_of(statement)), None)
    return statement.end_lineno or 0 if inner is None else first_line(inner[0]) - 1


def position_of(code: Code, unit: int) -> tuple[int, int] | None:
    """Return line and column of an instruction, if it has any."""
    line, _, column, _ = next(islice(code.co_positions(), unit, None), (None,) * 4)
    return None if line is None else (line, column or 0)
