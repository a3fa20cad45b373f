"""What a file's text has, without a look at each of its definitions."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.reading.known import Definitions
    from relive.worker.redefine.reading.runs import Run


class Bound:
    """The names that a text binds, gone through from its beginning."""

    def __init__(self) -> None:
        self._steps: list[tuple[Collection[str], bool]] = []

    def add(self, names: Collection[str]) -> None:
        """Note that names are bound, whatever was above."""
        self._steps.append((names, True))

    def take_away(self, names: Collection[str]) -> None:
        """Note that names are bound no more."""
        self._steps.append((names, False))

    def __contains__(self, name: str) -> bool:
        return next((bound for names, bound in reversed(self._steps) if name in names), False)


class Present:
    """The definitions of a text that are live."""

    def __init__(self, runs: list[Run], absent: set[Definition]) -> None:
        """Take those in `runs`, but for those that are `absent`."""
        self._runs = runs
        self._absent = absent

    def __len__(self) -> int:
        return sum(len(run.definitions) for run in self._runs) - len(self._absent)

    def named(self, names: set[str]) -> list[Definition]:
        """Return those of some names."""
        found = (each for run in self._runs for each in run.named(names))
        return [each for each in found if each not in self._absent]

    def without(self, names: set[str]) -> list[Definition]:
        """Return those of all other names, in order."""
        every = (each for run in self._runs for each in run.definitions)
        return [each for each in every if each.own_name not in names and each not in self._absent]


def all_of(runs: Iterable[Run]) -> list[Definition]:
    """Return the definitions of runs, in their order."""
    return [each for run in runs for each in run.definitions]


def in_turn(
    runs: list[Run], looked_at: list[Definition], changed: set[str]
) -> Iterator[Definition]:
    """Yield what is to be looked at; once names have `changed`, that is all that follows."""
    if changed:
        yield from all_of(runs)
        return
    for each in looked_at:
        yield each
        if changed:
            every = all_of(runs)
            yield from every[every.index(each) + 1 :]
            return


def gone_of(
    live: Definitions, names: set[str] | None, is_gone: Callable[[Definition], bool]
) -> list[Definition]:
    """Return the live definitions that a text has no more, in their order.

    `names`: of those to look at; None: all.
    """
    if names is not None:
        if not any(is_gone(each) for name in names for each in live.family(name)):
            return []  # as after nearly all edits: the others need not be gone through
        return [each for each in live.values() if each.own_name in names and is_gone(each)]
    return [each for each in live.values() if is_gone(each)]
