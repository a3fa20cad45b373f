"""Functions whose bytecode another tool compiles: they are left as the compiler made them."""

from __future__ import annotations

import ast

from relive.worker.holding.marks import undressed
from relive.worker.holding.paths import FUNCTIONS, SCOPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from relive.worker.holding.bytecode import Code

MODULES = ("numba",)
"""Packages with decorators that read a function's instructions."""


class Compilers:
    """Knows such functions by the decorators in texts."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        """What was imported from such packages, under the names it was given, in any file."""
        self._functions: set[tuple[str, str]] = set()
        """By file and qualified name. Their text may be compiled without its decorators too."""

    def note(self, tree: ast.AST, file: str) -> None:
        """Take in what a text imports, and which functions it decorates with that."""
        for node in _nodes(tree):
            if isinstance(node, ast.Import):
                self._names |= {
                    (each.asname or each.name).partition(".")[0]
                    for each in node.names
                    if _is_compiler(each.name)
                }
            elif isinstance(node, ast.ImportFrom) and _is_compiler(node.module or ""):
                self._names |= {each.asname or each.name for each in node.names}
        if self._names:
            self._functions |= {(file, name) for name in self._decorated(tree)}

    def note_text(self, text: str, file: str) -> None:
        """Take in the text of a module that is imported."""
        if self._names or any(each in text for each in MODULES):
            self.note(ast.parse(text), file)

    def left_plain(self, code: Code) -> Code:
        """Return dressed code with those functions undressed."""
        if not any(file == code.co_filename for file, _ in self._functions):
            return code
        if (code.co_filename, code.co_qualname) in self._functions:
            return undressed(code)
        inner = [self.left_plain(c) if type(c) is type(code) else c for c in code.co_consts]
        return code.replace(co_consts=tuple(inner))

    def _decorated(self, tree: ast.AST, around: str = "") -> Iterator[str]:
        """Yield the qualified names of the functions."""
        for node in ast.iter_child_nodes(tree):
            inside = around
            if isinstance(node, SCOPES):
                name = inside = around + node.name
                inside += ".<locals>." if isinstance(node, FUNCTIONS) else "."
                if any(map(self._is_ours, node.decorator_list)):
                    yield name
            if not isinstance(node, ast.expr):
                yield from self._decorated(node, inside)

    def _is_ours(self, decorator: ast.expr) -> bool:
        root = decorator
        while isinstance(root, (ast.Call, ast.Attribute)):
            root = root.func if isinstance(root, ast.Call) else root.value
        return isinstance(root, ast.Name) and root.id in self._names


def _is_compiler(module: str) -> bool:
    return module.partition(".")[0] in MODULES


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield a text's statements, and those in its `if` and `try`."""
    for node in getattr(tree, "body", ()) if isinstance(tree, ast.Module) else ():
        yield from ast.walk(node) if isinstance(node, (ast.If, ast.Try)) else (node,)
