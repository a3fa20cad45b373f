"""A class's text in the parts a redefinition goes by: its data statements, members, what it names.

A *part* is a statement of the class body that defines no function or class. A compound statement
(`if`, `for`, `try`, `with`) is one part, with the definitions inside it taken out, since those are
members wherever they stand.
"""

from __future__ import annotations

import ast
import copy
from functools import cached_property

from relive.worker.redefine.reading.definitions import (
    FUNCTIONS,
    Definition,
    first_line,
    names_at,
)
from relive.worker.redefine.reading.matching import matched
from relive.worker.redefine.reading.namesakes import meant_anew
from relive.worker.redefine.reading.plain import is_plain
from relive.worker.redefine.reading.toplevel import DataStatement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

_MAKES_SCOPE = (*FUNCTIONS, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


class BodyStatement(DataStatement):
    """A data statement of a class body."""

    def __init__(self, node: ast.stmt) -> None:
        super().__init__(node)
        self.binds = set(_bound(node))
        """The names it binds."""

    @property
    def reads(self) -> set[str]:
        """The names it looks up, in comprehensions too."""
        return names_read(self.node)

    def is_plain(self, scope: dict[str, Any]) -> bool:
        """Whether what it assigns, or only annotates, can be computed in `scope` without effect."""
        value = getattr(self.node, "value", None)
        if value is None and isinstance(self.node, ast.AnnAssign):
            return is_plain(self.node.annotation, scope)
        assigns = isinstance(self.node, (ast.Assign, ast.AnnAssign)) and value is not None
        return assigns and is_plain(value, scope)

    def follows(self, names: set[str], scope: dict[str, Any]) -> bool:
        """Whether it is to run again when `names` have other values."""
        if isinstance(self.node, (ast.AugAssign, ast.Delete)):
            return bool(
                names & {each.id for each in ast.walk(self.node) if isinstance(each, ast.Name)}
            )
        return bool(self.reads & names) and self.is_plain(scope)

    @property
    def deletes(self) -> set[str]:
        """The names it takes away."""
        targets = getattr(self.node, "targets", ()) if isinstance(self.node, ast.Delete) else ()
        return {each.id for each in targets if isinstance(each, ast.Name)}

    @property
    def annotates(self) -> str | None:
        """The name it gives an annotation."""
        node = self.node
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            return node.target.id
        return None

    @property
    def constant(self) -> object:
        """The value it assigns, if that stands in the text; else a mark of its own."""
        try:
            return ast.literal_eval(getattr(self.node, "value", None) or self.node)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return self


class ClassText:
    """A class's definition, taken apart."""

    def __init__(self, definition: Definition, members: Iterable[Definition]) -> None:
        """Take apart `definition`, whose functions and classes in force are `members`."""
        node = definition.node
        assert isinstance(node, ast.ClassDef)
        self.definition = definition
        self.docstring = ast.get_docstring(node, clean=False)
        self.parts = data_of(definition)
        self.members = {(each.own_name, each.part): each for each in members}
        self.binds = {name for part in self.parts for name in part.binds}
        self.names = self.binds | {name for name, _ in self.members}

    @property
    def own_name(self) -> str:
        """The name of the class."""
        return self.definition.own_name

    def attribute(self, name: str) -> str:
        """Return the name under which the class holds `name`: mangled if it is private."""
        if not name.startswith("__") or name.endswith("__"):
            return name
        owner = self.own_name.lstrip("_")
        return f"_{owner}{name}" if owner else name

    def attributes(self, names: Iterable[str]) -> set[str]:
        """Return names as the class holds them."""
        return {self.attribute(name) for name in names}

    @property
    def annotated(self) -> list[str]:
        """The annotated names, in order."""
        return [name for name in (part.annotates for part in self.parts) if name is not None]

    @property
    def kinds(self) -> dict[tuple[str, str], list[str]]:
        """The members with the text of their decorators: what the statement makes of each."""
        return {key: member.decorators for key, member in self.members.items()}

    def meant_anew(self, old: ClassText) -> list[Definition]:
        """Return members that names mean which meant other ones by the `old` text."""
        before = old.namesakes
        found = (meant_anew(now, before.get(key, ())) for key, now in self.namesakes.items())
        return [each for each in found if each is not None]

    @property
    def deleted(self) -> set[str]:
        """The names that statements take away again."""
        return {name for each in self.parts for name in each.deletes}

    def bound_anew(
        self, old: ClassText
    ) -> dict[str, tuple[BodyStatement | Definition, BodyStatement | Definition]]:
        """Return names that members and data bind, the last of them another kind than in `old`.

        With each what bound it last then, and what does now.
        """
        names = self._bound_twice | old._bound_twice
        pairs = {name: (old._last(name), self._last(name)) for name in names}
        return {
            name: (before, now)
            for name, (before, now) in pairs.items()
            if before is not None and now is not None
            if isinstance(before, Definition) is not isinstance(now, Definition)
        }

    @cached_property
    def _bound_twice(self) -> set[str]:
        return self.binds & {name for name, _ in self.members}

    def _last(self, name: str) -> BodyStatement | Definition | None:
        """Return what binds a name last; None if that may not have run, or nothing does."""
        shift = self.definition.shift
        both: list[BodyStatement | Definition] = [each for each in self.parts if name in each.binds]
        both += [each for each in self.members.values() if each.own_name == name]
        last = max(both, key=lambda each: _line(each, shift), default=None)
        node = None if last is None else last.node
        in_branch = isinstance(last, Definition) and last.is_conditional
        return None if in_branch or (hasattr(node, "body") and not _is_scope(node)) else last

    def covers(self, member: Definition) -> bool:
        """Whether a member further down has a member's name in any case."""
        several = self.namesakes.get(member.shared_key, ())
        return any(each.line > member.line and not each.is_conditional for each in several)

    @cached_property
    def namesakes(self) -> dict[str, list[Definition]]:
        """The members by what only their copy tells apart."""
        found: dict[str, list[Definition]] = {}
        for each in self.members.values():
            found.setdefault(each.shared_key, []).append(each)
        return found

    def note_branches(self) -> None:
        """Have the members know whether they stand in branches."""
        body, shift = self.definition.node.body, self.definition.shift  # type: ignore[attr-defined]
        unconditional = {first_line(each) - 1 + shift for each in body}
        for each in self.members.values():
            each.is_conditional = each.line not in unconditional

    def binding(self, name: str) -> BodyStatement | None:
        """Return the last part that binds `name`."""
        return next((part for part in reversed(self.parts) if name in part.binds), None)

    def kept(self, old: ClassText) -> list[tuple[BodyStatement, BodyStatement]]:
        """Return the parts that need not run again, as they were and as they are."""
        return matched(old.parts, self.parts)

    def changed(
        self,
        old: ClassText,
        changed_names: Iterable[str],
        scope: dict[str, Any],
        is_untouched: Callable[[BodyStatement], bool],
    ) -> list[BodyStatement]:
        """Return the parts that are not in the `old` text, and plain data computed from such.

        Args:
            old: the text that is live.
            changed_names: what else has another value now.
            scope: the names in view, to tell what is plain.
            is_untouched: whether what a statement of both texts has bound still is what it gave.
        """
        known = {id(part) for _, part in self.kept(old)}
        names, found = set(changed_names), []
        for part in self.parts:
            if id(part) in known:
                if not (part.follows(names, scope) and is_untouched(part)):
                    continue
            elif isinstance(part.node, ast.AugAssign):
                found += [each for each in self._before(part) if each not in found]
            found.append(part)
            names |= part.binds
        return found

    def _before(self, part: BodyStatement) -> list[BodyStatement]:
        """Return what gives a value to the names that a statement adds on to."""
        earlier = self.parts[: self.parts.index(part)]
        return [each for each in earlier if each.binds & part.binds]

    def in_order(self, parts: Sequence[BodyStatement]) -> list[BodyStatement | Definition]:
        """Return `parts` and the members as they follow one another in the text."""
        shift = self.definition.shift
        both: list[BodyStatement | Definition] = [*parts, *self.members.values()]
        return sorted(both, key=lambda each: _line(each, shift))


def _is_scope(node: object) -> bool:
    return isinstance(node, _MAKES_SCOPE)


def data_of(definition: Definition) -> Sequence[BodyStatement]:
    """Return the parts of a class."""
    assert isinstance(definition.node, ast.ClassDef)
    if not definition.data:
        definition.data = list(_parts(definition.node.body))
    return definition.data


def names_read(node: ast.AST) -> set[str]:
    """Return the names that code looks up anywhere inside, and attributes as `module.name`."""
    loaded = ast.Load()
    found = (each for each in ast.walk(node) if isinstance(getattr(each, "ctx", loaded), ast.Load))
    return {name for each in found for name in names_at(each)}


def _line(each: BodyStatement | Definition, shift: int) -> int:
    return each.line if isinstance(each, Definition) else each.node.lineno - 1 + shift


def _parts(body: list[ast.stmt]) -> Iterator[BodyStatement]:
    for place, node in enumerate(body):
        is_docstring = (
            place == 0
            and isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        )
        if is_docstring or isinstance(node, (*_MAKES_SCOPE, ast.Pass)):
            continue
        if not hasattr(node, "body"):
            yield BodyStatement(node)
        elif _has_data(node):
            yield BodyStatement(_WithoutDefinitions().visit(copy.deepcopy(node)))


def _has_data(node: ast.AST) -> bool:
    """Whether a compound statement does more than define functions and classes."""
    inner = [
        child
        for field in ("body", "orelse", "finalbody", "handlers")
        for child in getattr(node, field, ())
    ]
    return any(
        _has_data(child) if hasattr(child, "body") else not isinstance(child, ast.Pass)
        for child in inner
        if not isinstance(child, _MAKES_SCOPE)
    )


class _WithoutDefinitions(ast.NodeTransformer):
    def visit_FunctionDef(self, node: ast.stmt) -> ast.stmt:
        return ast.copy_location(ast.Pass(), node)

    visit_AsyncFunctionDef = visit_ClassDef = visit_FunctionDef  # noqa: N815


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds in its own scope."""
    if isinstance(node, (*_MAKES_SCOPE, *_COMPREHENSIONS)):
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.alias):
        yield node.asname or node.name.split(".")[0]
    annotation = isinstance(node, ast.AnnAssign) and node.value is None
    if not annotation:
        for child in ast.iter_child_nodes(node):
            yield from _bound(child)


def members_in(cls: Definition) -> list[Definition]:
    """Return the functions and classes directly in a class, in order."""
    inside = (*cls.scopes, cls.own_name)
    return [each for each in cls.members() if each.scopes == inside]
