"""What several modules here ask of the nodes of a syntax tree."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_TRIES = 20
Definable = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def substatements(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements in the blocks of a compound statement, in order."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, (ast.ExceptHandler, ast.match_case)):
            yield from child.body


def alternatives(node: ast.stmt) -> Iterator[ast.stmt]:
    """Yield what the blocks of an `if`, `try` or `with`, and of those in them, consist of.

    A stack, as each `elif` is inside the one before. Any other statement is itself.
    """
    pending = [node]
    while pending:
        statement = pending.pop()
        if isinstance(statement, (ast.If, ast.Try, ast.With)):
            pending.extend([*substatements(statement)][::-1])
        else:
            yield statement


def syntax_tree(text: str) -> ast.Module:
    """Do as `ast.parse`, also where other threads do so at the same time.

    CPython 3.11 counts how deep it is in a number that all threads share, and takes another's depth
    for a fault of its own: a text of which it says so is read again.
    """
    for _ in range(_MOST_TRIES):
        try:
            return ast.parse(text)
        except SystemError:
            continue
    return ast.parse(text)
