"""What a text takes from other modules by imports, and which files these may be of."""

from __future__ import annotations

import ast
import os.path
import re
from collections.abc import Iterator

from relive.source.nodes import syntax_tree
from relive.source.quick_dataclasses import dataclass

_IMPORT = re.compile(
    r"(?:^|[:;])[ \t]*(from[ \t]+[.\w \t]+[ \t]import[ \t]*(?:\([^)]*\)|(?:\\\n|[^\n;])*)"
    r"|import[ \t](?:\\\n|[^\n;])*)",
    re.MULTILINE,
)
"""Found without taking a text apart: of most texts nothing else is asked."""


@dataclass(frozen=True)
class Taken:
    """An import of one name, or of a module."""

    module: str
    """The last part of its name; empty: the package that the text is in."""
    name: str | None = None
    """What is taken of the module; `*`: all; None: the module itself."""
    alias: str = ""


def taken_in(text: str) -> Iterator[Taken]:
    """Yield what a text imports, anywhere."""
    for each in _IMPORT.finditer(text):
        yield from _taken(each[1])


def _taken(text: str) -> Iterator[Taken]:
    """Yield what an import takes; what only looks like one takes nothing."""
    try:
        nodes = syntax_tree(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from [Taken(part) for each in node.names for part in each.name.split(".")]
        elif isinstance(node, ast.ImportFrom):
            module = (node.module or "").rpartition(".")[2]
            yield from [Taken(module, each.name, each.asname or each.name) for each in node.names]
            yield from [Taken(each.name) for each in node.names]  # which may be modules


def module_of(file: str) -> str:
    """Return the last part of the name that a file is imported by."""
    folder, name = os.path.split(file)
    stem = os.path.splitext(name)[0]
    return os.path.basename(folder) if stem == "__init__" else stem


def takes_from(file: str, taken: Taken) -> bool:
    """Whether an import may be of a file."""
    return taken.module == (module_of(file) if taken.module else "") and (
        bool(taken.module) or os.path.basename(file) == "__init__.py"
    )
