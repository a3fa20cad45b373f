"""Top-level statements that define no function or class, and which of a new text are new.

A statement is the same as one that ran if its text is, wherever it stands. Otherwise it may be one
that ran with another text: an assignment by the names it binds, anything else by what it does (a
call of the same function, a loop). An import of several names is several statements.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from typing import Generic, TypeVar

from relive.worker.redefine.reading.codes import Coded
from relive.worker.redefine.reading.definitions import FUNCTIONS, skeleton
from relive.worker.redefine.reading.plain import is_plain

_Statement = TypeVar("_Statement", bound="DataStatement")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

_DEFINES = (*FUNCTIONS, ast.ClassDef)
_TYPE_ALIAS: Any = getattr(ast, "TypeAlias", ())


class DataStatement(Coded):
    """A statement of a module or class body that defines no function or class."""

    def __init__(self, node: ast.stmt) -> None:
        super().__init__(node)
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The statement, equal whenever nothing but its place, comments or functions differ."""
        if self._text is None:
            self._text = skeleton(self.node)
        return self._text

    @property
    def exact_text(self) -> str:
        """The statement, equal whenever nothing but its place or comments differ."""
        return ast.dump(self.node)


class TopLevel(DataStatement):
    """A top-level statement of a text."""

    @property
    def line(self) -> int:
        """0-based first line."""
        return self.node.lineno - 1

    @property
    def key(self) -> str:
        """What makes it the same statement with another text."""
        names = [*assigned(self.node), *_places(self.node)]
        return ",".join(names) if names else _shape(self.node)

    @property
    def binds(self) -> set[str]:
        """The names of the module it gives a value, as far as its text tells."""
        return set(_bound(self.node))

    @property
    def is_import(self) -> bool:
        """Whether it is an import."""
        return isinstance(self.node, (ast.Import, ast.ImportFrom))

    @property
    def is_deletion(self) -> bool:
        """Whether it is a `del` statement."""
        return isinstance(self.node, ast.Delete)

    @property
    def adds_on(self) -> bool:
        """Whether it is an augmented assignment: it takes what is there and puts more to it."""
        return isinstance(self.node, ast.AugAssign)

    def is_plain_data(self, scope: dict[str, Any]) -> bool:
        """Whether it assigns what can be computed in `scope` without any effect."""
        node = self.node
        if isinstance(node, _TYPE_ALIAS):
            return True  # its value is computed only when it is asked for
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            return all(is_plain(each, scope) for each in ast.iter_child_nodes(node))
        return False

    def reads(self) -> set[str]:
        """Return the names it looks up, and attributes of such names as `module.name`."""
        return set(_reads(self.node))


class Same(Generic[_Statement]):
    """Statements of an old text, to find those of a new one among them: each counts once.

    Those that make functions may differ inside these; one that is quite the same is preferred.
    """

    def __init__(self, old: Iterable[_Statement], new: Iterable[_Statement]) -> None:
        self._old: defaultdict[str, list[_Statement]] = defaultdict(list)
        for each in old:
            self._old[each.text].append(each)
        several = {text for text, same in self._old.items() if len(same) > 1}
        self._exact = {each.exact_text for each in new if each.text in several}

    def take(self, each: _Statement) -> _Statement | None:
        """Return the old statement that need not run again for `each`."""
        same = self._old[each.text]
        if len(same) > 1:
            text = each.exact_text
            others = [old for old in same if old.exact_text not in self._exact]
            chosen = [*(old for old in same if old.exact_text == text), *others, same[0]][0]
            same.remove(chosen)
            return chosen
        return same.pop() if same else None


class Had:
    """The statements a module has run, to find those of a new text among them."""

    def __init__(self, ran: list[TopLevel], new: Iterable[TopLevel]) -> None:
        """Compare what `ran` with all statements of a new text, whichever branch they are in."""
        texts = list(new)
        self.same = Same(ran, texts)
        spare = Counter(each.text for each in texts)
        self._vanished: defaultdict[str, list[TopLevel]] = defaultdict(list)
        for each in ran:
            if spare[each.text] > 0:
                spare[each.text] -= 1
            else:
                self._vanished[each.key].append(each)

    def other_text_of(self, each: TopLevel) -> TopLevel | None:
        """Return the statement that ran and that `each` has become, if there is one."""
        same = self._vanished.get(each.key)
        return same.pop(0) if same else None


def matched(old: list[_Statement], new: list[_Statement]) -> list[tuple[_Statement, _Statement]]:
    """Pair statements that need not run again."""
    same = Same(old, new)
    pairs = [(same.take(each), each) for each in new]
    return [(before, each) for before, each in pairs if before is not None]


def assigned(node: ast.stmt) -> list[str]:
    """Return the names a plain assignment binds; none for any other statement."""
    return [part.id for part in _targets(node) if isinstance(part, ast.Name)]


def single(node: ast.stmt) -> list[ast.stmt]:
    """Return an import of several names as one statement for each; any other as it is."""
    if not isinstance(node, (ast.Import, ast.ImportFrom)) or len(node.names) < 2:
        return [node]
    return [_import_of(alias, node) for alias in node.names]


def is_docstring(node: ast.stmt) -> bool:
    """Whether it is nothing but a constant, such as a string."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _import_of(alias: ast.alias, node: ast.Import | ast.ImportFrom) -> ast.stmt:
    if isinstance(node, ast.Import):
        return ast.copy_location(ast.Import([alias]), node)
    return ast.copy_location(ast.ImportFrom(node.module, [alias], node.level), node)


def _targets(node: ast.stmt) -> Iterator[ast.expr]:
    """Yield what an assignment assigns to, tuples taken apart."""
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = list(node.targets)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        targets = [node.target]
    elif isinstance(node, _TYPE_ALIAS):
        targets = [node.name]
    while targets:
        target = targets.pop(0)
        if isinstance(target, (ast.Tuple, ast.List)):
            targets[:0] = target.elts
        elif isinstance(target, ast.Starred):
            targets.insert(0, target.value)
        else:
            yield target


def _places(node: ast.stmt) -> list[str]:
    """Return the attributes and items that an assignment binds, and what only declares a name."""
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return [f"{ast.dump(node.target)}:"]
    if isinstance(node, ast.AugAssign):
        return [f"{ast.dump(node.target)}="]
    return [ast.dump(part) for part in _targets(node) if not isinstance(part, ast.Name)]


def _bound(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
        return
    waiting: list[ast.AST] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, ast.Name) and isinstance(each.ctx, (ast.Store, ast.Del)):
            yield each.id
        elif isinstance(each, _DEFINES):
            yield each.name
        elif isinstance(each, (ast.Import, ast.ImportFrom)):
            yield from _bound(each)
        if not isinstance(each, (*_DEFINES, ast.Lambda, ast.GeneratorExp)):
            waiting.extend(ast.iter_child_nodes(each))


def _reads(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        yield f"{node.value.id}.{node.attr}"
    if isinstance(node, ast.Lambda):
        yield from _reads(node.args)
    elif not isinstance(node, _DEFINES):
        for child in ast.iter_child_nodes(node):
            yield from _reads(child)


def _shape(node: ast.stmt) -> str:
    """Return what an unnamed statement keeps when its details change."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return f"call {ast.dump(node.value.func)}"
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return f"import {','.join(_bound(node))}"
    return type(node).__name__
