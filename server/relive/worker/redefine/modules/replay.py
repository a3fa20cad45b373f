"""What a module's plain statements gave when they ran: to see what the program changed since."""

from __future__ import annotations

import ast
import builtins
from functools import partial
from operator import attrgetter, itemgetter, methodcaller
from types import ModuleType

from relive.worker.redefine.modules.places import PlacesGiven, present
from relive.worker.redefine.modules.snapshot import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.reading.matching import Ran
    from relive.worker.redefine.reading.toplevel import TopLevel

_MADE_OF = (partial, attrgetter, itemgetter, methodcaller)
"""Values that are equal to no other one, though all they are is what they were made of."""
_MAKES = (
    ast.BinOp,
    ast.Constant,
    ast.Dict,
    ast.DictComp,
    ast.JoinedStr,
    ast.List,
    ast.ListComp,
    ast.Set,
    ast.SetComp,
)
"""Expressions whose value is an object that nobody else has, or that cannot change."""
_PASSING_ON = ("type", "memoryview", "ChainMap")
"""Classes whose call gives what was there, or what changes it."""


class Replay:
    """The values of plain statements, computed once more when somebody asks."""

    def __init__(
        self, ran: Ran, names: dict[str, Any], before: dict[str, Any], formers: dict[str, Any]
    ) -> None:
        """Replay in a module.

        Args:
            ran: its statements.
            names: its names as they are now.
            before: what names were that have just been given other values.
            formers: for classes that have got other data, what has the data they had.
        """
        self._formers = formers
        self._ran = ran
        self._names = names
        self._before = before
        self._replayed: dict[str, Any] | None = None
        self._given = PlacesGiven()

    def look(self) -> None:
        """Compute them now: live objects that they were made from are about to change."""
        self._values()

    def is_untouched(self, statement: TopLevel) -> bool:
        """Whether the names that `statement` binds still have the values it gave them.

        What cannot be computed any more (a name it used is deleted) counts as untouched.
        """
        replayed = self._values()
        return all(
            _same(replayed.get(name, ABSENT), self._names.get(name, ABSENT))
            for name in statement.binds
        )

    def are_untouched(self, places: list[ast.expr]) -> bool:
        """Whether attributes and items of live objects are what the statements gave them.

        What cannot be computed any more counts as touched: it would be overwritten.
        """
        self.look()
        pairs = ((self._given.at(place), present(place, self._names)) for place in places)
        known = ((one, now) for one, now in pairs if one is not ABSENT and now is not ABSENT)
        return sum(_same(*each) for each in known) == len(places)

    def _values(self) -> dict[str, Any]:
        if self._replayed is None:
            self._replayed = {**self._names, **self._formers, **self._before}
            now, own = dict(self._replayed), _Own(self._replayed)
            for each in self._ran:
                is_plain = each.is_plain_data(self._replayed)
                if each.places and is_plain:
                    self._given.compute(each, self._replayed)
                if is_plain and own.allows(each):
                    _run(each.node, self._replayed)
                    own.take(each)
                else:
                    own.give_up(each.binds, now)
        return self._replayed


class _Own:
    """Names whose objects the replay has made: a live one may not be added to or given items."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names
        self._made: set[str] = set()

    def allows(self, each: TopLevel) -> bool:
        """Whether running it changes no live object."""
        if each.adds_on and each.binds:
            return each.binds <= self._made or all(map(self._is_number, each.binds))
        return all(_owner(place) in self._made for place in each.places)

    def take(self, each: TopLevel) -> None:
        """Note what a statement has made that has just run."""
        value = getattr(each.node, "value", None)
        if each.adds_on or not isinstance(each.node, (ast.Assign, ast.AnnAssign)):
            return
        change = self._made.update if self._is_made(value) else self._made.difference_update
        change(each.binds)

    def give_up(self, names: set[str], now: dict[str, Any]) -> None:
        """Have names mean what they mean now: what gives them their value does not run."""
        self._made -= names
        for name in names & now.keys():
            self._names[name] = now[name]

    def _is_number(self, name: str) -> bool:
        return type(self._names.get(name)) in (bool, int, float, complex, str, bytes, tuple)

    def _is_made(self, value: ast.AST | None) -> bool:
        """Whether an expression makes an object, and is not one that is there already."""
        if isinstance(value, ast.Tuple):
            return all(map(self._is_made, value.elts))
        if isinstance(value, ast.Call):
            return _is_maker(self._called(value.func))
        return isinstance(value, _MAKES)

    def _called(self, function: ast.expr) -> Any:
        """Return what a name, or an attribute of a module, means that is called."""
        if isinstance(function, ast.Name):
            return self._names.get(function.id, vars(builtins).get(function.id))
        owner = self._names.get(_owner(function) or "")
        if isinstance(owner, ModuleType) and isinstance(function, ast.Attribute):
            return vars(owner).get(function.attr)
        return None


def _is_maker(called: Any) -> bool:
    """Whether it gives an object that is new: `max`, `next` or `getattr` give one that was there.

    So do `type` and, in a way, what shows another one's items as its own.
    """
    name = getattr(called, "__name__", None)
    return called is sorted or (isinstance(called, type) and name not in _PASSING_ON)


def _owner(place: ast.expr) -> str | None:
    """Return the name whose object an attribute or item belongs to, if it is written so."""
    owner = getattr(place, "value", None)
    return owner.id if isinstance(owner, ast.Name) else None


def _run(node: ast.stmt, scope: dict[str, Any]) -> None:
    try:
        exec(compile(ast.Module([node], type_ignores=[]), "<replay>", "exec"), scope)
    except Exception:
        pass  # it needs something that is gone: nothing is known of its value


def _same(one: Any, other: Any) -> bool:
    if one is other or one is ABSENT or other is ABSENT:
        return True
    try:
        if type(one) in _MADE_OF:
            one, other = (type(one), one.__reduce__()), (type(other), other.__reduce__())
        return type(one) is type(other) and bool(one == other)
    except Exception:  # such as an array, which compares element by element
        return False
