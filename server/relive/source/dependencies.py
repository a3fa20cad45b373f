"""Which forms of a text provide given names, and which of them may run unasked."""

from __future__ import annotations

import ast
from types import NoneType
from typing import TYPE_CHECKING, Literal

from relive.source.bindings import STAR
from relive.source.forms import Form, top_level_forms
from relive.source.nodes import Definable, alternatives
from relive.source.outline import Section, kept_by_text, outline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Policy = Literal["definitions", "all", "none"]


def providers(text: str, names: Iterable[str], policy: Policy) -> list[Form]:
    """Return the forms that bind any of the names, in the order of the text.

    `definitions`: imports, functions and classes, and blocks that only choose between such.
    `all`: assignments and all else too, but never the main guard. `none`: nothing. Star
    imports are taken for a name that no form binds. A broken definition is taken as well: the
    worker's Python may be newer than ours, and if it is not, its error says what is wrong.
    """
    if policy == "none":
        return []
    forms, sections, binders = top_level_forms(text), outline(text).sections, _binders(text)
    wanted: set[int] = set()
    for asked in names:
        name = asked if asked in binders else STAR
        found = binders.get(name, [])
        if policy == "definitions":
            found = [index for index in found if _may_run_unasked(sections[index], name)]
        wanted.update(_in_force(found, sections))
    return [forms[index] for index in sorted(wanted)]


def futures(text: str) -> tuple[str, ...]:
    """Return the `__future__` features that hold for every form of the text."""
    if "__future__" not in text:
        return ()
    nodes = [node for section in outline(text).sections for node in section.nodes]
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    found = [node for node in imports if node.module == "__future__" and not node.level]
    return tuple(alias.name for node in found for alias in node.names)


def assignment_of(text: str, name: str) -> Form | None:
    """Return the first form that assigns the name, be it by `for`, `with` or `:=`."""
    sections, forms = outline(text).sections, top_level_forms(text)
    found = _binders(text).get(name, [])
    return next(
        (forms[index] for index in found if name in sections[index].bindings.assigned), None
    )


def last_binding(text: str, name: str) -> Form | None:
    """Return the last form that binds the name, other than a main guard."""
    found = _binders(text).get(name)
    return top_level_forms(text)[found[-1]] if found else None


@kept_by_text
def _binders(text: str) -> Mapping[str, list[int]]:
    """Return, by name, the indices of the forms that bind it, without main guards."""
    binders: dict[str, list[int]] = {}
    for index, form in enumerate(top_level_forms(text)):
        if form.kind != "guard":
            for name in form.binds:
                binders.setdefault(name, []).append(index)
    return binders


def _in_force(binders: Sequence[int], sections: Sequence[Section]) -> Iterator[int]:
    """Yield those of a name's binders that no later one makes useless.

    A definition replaces whatever was before it, an import replaces definitions. But a block
    may not bind the name in the end, imports of submodules add up, and an assignment may
    build on the value before it.
    """
    only_imports = False
    for index in reversed(binders):
        node = _sole_node(sections[index])
        defines = isinstance(node, Definable)
        if not (only_imports and defines):
            yield index
        if defines:
            return
        only_imports = only_imports or isinstance(node, (ast.Import, ast.ImportFrom))


def _may_run_unasked(section: Section, name: str) -> bool:
    """Tell whether the section binds the name without running what only a user may start."""
    if any(map(_is_optional_import, section.nodes)):
        return True
    return name in section.bindings.defined and all(map(_only_defines, section.nodes))


def _only_defines(node: ast.stmt) -> bool:
    """Tell whether a statement, and all in its blocks, imports, defines or names constants."""
    return all(map(_is_harmless, alternatives(node)))


def _is_harmless(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value) | ast.Assign(value=value) | ast.AnnAssign(value=value):
            return isinstance(value, (ast.Constant, ast.Name, ast.Attribute, NoneType))
    return isinstance(node, (ast.Import, ast.ImportFrom, Definable, ast.Pass, ast.Raise))


def _is_optional_import(node: ast.stmt) -> bool:
    """Tell whether a block is there for imports only a type checker, or not all, may have."""
    match node:
        case ast.If(test=ast.Name("TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            return True
        case ast.Try(handlers=handlers):
            return any(_catches_import_error(handler) for handler in handlers)
    return False


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        isinstance(kind, ast.Name) and kind.id in {"ImportError", "ModuleNotFoundError"}
        for kind in caught
    )


def _sole_node(section: Section) -> ast.stmt | None:
    return section.nodes[0] if len(section.nodes) == 1 else None
