"""Definitions that went from one module to another: live objects and names go along.

A class stays the object it is, with what its new home makes of it; a function cannot, since its
globals are those of the module that made it: names go over to the new one, and the old one passes
calls on.
"""

from __future__ import annotations

from functools import partial
from types import FunctionType

from relive.worker.redefine.classes.exchange import Exchange
from relive.worker.redefine.classes.merge import NOT_MEMBERS, obstacle, plan_merge
from relive.worker.redefine.functions.trampoline import plan_passing_on
from relive.worker.redefine.modules.follow import Follower
from relive.worker.redefine.modules.snapshot import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.redefine.applying.transaction import Transaction
    from relive.worker.redefine.part import Part
    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.step import Step


def plan_moves(step: Step, image: Image) -> None:
    """Plan that what holds a definition that is gone from its file has it from its new home."""
    for part in step.parts:
        for gone, old in part.gone:
            others = [each for each in step.parts if each is not part]
            if old is ABSENT or gone.own_name in part.retaken:
                continue  # the name means another definition that was there before
            if any(_defines(each, gone.own_name, old) for each in others):
                continue  # the name means what is at home there already
            new = _new_home(gone, old, part, others, image)
            if new is not None:
                step.transaction.perform()  # the new one is found by who holds it
                _plan_move(gone, old, new, part, step, image)


def _defines(part: Part, name: str, value: Any) -> bool:
    return name in part.planned and part.scope.get(name) is value


def _new_home(gone: Definition, old: Any, part: Part, others: list[Part], image: Image) -> Any:
    """Return what the definition is now, of the same kind, if some other module has it."""
    candidates = [part.scope.get(gone.own_name)]
    candidates += [each.added.get(gone.own_name) for each in others]
    candidates += image.same_definition_elsewhere(gone, part.namespace)
    kind = type if isinstance(old, type) else FunctionType
    found = (each for each in candidates if isinstance(each, kind) and each is not old)
    return next((each for each in found if each.__name__ == gone.own_name), None)


def _plan_move(gone: Definition, old: Any, new: Any, part: Part, step: Step, image: Image) -> None:
    if isinstance(old, type):
        _plan_class(old, new, step.transaction)
    else:
        follower = Follower(part.namespace.module, image.sources, step.transaction)
        follower.follow(gone.own_name, old, new)
        if isinstance(old, FunctionType):
            plan_passing_on(old, new, step.transaction)


def _plan_class(old: type, new: type, transaction: Transaction) -> None:
    exchange = Exchange([(new, old)])
    if obstacle(old, new, exchange) is not None:
        return  # objects that exist stay of the old class, which goes on as it was
    before, after = dict(vars(old)), vars(new)
    plan_merge(old, new, transaction, set(), set(before) - set(after) - NOT_MEMBERS)
    transaction.set_attribute(old, "__module__", new.__module__)
    for name, value in before.items():
        made = after.get(name)
        if isinstance(value, FunctionType) and isinstance(made, FunctionType):
            plan_passing_on(value, made, transaction)
    for do, undo in exchange.writes:
        transaction.call(partial(do), partial(undo))
