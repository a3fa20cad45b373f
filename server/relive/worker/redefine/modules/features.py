"""The `__future__` features that a text asks for: they say how what comes after is compiled."""

from __future__ import annotations

import ast

from relive.worker.namespace import flags_of
from relive.worker.redefine.reading.toplevel import is_docstring

TYPE_CHECKING = False
if TYPE_CHECKING:
    from relive.worker.redefine.part import Part
    from relive.worker.redefine.reading.source import Source


def use_features_of(source: Source, part: Part) -> bool:
    """Have code be compiled as the text wants; whether annotations are others for that."""
    part.use_features(flags_of(_features(source)))
    return part.has_other_features


def _features(source: Source) -> list[str]:
    found: list[str] = []
    for each in source.everything():
        node = each.node
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            found += [alias.name for alias in node.names]
        elif not is_docstring(node):
            break
    return found
