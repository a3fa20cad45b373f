"""Names that a definition's statement binds besides its own: by `:=` in defaults or decorators."""

from __future__ import annotations

import ast

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from relive.worker.redefine.reading.definitions import Definition


def bound_anew(new: Definition, old: Definition | None) -> set[str]:
    """Return the names that running the statement binds to something the old text did not say."""
    before = {} if old is None else _bound(old)
    return {name for name, text in _bound(new).items() if before.get(name) != text}


def no_longer_bound(
    former: Iterable[Definition], text: Callable[[], Iterable[Definition]]
) -> list[str]:
    """Return the names that statements of former definitions bound, and none of the text does."""
    names = {name for each in former for name in _bound(each)}
    return sorted(names.difference(*map(_bound, text()))) if names else []


def _bound(definition: Definition) -> dict[str, str]:
    """Return the names, and how the text computes them."""
    if ":=" not in definition.source:
        return {}
    return {
        each.target.id: ast.dump(each.value)
        for part in _header(definition.node)
        for each in _named(part)
    }


def _header(node: Any) -> list[ast.AST]:
    """Return what the statement evaluates in the scope that it stands in."""
    parts = [*node.decorator_list, getattr(node, "returns", None), getattr(node, "args", None)]
    parts += [*getattr(node, "bases", ()), *getattr(node, "keywords", ())]
    return [each for each in parts if each is not None]


def _named(part: ast.AST) -> Iterator[ast.NamedExpr]:
    waiting = [part]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.NamedExpr):
            yield each
        waiting += [each.args] if isinstance(each, ast.Lambda) else ast.iter_child_nodes(each)
