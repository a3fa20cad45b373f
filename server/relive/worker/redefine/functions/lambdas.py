"""Lambdas in statements that need not run again: the live ones get the new code where they are."""

from __future__ import annotations

from relive.worker.redefine.finding.holders import find_holders
from relive.worker.redefine.functions.swap import Swap
from relive.worker.redefine.reading.codes import Pair, pairs_between, same_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from relive.worker.redefine.planning import Planning
    from relive.worker.redefine.reading.codes import Coded
    from relive.worker.redefine.reading.definitions import Definition


def plan_lambdas(planning: Planning, old: Coded, new: Coded) -> Swap:
    """Plan that functions made from the text of `old` run the code of `new`, wherever they are.

    What differs in its lines only is put with all that moved.
    """
    new.succeed(old)
    pairs = pairs_between(old, new)
    swap = Swap(planning, old, new)
    changed = [each for each in pairs if not same_code(each.old, each.new, lines=False)]
    planning.moved += [each for each in pairs if not _is_among(each, changed)]
    find_holders(changed, planning.running)
    for pair in changed:
        swap.plan_inner(pair)
    return swap


def plan_inner(planning: Planning, old: Definition, new: Definition) -> None:
    """Plan that what stands in a function, or its header, runs the code of `new` wherever it is.

    The function itself is left to who plans this.
    """
    pairs = [each for each in pairs_between(old, new) if not _is_own(each, new)]
    swap = Swap(planning, old, new)
    find_holders(pairs, planning.running)
    for pair in pairs:
        swap.plan_inner(pair)


def _is_own(pair: Pair, definition: Definition) -> bool:
    return pair.outermost and pair.old.co_name == definition.own_name


def differ(old: Coded, new: Coded) -> bool:
    """Whether the functions of two texts do different things."""
    return len(old.codes) != len(new.codes) or not all(
        same_code(one, other, lines=False) for one, other in zip(old.codes, new.codes)
    )


def _is_among(pair: Pair, pairs: Iterable[Pair]) -> bool:
    return any(each is pair for each in pairs)
