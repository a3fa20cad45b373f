"""Names elsewhere that hold what was replaced: `from m import X`, re-exports, star imports.

A function, class or other object of identity is followed wherever a module holds that very object,
unless it is another module's, and the name was an alias of it: `dump = json.dumps`. Data is
followed only where the source says that it was imported, since equal numbers and strings are often
one object.
"""

from __future__ import annotations

import sys
from types import FunctionType, ModuleType

from relive.worker.redefine.modules.snapshot import ABSENT
from relive.worker.redefine.reading.imports import binds_its_own, stars, takes, takes_everything

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from relive.worker.redefine.applying.transaction import Transaction
    from relive.worker.sources import Sources

_SHARED = (int, float, complex, str, bytes, bool, tuple, frozenset, type(None))
"""Types of which unrelated names may hold one and the same object."""


class Follower:
    """Plans that names in other modules follow a replaced object."""

    def __init__(self, home: ModuleType, sources: Sources, transaction: Transaction) -> None:
        self._home = home
        self._sources = sources
        self._transaction = transaction
        self.followed: list[tuple[ModuleType, str, Any]] = []
        """Names in other modules that have followed, and what they were."""
        self.spread_to: list[tuple[ModuleType, str]] = []
        """Names that are new in modules which import everything from the home module."""

    def follow(
        self, name: str, old: Any, new: Any, *, own: bool = True, defined: bool = False
    ) -> int:
        """Plan that whoever took `name` of the home module while it was `old` has `new`.

        `own`: the home module had made the object for just this name; else others may hold it for
        other reasons, and only those count whose text imports the name from here. `defined`: it
        was made from a definition of that name, whatever decorators have put in its place.

        Returns:
            How many names follow.
        """
        every = set(self._holders(old))
        holders = self._importers_among(every, name) | self._followed_before(name, old)
        if own and not isinstance(old, _SHARED):
            is_own = defined or _is_made_in(self._home, old)
            if is_own or not any(self._has_its_own(*each) for each in every - holders):
                holders = every
        for module_name, local in holders:
            module = sys.modules[module_name]
            self._transaction.set_item(vars(module), local, new)
            self.followed.append((module, local, old))
        if holders:
            key = (self._home.__name__, name)
            self._sources.followed.setdefault(key, set()).update(holders)
        return len(holders)

    def _followed_before(self, name: str, old: Any) -> set[tuple[str, str]]:
        """Return names that have followed this one before, and still hold what it was.

        None that a text has come to give its value by itself, which may be an equal one.
        """
        known = self._sources.followed.get((self._home.__name__, name), ())
        scopes = {each: vars(sys.modules[each[0]]) for each in known if each[0] in sys.modules}
        still = [each for each, scope in scopes.items() if scope.get(each[1], self) is old]
        return {each for each in still if not self._has_its_own(*each)}

    def take_back(self) -> None:
        """Bring names that have followed back, also where their module was read after that."""
        for module, local, old in reversed(self.followed):
            if old is ABSENT:
                vars(module).pop(local, None)
            else:
                vars(module)[local] = old

    def spread(self, name: str, value: Any) -> None:
        """Plan that modules which import everything from the home module get a new name of it."""
        passing_on = [self._home]
        while passing_on:
            home = passing_on.pop()
            if _is_public(name, vars(home)):
                passing_on += self._give(home, name, value)

    def _give(self, home: ModuleType, name: str, value: Any) -> list[ModuleType]:
        """Plan that modules which import everything from one get a new name; return them."""
        given = []
        for _, module in self._others():
            absent = name not in vars(module) and self._may_import(module)
            absent = absent and (module, name) not in self.spread_to
            if absent and takes_everything(module, home.__name__, self._sources):
                self._transaction.set_item(vars(module), name, value)
                self.followed.append((module, name, ABSENT))
                self.spread_to.append((module, name))
                given.append(module)
        return given

    def follow_what_is_public(self, before: dict[str, Any]) -> None:
        """Plan the same for names that the home module had, or has got, but did not let out.

        And that those modules lack again what it lets out no more, unless they have it otherwise.
        """
        now = vars(self._home)
        for name in _let_out(now) - _let_out(before):
            self.spread(name, now[name])
        for name in _let_out(before) - _let_out(now):
            self._withdraw(name, [before[name], now.get(name, ABSENT)])

    def _withdraw(self, name: str, values: list[Any]) -> None:
        passing_on = [self._home]
        while passing_on:
            home = passing_on.pop()
            for _, module in self._others():
                has = any(vars(module).get(name, self) is each for each in values)
                if has and self._may_import(module) and self._has_from(module, name, home):
                    self._transaction.delete_item(vars(module), name)
                    passing_on.append(module)

    def _has_from(self, module: ModuleType, name: str, home: ModuleType) -> bool:
        """Whether a module has a name by importing everything from one, and in no other way."""
        origins = stars(module, name, self._sources)
        others = [sys.modules.get(each) for each in origins if each != home.__name__]
        scopes = [vars(each) for each in others if isinstance(each, ModuleType)]
        has_otherwise = any(name in _let_out(each) for each in scopes)
        return home.__name__ in origins and not has_otherwise

    def _holders(self, old: Any) -> Iterator[tuple[str, str]]:
        for key, module in self._others():
            for local, value in list(vars(module).items()):
                if value is old:
                    yield key, local

    def _has_its_own(self, key: str, local: str) -> bool:
        """Whether a module has a name by itself, or from elsewhere, and not from the home module.

        What nobody has a text of, such as the scratch module, may have it from there.
        """
        module = sys.modules[key]
        file = getattr(module, "__file__", None)
        if not isinstance(file, str):
            return getattr(module, "__spec__", None) is not None or key == "sys"
        is_read = self._sources.loaded(file) or self._sources.shown(file)
        return not is_read or binds_its_own(module, local, self._home, self._sources)

    def _importers_among(self, held: set[tuple[str, str]], name: str) -> set[tuple[str, str]]:
        """Return those of some names that are imported, also by way of one another."""
        found: set[tuple[str, str]] = set()
        keys = {key for key in {key for key, _ in held} if self._may_import(sys.modules[key])}
        candidates = [each for each in held if each[0] in keys]
        waiting = [(self._home.__name__, name)]
        while waiting:
            source, taken = waiting.pop()
            for key, local in candidates:
                module = sys.modules[key]
                if (key, local) not in found and takes(module, local, source, taken, self._sources):
                    found.add((key, local))
                    waiting.append((key, local))  # a package that passes it on
        return found

    def _others(self) -> Iterator[tuple[str, ModuleType]]:
        for key, module in list(sys.modules.items()):
            if isinstance(module, ModuleType) and module is not self._home:
                yield key, module

    def _may_import(self, module: ModuleType) -> bool:
        """Whether its text is worth a look: one of the workspace, or of the same package."""
        file = getattr(module, "__file__", None)
        if not isinstance(file, str) or self._sources.loaded(file) or self._sources.shown(file):
            return True
        return _top(module) == _top(self._home)


def _is_made_in(home: ModuleType, value: Any) -> bool:
    """Whether a value is a function or class that the code of a module has made."""
    if isinstance(value, FunctionType):
        return value.__globals__ is vars(home)
    return isinstance(value, type) and vars(value).get("__module__") == home.__name__


def _is_public(name: str, scope: dict[str, Any]) -> bool:
    """Whether importing everything from a module of this scope takes a name."""
    public = scope.get("__all__")
    return not name.startswith("_") if public is None else name in public


def _let_out(scope: dict[str, Any]) -> set[str]:
    return {
        name for name in scope.get("__all__", scope) if name in scope and _is_public(name, scope)
    }


def _top(module: ModuleType) -> str:
    return module.__name__.partition(".")[0]
