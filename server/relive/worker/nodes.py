"""Syntax nodes without `ast`, whose functions user code may patch, and which is slow to load."""

from __future__ import annotations

import _ast as ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes directly below."""
    for field in node._fields:
        held = getattr(node, field, None)
        for each in held if type(held) is list else [held]:
            if isinstance(each, ast.AST):
                yield each
