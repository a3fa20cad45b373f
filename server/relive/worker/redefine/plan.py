"""Planning: from a new definition and the image to writes on live objects.

What a planner wants changed goes into a transaction, what will be true afterwards into the receipt.
It writes to the live program itself only names of the module that are new, or that a definition's
header binds: what is planned next has to find them. Where code is to run that has to find what is
planned so far, those writes are made before. Either is taken back if the step fails.
"""

from __future__ import annotations

from relive.worker.redefine.change import Change
from relive.worker.redefine.classes.classes import ClassPlanner
from relive.worker.redefine.finding.holders import find_holders
from relive.worker.redefine.finding.live import bound_to, functions_behind
from relive.worker.redefine.functions.build import attribute_name
from relive.worker.redefine.functions.meaning import is_of_namesake
from relive.worker.redefine.functions.planner import FunctionPlanner
from relive.worker.redefine.functions.trampoline import fitted
from relive.worker.redefine.reading.definitions import FUNCTIONS, Definition, listed
from relive.worker.redefine.refused import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.planning import Planning


_WHEN_WANTED = "evaluate the definition to have that follow"


class Planner:
    """Plans the change of one file's definitions within one transaction."""

    def __init__(self, planning: Planning) -> None:
        self._planning = planning
        self.functions = FunctionPlanner(planning)
        self._classes = ClassPlanner(planning, self)

    def plan(self, new: Definition) -> None:
        """Plan whatever makes the live program run `new`.

        Raises:
            Refused: it cannot be done in place.
            BaseException: what evaluating a default, annotation or decorator raises.
        """
        try:
            self._plan(new)
        except Refused as refusal:
            refusal.definition = refusal.definition or new
            raise

    def _plan(self, new: Definition) -> None:
        try:
            owner = self._planning.owner_of(new)
        except LookupError as missing:
            raise Refused(f"{missing.args[0]}; evaluate it first") from None
        old = self._planning.planned.get(new.key) or self._planning.live.get(new.key)
        self._planning.planned[new.key] = new
        if isinstance(new.node, FUNCTIONS):
            self.functions.plan(new, old, owner)
        else:
            self._planning.transaction.expect_anything()  # class bodies and metaclasses run
            self._classes.plan(new, old, owner)
        changed = self._planning.in_view(owner)
        if changed and new.key not in self._planning.decorated:
            self._tell_of_frame(new, changed)

    def _tell_of_frame(self, new: Definition, changed: set[str]) -> None:
        """Name changed values that decorators, bases or keywords were computed from, and stay."""
        used = set(filter(self._planning.is_another, new.framed_by(changed)))
        changes = self._planning.changes
        change = next((each for each in reversed(changes) if each.name == new.name), None)
        if used and change is not None and change.outcome in ("unchanged", "redefined"):
            change.add_reason(f"{_frame_of(new)} what has changed ({listed(used)}); {_WHEN_WANTED}")

    def plan_meant(self, meant: Definition, *, in_any_case: bool = False) -> bool:
        """Plan that a name means a definition that lives, if it means another one of the name.

        `in_any_case`: or anything else, which the text has given it before.
        """
        planning = self._planning
        owner = planning.owner_of(meant)
        old = planning.planned.get(meant.key) or planning.live.get(meant.key)
        planning.transaction.perform()  # what has been planned for them is found where it is
        if not (in_any_case or is_of_namesake(planning, meant, bound_to(meant, owner))):
            return False
        planning.planned[meant.key] = meant
        if in_any_case:
            planning.given_by_statements.add(meant.key)
        if isinstance(meant.node, FUNCTIONS):
            return self.functions.mean(meant, old, owner)
        return self._classes.mean(meant, owner)

    def made(self, gone: Definition, value: Any) -> bool:
        """Whether `value`, which a name meant, was not made from another definition of the name."""
        return not is_of_namesake(self._planning, gone, value)

    def finish(self) -> None:
        """Plan that what only moved in the file has its new lines, with one search for all."""
        moved, self._planning.moved = self._planning.moved, []
        find_holders(moved, self._planning.running)
        for pair in moved:
            for live in pair.live:
                code = fitted(pair.new, live)
                if code is not None:
                    self._planning.transaction.set_attribute(live, "__code__", code)

    def plan_removed(self, gone: Definition, *, as_made: bool | None = None) -> None:
        """Plan that the name goes, if it is still bound to what the text made.

        `as_made`: whether it is, as far as somebody knows.
        """
        module = self._planning.namespace.module
        try:
            owner = self._planning.owner_of(gone)
        except LookupError:
            return
        self._planning.forget_registered(gone)
        bound = bound_to(gone, owner)
        if bound is None:
            return
        if as_made is None:
            own = isinstance(owner, type) or getattr(bound, "__module__", None) == module.__name__
            as_made = own and (isinstance(bound, type) or bool(functions_behind(bound, gone)))
        if as_made:
            self._planning.unbind(owner, attribute_name(gone))
            self._planning.changes.append(Change.of(gone, "removed"))
        else:
            reason = "the program has bound the name to something else since, so it stays"
            change = Change(gone.name, gone.kind, "refused", reason)
            self._planning.changes.append(change)

    def plan_part_removed(self, gone: Definition) -> None:
        """Plan that a property is left without its getter, setter or deleter."""
        owner = self._planning.owner_of(gone)
        name = attribute_name(gone)
        bound = self._planning.scope(owner).get(name)
        if isinstance(bound, property) and getattr(bound, gone.role, None) is not None:
            parts = {each: getattr(bound, each) for each in ("fget", "fset", "fdel")}
            parts[gone.role] = None
            self._planning.bind(owner, name, type(bound)(**parts, doc=bound.__doc__))
            self._planning.changes.append(Change.of(gone, "removed"))


def _frame_of(new: Definition) -> str:
    is_class = not isinstance(new.node, FUNCTIONS)
    return "its decorators, bases or keywords use" if is_class else "its decorators use"
