"""How a program says that a definition changes where it is: what of it, and what stays."""

from __future__ import annotations

import ast

from relive.exporting.pieces import Piece
from relive.exporting.reading import bound, is_class, without_comments
from relive.source.nodes import syntax_tree

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Body = dict[str, ast.stmt]
"""The statements of a class's body, by their text."""


def redefining(piece: Piece) -> str:
    """Return the decorator that has a definition change where it is."""
    given = {"name": piece.name or ""} if without_comments(piece.text).startswith("@") else {}
    if is_class(piece.text) and piece.former is None:
        given["gone"] = "*"
    elif is_class(piece.text):
        given.update(_class_changes(piece.former or "", piece.text))
    elif _decorators(piece.former or "") != _decorators(piece.text):
        given["anew"] = "*"
    written = [f'{name}="{names}"' for name, names in given.items() if names]
    written += [] if piece.finds is None else [f"old={piece.finds}"]
    return f"_redefined({', '.join(written)})" if written else "_redefined"


def _class_changes(old: str, new: str) -> dict[str, str]:
    """Return the names of a class whose values its new text leaves alone, that go, and so on.

    A statement of its body that stands in both texts has run already, and does not run again.
    """
    before, after = _class_body(old), _class_body(new)
    edited = {text: node for text, node in after.items() if text not in before}
    same = {
        text: node
        for text, node in after.items()
        if text in before and not isinstance(node, _FUNCTIONS)
    }
    told = {
        "kept": _bound(same) - _bound(edited),
        "gone": _bound(before) - _bound(after),
        "anew": _decorated_anew(before, edited),
    }
    return {what: " ".join(sorted(names)) for what, names in told.items()}


def _decorated_anew(before: Body, edited: Body) -> set[str]:
    """Return the methods that have other decorators, or one that keeps what the old text gave."""
    was = {node.name: node for node in before.values() if isinstance(node, _FUNCTIONS)}
    found = set()
    for node in edited.values():
        if isinstance(node, _FUNCTIONS) and node.name in was:
            now = _written(node)
            if now != _written(was[node.name]) or "cached_property" in now:
                found.add(node.name)
    return found


def _class_body(text: str) -> Body:
    node = _only(text)
    body = node.body if isinstance(node, ast.ClassDef) else []
    return {ast.unparse(each): each for each in body}


def _bound(body: Body) -> set[str]:
    return {name for text in body for name in bound(text)}


def _decorators(text: str) -> str:
    node = _only(text)
    return _written(node) if isinstance(node, _FUNCTIONS) else ""


def _written(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    return " ".join(map(ast.unparse, node.decorator_list))


def _only(text: str) -> ast.stmt | None:
    try:
        nodes = syntax_tree(text).body
    except (SyntaxError, ValueError):  # of a newer Python, say
        return None
    return nodes[0] if len(nodes) == 1 else None
