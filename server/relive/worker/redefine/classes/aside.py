"""Running a class statement aside: it makes a second class, which nobody is to see.

Decorators, metaclasses and `__init_subclass__` may register what they get. So whoever holds the
second class afterwards is given the live one, and if the redefinition fails, what held the live one
is as it was.
"""

from __future__ import annotations

import ast
import copy
import gc
from types import FunctionType

from relive.worker.redefine.classes.containers import KINDS, copy_of, is_a, take_out
from relive.worker.redefine.classes.exchange import (
    Exchange,
    OwnDict,
    OwnList,
    forget_subclass,
    perform,
)
from relive.worker.redefine.finding.live import (
    class_behind,
    classes_called,
    functions_behind,
)
from relive.worker.redefine.functions.build import attribute_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.redefine.finding.live import Retired
    from relive.worker.redefine.planning import Planning
    from relive.worker.redefine.reading.class_text import ClassText
    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.reading.toplevel import DataStatement

_FIRST_BASE = "@first base"
_REMADE = (FunctionType, property, staticmethod, classmethod)
"""What a `def` in a class statement makes anew each time."""


class Aside:
    """A class statement run aside, next to the live class it is another text of."""

    __slots__ = ("_before", "_retired", "fresh", "live", "made", "text")

    def __init__(
        self,
        text: ClassText,
        live: type,
        owner: Any,
        planning: Planning,
        first_base: type | None = None,
        parts: Iterable[DataStatement] = (),
    ) -> None:
        """Run it.

        Args:
            text: what to run.
            live: the live class.
            owner: the class or module it stands in.
            planning: knows the module.
            first_base: a base to put in front of those of the text.
            parts: statements of it, to be told what the lambdas run that they make now.

        Raises:
            BaseException: what the statement raises; what it had registered is gone again.
        """
        self.text = text
        self.live = live
        self._retired = planning.kin.retired
        self._before = _Registries(live, self._retired)
        planning.transaction.already(self.drop)
        try:
            self.made = _run(text.definition, owner, planning, first_base, parts)
        except BaseException:
            self._before.drop_strays(live)
            raise
        self.fresh = class_behind(self.made, text.definition.name)

    def exchange(self, members: Iterable[Definition], *, itself: bool = True) -> Exchange:
        """Return what makes all holders of what was made hold what is live.

        Args:
            members: those that go on as the live objects they are.
            itself: whether the class does, too.
        """
        assert self.fresh is not None
        pairs = _counterparts(self.fresh, self.live, members)
        return Exchange(pairs if itself else pairs[1:], newcomers=True)

    def hide(self, exchange: Exchange, transaction: Any) -> None:
        """Make the exchange at once, taken back should the redefinition fail."""
        assert self.fresh is not None
        for undo in reversed(perform(exchange)):
            transaction.already(undo)
        forget_subclass(self.fresh)
        self._retired.add(self.fresh)

    def drop(self) -> None:
        """Take what the statement made out of all registries: nobody is to have it."""
        fresh = getattr(self, "fresh", None)
        if fresh is not None:
            self._before.drop(fresh)


def _run(
    definition: Definition,
    owner: Any,
    planning: Planning,
    first_base: type | None,
    parts: Iterable[DataStatement],
) -> Any:
    if first_base is None:
        return planning.build(definition, owner, decorated=True, parts=parts)
    definition = copy.copy(definition)
    definition.node = copy.copy(definition.node)
    name = ast.copy_location(ast.Name(_FIRST_BASE, ast.Load()), definition.node)
    definition.node.bases = [name, *definition.node.bases]  # type: ignore[attr-defined]
    scope = vars(planning.namespace.module)
    scope[_FIRST_BASE] = first_base
    try:
        return planning.build(definition, owner, decorated=True, parts=parts)
    finally:
        del scope[_FIRST_BASE]


class _Registries:
    """The containers that hold a class, with what they held before its statement ran again."""

    __slots__ = ("_held", "_namesakes", "_retired")

    def __init__(self, live: type, retired: Retired) -> None:
        self._retired = retired
        holders = [each for each in gc.get_referrers(live) if _may_register(each)]
        self._held = [(each, copy_of(each)) for each in holders]
        self._namesakes = OwnList(classes_called(live.__qualname__, live.__module__))

    def drop(self, stray: type) -> None:
        """Take a class out of whatever holds it."""
        held = {id(holder): before for holder, before in self._held}
        for holder in gc.get_referrers(stray):
            if _may_register(holder):
                take_out(holder, stray, held.get(id(holder)))
        forget_subclass(stray)
        self._retired.add(stray)

    def drop_strays(self, live: type) -> None:
        """Drop what a statement has made that then failed: nobody else knows of it."""
        for each in OwnList(classes_called(live.__qualname__, live.__module__)):
            if not any(each is other for other in self._namesakes):
                self.drop(each)


def _may_register(holder: Any) -> bool:
    namespace = type(holder) is dict and ("__name__" in holder or "__module__" in holder)
    return is_a(holder, *KINDS) and not namespace and not is_a(holder, OwnDict, OwnList)


def _counterparts(fresh: type, live: type, members: Iterable[Definition]) -> list[tuple[Any, Any]]:
    """Pair what the statement made, members and nested classes too, with what is live."""
    pairs: list[tuple[Any, Any]] = [(fresh, live)]
    pairs += [(each, live) for each in _forerunners(fresh)]
    made, had = vars(fresh), vars(live)
    for member in members:
        name = attribute_name(member)
        one, other = made.get(name), had.get(name)
        if isinstance(one, type) and isinstance(other, type):
            pairs += _nested(one, other)
        elif type(one) is type(other) and isinstance(one, _REMADE):
            pairs.append((one, other))
            pairs += zip(functions_behind(one, member), functions_behind(other, member))
    return pairs


def _forerunners(fresh: type) -> list[type]:
    """Return the classes a decorator has made `fresh` from, which methods still name."""
    functions = [each for each in vars(fresh).values() if isinstance(each, FunctionType)]
    cells = [
        cell
        for each in functions
        for name, cell in zip(each.__code__.co_freevars, each.__closure__ or ())
        if name == "__class__"
    ]
    held = {id(cell.cell_contents): cell.cell_contents for cell in cells}
    return [each for each in held.values() if isinstance(each, type) and each is not fresh]


def _nested(fresh: type, live: type) -> list[tuple[Any, Any]]:
    pairs: list[tuple[Any, Any]] = [(fresh, live)]
    for name, one in vars(fresh).items():
        other = vars(live).get(name)
        if isinstance(one, type) and isinstance(other, type) and one.__module__ == live.__module__:
            pairs += _nested(one, other)
        elif isinstance(one, _REMADE) and type(one) is type(other):
            pairs.append((one, other))
    return pairs
