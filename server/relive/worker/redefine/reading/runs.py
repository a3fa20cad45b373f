"""What a text is made of: definitions that stand side by side, and the statements between."""

from __future__ import annotations

from functools import cached_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, KeysView

    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.reading.edited import Edited, Replaced
    from relive.worker.redefine.reading.statements import Statement


class Run:
    """Definitions that stand side by side."""

    def __init__(self, first: int, definitions: list[Definition]) -> None:
        self.first = first
        """The number of the first one, among all statements of the text."""
        self.definitions = definitions

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Where in the run the definitions of each name are."""
        places: dict[str, list[int]] = {}
        for place, each in enumerate(self.definitions):
            places.setdefault(each.own_name, []).append(place)
        return places

    @property
    def names(self) -> KeysView[str]:
        """The names that they bind."""
        return self._places.keys()

    def named(self, names: set[str] | None) -> list[Definition]:
        """Return those of some names, in order; of few without a look at the others. None: all."""
        if names is None:
            return self.definitions
        if len(names) > len(self.definitions) // 8:  # as when all of a file has moved
            return [each for each in self.definitions if each.own_name in names]
        found = [place for name in names for place in self._places.get(name, ())]
        return [self.definitions[place] for place in sorted(found)]

    def with_(self, replaced: Replaced) -> Run:
        """Return the run with other definitions of the same names in it."""
        begin = replaced.first - self.first
        between = [each.definitions[0] for each in replaced.between.all]
        end = begin + len(between)
        new = Run(self.first, [*self.definitions[:begin], *between, *self.definitions[end:]])
        new._places = self._places
        return new


class Parts:
    """What a text is made of: runs of definitions, and the statements between them."""

    def __init__(self, all_: list[Run | Statement]) -> None:
        self.all = all_

    @classmethod
    def of(cls, statements: list[Statement]) -> Parts:
        """Return the parts of a text."""
        parts: list[Run | Statement] = []
        for number, each in enumerate(statements):
            if not each.is_definition:
                parts.append(each)
            elif parts and isinstance(parts[-1], Run):
                parts[-1].definitions.append(each.definitions[0])
            else:
                parts.append(Run(number, [each.definitions[0]]))
        return cls(parts)

    def edited(self, edited: Edited) -> Parts:
        """Return them with other definitions of the same names in the places of as many.

        No other statement is between those that were replaced together: they are all of one run.
        """
        parts = list(self.all)
        for replaced in edited.replaced:
            above = [
                (number, each)
                for number, each in enumerate(parts)
                if isinstance(each, Run) and each.first <= replaced.first
            ]
            if replaced.before.all:
                number, run = above[-1]
                parts[number] = run.with_(replaced)
        return Parts(parts)


class Others:
    """The statements of a text that make no scope."""

    def __init__(self, all_: Iterable[Statement]) -> None:
        self.all = list(all_)

    @cached_property
    def by_node(self) -> dict[ast.stmt, Definition]:
        """The definitions in them."""
        return {each.node: each for other in self.all for each in other.definitions}

    @cached_property
    def names(self) -> set[str]:
        """The names of those."""
        return {each.own_name for each in self.by_node.values()}
