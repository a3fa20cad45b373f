"""What is known of the values of modules' names, as one text runs after the other."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable
from functools import lru_cache
from textwrap import dedent

from relive.source.acting.following import MayActError
from relive.source.acting.statements import Statements
from relive.source.acting.values import ATOM, BOX, UNKNOWN, Class, Kind, Scope, Value
from relive.source.nodes import syntax_tree

_TEXTS_KEPT = 512
_ATOMS = ("NoneType", "bool", "bytes", "complex", "float", "int", "str")
_BOXES = ("bytearray", "dict", "frozenset", "list", "set", "tuple")


class Knowledge:
    """Follows the texts that ran, in their order; what cannot be followed makes it know less."""

    def __init__(self) -> None:
        self._modules: dict[str | None, Scope] = {}
        self._classes: list[Class] = []
        self._followed: set[str] = set()
        """Functions that were followed, and did not act."""

    def runs(
        self,
        file: str | None,
        text: str,
        shadowed: Iterable[str] = (),
        entered: Collection[str] = (),
    ) -> bool:
        """Take in a text that ran in a file's module; return whether it may have acted.

        Args:
            file: the file; None: the scratch module.
            text: the code.
            shadowed: names that its document binds, whether that has run or not.
            entered: functions of the workspace that it was seen to run, by qualified name; also
                some that ran before it.
        """
        tree = parsed(text)
        if tree is None:
            return True
        followed = self._followed_in(self._module(file), tree, shadowed)
        if followed is None:
            self._forget_bound(file, tree)
            return True
        if all(isinstance(each, (ast.Import, ast.ImportFrom)) for each in tree.body):
            return False  # what an import runs is not looked at
        self._followed |= followed
        return not self._followed.issuperset(map(_own, entered))

    def fails(self, file: str | None, text: str, shadowed: Iterable[str] = ()) -> bool:
        """Take in a text that did not come to its end; return whether it may have acted."""
        acted, tree = self.runs(file, text, shadowed), parsed(text)
        if tree is not None:
            self._forget_bound(file, tree)
        return acted

    def is_of(self, file: str | None, name: str, type_: str) -> None:
        """Note the type that a name's value was seen to have."""
        scope = self._module(file)
        if scope.names.get(name) is UNKNOWN:
            scope.names[name] = _of_type(type_)

    def wrote(self, names: Iterable[tuple[str | None, str]]) -> None:
        """Note that names were bound by what could not be followed."""
        for file, name in names:
            self._module(file).names[name] = UNKNOWN

    def changed(self, names: Iterable[tuple[str | None, str]]) -> None:
        """Note that what names stand for was changed in place by what could not be followed."""
        for file, name in names:
            scope = self._module(file)
            former = scope.names.get(name, UNKNOWN)
            _doubt(former)
            scope.names[name] = max(former, BOX) if isinstance(former, Kind) else UNKNOWN

    def forget(self) -> None:
        """Note that anything may be anything else by now."""
        for scope in self._modules.values():
            scope.names = dict.fromkeys(scope.names, UNKNOWN)

    def redefined(self, file: str | None, name: str, text: str | None) -> bool:
        """Take in a definition that was changed in the process; whether that may have acted.

        Args:
            file: the file of its module.
            name: its qualified name.
            text: what it is now; None: it is gone, or nobody knows.
        """
        outermost, _, inner = name.partition(".")
        scope = self._module(file)
        former = scope.names.get(outermost)
        self._followed.discard(_own(name))
        if text is None or (inner and "." in inner):
            _doubt(former)
            scope.names[outermost] = UNKNOWN
            return text is not None and self._apart(file, text)
        if not inner:
            acted = self.runs(file, dedent(text))
            _take_over(scope, outermost, former)
            return acted
        if not isinstance(former, Class):
            return self._apart(file, text)
        return self._redefined_in(file, former, inner, text)

    def _redefined_in(self, file: str | None, kind: Class, name: str, text: str) -> bool:
        tree = parsed(dedent(text))
        if tree is None or len(tree.body) != 1:
            _doubt(kind)
            return True
        kind.members[name] = tree.body[0]
        return self._apart(file, text)

    def _apart(self, file: str | None, text: str) -> bool:
        """Tell whether what a text runs may act, where it binds names of no module."""
        tree = parsed(dedent(text))
        return tree is None or self._followed_in(Scope(self._module(file)), tree, ()) is None

    def _followed_in(
        self, scope: Scope, tree: ast.Module, shadowed: Iterable[str]
    ) -> set[str] | None:
        """Follow a text to its end; return the functions that it calls, None: it may act."""
        following = Statements(list(self._modules.values()), self._classes, shadowed)
        try:
            with following.within(scope):
                following.run(tree.body)
        except (MayActError, RecursionError):
            return None
        return following.followed

    def _module(self, file: str | None) -> Scope:
        return self._modules.setdefault(file, Scope())

    def _forget_bound(self, file: str | None, tree: ast.Module) -> None:
        """Forget what a text binds that may not have been followed to its end."""
        names = self._module(file).names
        for node in ast.walk(tree):
            match node:
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                    names[name] = UNKNOWN
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    names[name] = UNKNOWN
                case ast.ClassDef(name=name):
                    names[name] = UNKNOWN
                case ast.alias(name=name, asname=other):
                    names[other or name.partition(".")[0]] = UNKNOWN


def _take_over(scope: Scope, name: str, former: Value | None) -> None:
    """Have the objects of a class go by the text that it has now."""
    now = scope.names.get(name)
    if isinstance(former, Class) and isinstance(now, Class):
        former.node, former.bases, former.members = now.node, now.bases, now.members
        scope.names[name] = former


def _doubt(value: Value | None) -> None:
    """Know nothing of the objects of a class any more, if it is one."""
    if isinstance(value, Class):
        value.members = {"__getattr__": ast.Pass()}  # which stands for what nobody can tell


def _own(qualified: str) -> str:
    """Return what a function is called where it is defined."""
    return qualified.partition(".<locals>")[0].rpartition(".")[2]


def _of_type(name: str) -> Value:
    if name in _ATOMS:
        return ATOM
    return BOX if name in _BOXES else UNKNOWN


@lru_cache(maxsize=_TEXTS_KEPT)
def parsed(text: str) -> ast.Module | None:
    """Return the tree of a text; None: nothing is known of it, as it cannot be parsed."""
    try:
        return syntax_tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@lru_cache(maxsize=_TEXTS_KEPT)
def may_act(text: str) -> bool:
    """Return whether running `text` may do something outside, knowing nothing of what ran."""
    return Knowledge().runs(None, text)
