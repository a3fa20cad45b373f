"""What planning a definition may ask of functions: each is one edit of its own."""

from __future__ import annotations

from relive.worker.redefine.functions.functions import FunctionEdit
from relive.worker.redefine.functions.rebind import Rebinding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.change import Change
    from relive.worker.redefine.planning import Planning
    from relive.worker.redefine.reading.definitions import Definition


class FunctionPlanner:
    """Plans the change of functions and methods."""

    def __init__(self, planning: Planning) -> None:
        self._planning = planning

    def plan(self, new: Definition, old: Definition | None, owner: Any) -> None:
        """Plan that what runs the old definition runs `new`."""
        FunctionEdit(self._planning, new, old, owner).plan()

    def bind_anew(self, new: Definition, owner: Any, outcome: str) -> None:
        """Run the statement and bind what it makes; whoever holds what was there follows."""
        old = self._planning.live.get(new.key)
        FunctionEdit(self._planning, new, old, owner).bind_anew(outcome)

    def mean(self, new: Definition, old: Definition | None, owner: Any) -> bool:
        """Have the name mean what the definition has made, or makes anew; False: it cannot."""
        return FunctionEdit(self._planning, new, old, owner).mean()

    def replace(self, new: Definition, owner: Any, made: Any, change: Change) -> None:
        """Plan that the name, names elsewhere and held functions go over to `made`."""
        Rebinding(self._planning, new, self._planning.live.get(new.key), owner, change).plan(made)
