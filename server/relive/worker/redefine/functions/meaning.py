"""Which definition the object under a name was made from, where several have the name."""

from __future__ import annotations

from types import FunctionType

from relive.worker.redefine.finding.live import functions_in
from relive.worker.redefine.functions.trampoline import other_self_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType
    from typing import Any

    from relive.worker.redefine.planning import Planning
    from relive.worker.redefine.reading.definitions import Definition

NAMELESS = "_"
"""The name of what is registered somewhere, and looked up by no name."""
MEANS_ANOTHER = (
    "its name means another definition as before, since something holds what its decorators have "
    "been given, and they do not run twice; evaluate it to have the name mean it"
)


def is_of_namesake(planning: Planning, meant: Definition, bound: Any) -> bool:
    """Whether `bound` was made from another definition that has the name of `meant`.

    What wraps one of them may hold another one too; it is of the one that is come to first.
    """
    every = [*planning.live.namesakes(meant.shared_key), *planning.planned.values()]
    several = [each for each in every if each.shared_key == meant.shared_key]
    if isinstance(bound, type):
        classes = {each.key for each in several if each.kind == "class"}
        return bool(classes) and meant.key not in classes and bound.__qualname__ == meant.name
    keys = {id(code): each.key for each in several for code in each.own_codes}
    found = (keys.get(id(each)) for each in _codes(functions_in(bound, meant)))
    return next((key != meant.key for key in found if key is not None), False)


def reaches_namesake(planning: Planning, new: Definition, bound: Any) -> bool:
    """Whether what another definition of the name has made is behind it: a later one, a branch.

    That may be anywhere in what the name means; what comes first tells `is_of_namesake`.
    """
    codes = [each.__code__ for each in functions_in(bound, new)]
    # A namesake of this step may run its new code already.
    known = [*planning.live.namesakes(new.shared_key), *planning.planned.values()]
    others = [each for each in known if each.shared_key == new.shared_key and each.key != new.key]
    return any(code is own for code in codes for each in others for own in each.own_codes)


def _codes(functions: Iterable[FunctionType]) -> Iterable[CodeType]:
    return ((other_self_of(each) or each).__code__ for each in functions)
