"""Walking a module's text as the interpreter does, to find what of it is in force.

Conditions make no scope: which of their branches counts is asked of the live module, as long as
asking has no effect. A `try` around imports is tried out in names of its own, which are thrown
away. What is under any other statement (a loop, a `with`, a condition that calls something) ran or
did not when the module was loaded: such a statement is yielded as a whole.
"""

from __future__ import annotations

import ast

from relive.worker.redefine.reading.definitions import FUNCTIONS
from relive.worker.redefine.reading.plain import is_plain
from relive.worker.redefine.reading.toplevel import TopLevel, is_docstring, single
from relive.worker.statements import is_main_guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    Scope = dict[str, Any]

_DEFINES = (*FUNCTIONS, ast.ClassDef)
_MATCH: Any = (ast.Match,) if hasattr(ast, "Match") else ()
_TRY: Any = (ast.Try, *([ast.TryStar] if hasattr(ast, "TryStar") else []))
_BRANCH = "@branch"
_REACHED = "@reached"
"""Not identifiers, so no name of the text can be them."""


def in_force(nodes: Iterable[ast.stmt], scope: Scope) -> Iterator[ast.stmt]:
    """Yield the statements that the interpreter would run in `scope`, in order.

    Lazily: a condition is asked when the walk comes to it, when what is before it may have run.
    """
    for node in nodes:
        if isinstance(node, _DEFINES):
            yield node
        elif is_main_guard(node) or is_docstring(node) or isinstance(node, ast.Pass):
            continue
        elif _is_for_checkers(node):
            yield from in_force(node.orelse, scope)  # type: ignore[attr-defined]
        else:
            branch = _branch_of(node, scope)
            if branch is None:
                yield from single(node)
            else:
                yield from branch


def everything(nodes: Iterable[ast.stmt], shift: int = 0) -> Iterator[TopLevel]:
    """Yield all statements of a text that may be in force, in whichever branch they are.

    `shift`: see `Coded`.
    """
    for node in nodes:
        if isinstance(node, _DEFINES) or is_main_guard(node):
            continue
        yield from (TopLevel(each, shift) for each in single(node))
        if isinstance(node, (ast.If, *_MATCH, *_TRY)):
            yield from everything(_blocks(node), shift)


def is_compound(node: ast.stmt) -> bool:
    """Whether other statements are inside it, and it is no definition."""
    return not isinstance(node, _DEFINES) and bool(list(_blocks(node)))


def _blocks(node: Any) -> Iterator[ast.stmt]:
    for field in ("body", "orelse", "finalbody"):
        yield from getattr(node, field, ())
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield from part.body


def _branch_of(node: ast.stmt, scope: Scope) -> Iterator[ast.stmt] | None:
    """Return what is in force of a compound statement; None if that cannot be asked."""
    if isinstance(node, ast.If) and is_plain(node.test, scope):
        return _of_condition(node, scope)
    if isinstance(node, _MATCH) and _is_plain_match(node, scope):
        return _of_match(node, scope)
    if isinstance(node, _TRY) and _can_be_tried(node.body, scope):
        return _of_try(node, scope)
    return None


def _of_condition(node: ast.If, scope: Scope) -> Iterator[ast.stmt] | None:
    probe = ast.If(node.test, [_note(_BRANCH, 0)], [_note(_BRANCH, 1)])
    noted = _run_aside(probe, node, scope)
    if noted is None:
        return None
    return _with_walrus(node, in_force((node.body, node.orelse)[noted[_BRANCH]], scope))


def _with_walrus(node: ast.If, branch: Iterator[ast.stmt]) -> Iterator[ast.stmt]:
    """Put names that a condition binds before what it guards, as assignments of their own."""
    for each in ast.walk(node.test):
        if isinstance(each, ast.NamedExpr):
            target = ast.copy_location(ast.Name(each.target.id, ast.Store()), each)
            yield ast.copy_location(ast.Assign([target], each.value), each)
    yield from branch


def _is_plain_match(node: Any, scope: Scope) -> bool:
    guards = [case.guard for case in node.cases if case.guard is not None]
    return all(is_plain(each, scope) for each in (node.subject, *guards))


def _of_match(node: Any, scope: Scope) -> Iterator[ast.stmt] | None:
    cases = [
        ast.match_case(case.pattern, case.guard, [_note(_BRANCH, number)])
        for number, case in enumerate(node.cases)
    ]
    noted = _run_aside(ast.Match(node.subject, cases), node, scope)
    if noted is None:
        return None
    taken = noted.get(_BRANCH)
    return in_force([] if taken is None else node.cases[taken].body, scope)


def _can_be_tried(nodes: list[ast.stmt], scope: Scope) -> bool:
    """Whether running the body of a `try` once more only imports and computes plain data."""
    return all(
        isinstance(node, (*_DEFINES, ast.Import, ast.ImportFrom, ast.Pass))
        or TopLevel(node).is_plain_data(scope)
        for node in nodes
    )


def _of_try(node: Any, scope: Scope) -> Iterator[ast.stmt] | None:
    body: list[ast.stmt] = []
    for number, each in enumerate(node.body):
        body += [*([] if isinstance(each, _DEFINES) else [each]), _note(_REACHED, number + 1)]
    handlers = [
        ast.copy_location(ast.ExceptHandler(each.type, each.name, [_note(_BRANCH, number)]), each)
        for number, each in enumerate(node.handlers)
    ]
    otherwise = [_note(_BRANCH, -1)]
    noted = _run_aside(type(node)(body, handlers, otherwise, []), node, scope) if handlers else {}
    if noted is None:
        return None
    handler = noted.get(_BRANCH, -1)
    parts = node.body, node.orelse
    if handler >= 0:
        parts = node.body[: noted.get(_REACHED, 0)], node.handlers[handler].body
    return in_force([each for part in (*parts, node.finalbody) for each in part], scope)


def _note(name: str, number: int) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], ast.Constant(number))


def _run_aside(probe: ast.stmt, like: ast.stmt, scope: Scope) -> Scope | None:
    """Run a statement with names of its own; None if it raises."""
    tree = ast.Module([ast.copy_location(probe, like)], type_ignores=[])
    names: Scope = {}
    try:
        exec(compile(ast.fix_missing_locations(tree), "<condition>", "exec"), scope, names)
    except Exception:
        return None
    return names


def _is_for_checkers(node: ast.stmt) -> bool:
    """Whether `node` is `if TYPE_CHECKING:`, whose first branch never runs."""
    test = getattr(node, "test", None)
    name = getattr(test, "id", None) or getattr(test, "attr", None)
    return isinstance(node, ast.If) and name == "TYPE_CHECKING"
