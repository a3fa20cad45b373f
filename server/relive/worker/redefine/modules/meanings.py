"""What names mean that a text binds more than once: what it binds them to last.

An edit may put definitions and statements that bind one name into another order, or take the last
one away. None of them need be another one for that, but what has the name is.
"""

from __future__ import annotations

from functools import cached_property
from types import FunctionType

from relive.worker.redefine.reading.namesakes import last_of, meant_anew

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.reading.known import Definitions
    from relive.worker.redefine.reading.matching import Ran
    from relive.worker.redefine.reading.runs import Run
    from relive.worker.redefine.reading.source import Source
    from relive.worker.redefine.reading.toplevel import TopLevel


COVERED = (
    "a class further down has its name, and takes its place whenever the file runs; nothing is "
    "known to live of this one"
)


class Meanings:
    """What the names mean that several definitions and statements of a new text bind."""

    def __init__(self, source: Source, live: Definitions, ran: Ran) -> None:
        """Compare `source` with the definitions that live and the statements that have run."""
        self._source = source
        self._live = live
        self._ran = ran
        self._waiting: dict[str, Definition] = {}
        """Definitions with others of the name below them, which may not be in force."""

    def to_come(self, looked_at: list[Definition]) -> dict[str, set[str]]:
        """Return the texts of namesakes that are further down, for those that have any."""
        source, found = self._source, {}
        for key in {each.shared_key for each in looked_at if source.has_several(each.shared_key)}:
            below = [each for each in source.by_key[key] if each.line > looked_at[-1].line]
            if below:
                found[key] = {each.source for each in below}
        return found

    def is_above(self, each: Definition) -> bool:
        """Whether it is new, and a definition further down has its name in any case."""
        source, key = self._source, each.shared_key
        if not source.has_several(key) or each.key in self._live:
            return False
        return source.by_key[key][-1].line > each.line and each.own_name not in source.names_within

    def is_last(self, each: Definition) -> bool:
        """Whether a definition come to is what its name means, and others have the name too."""
        key = each.shared_key
        if each.is_conditional or not self._is_shared(each):
            return False
        if any(other.line > each.line for other in self._source.by_key[key]):
            self._waiting[key] = each
            return False
        self._waiting.pop(key, None)
        return self._assigned.get(each.own_name, -1) < each.line

    def has_several(self, name: str) -> bool:
        """Whether a name is that of several definitions, or was."""
        return self._source.has_several(name) or len(self._live.namesakes(name)) > 1

    def is_covered_class(self, each: Definition) -> bool:
        """Whether a class has another one further down that takes its name in any case."""
        if each.kind != "class" or not self._source.has_several(each.shared_key):
            return False
        last = self._source.by_key[each.shared_key][-1]
        return last.kind == "class" and last.line > each.line and not last.node.col_offset

    def covered(
        self,
        statement: TopLevel,
        above: list[Run],
        looked_at: set[str] | None,
        scope: dict[str, Any],
    ) -> set[str]:
        """Return the names of definitions just come to that a statement gives what they mean.

        `looked_at`: the names whose definitions may be other ones than live; None: all.
        """
        names = statement.binds if looked_at is None else statement.binds & looked_at
        found = {name for name in names if any(name in run.names for run in above)}
        found -= statement.reads() if found else found
        is_plain = statement.is_import or (found and statement.is_plain_data(scope))
        return found if is_plain else set()

    def left(self, present: Mapping[str, Definition]) -> Iterator[Definition]:
        """Yield those whose namesakes below have turned out not to be in force."""
        for key, each in self._waiting.items():
            others = [other for other in present.values() if other.shared_key == key]
            if last_of(others) is each and self._assigned.get(each.own_name, -1) < each.line:
                yield each

    def is_new(self, each: Definition) -> bool:
        """Whether the name meant something else by the text before."""
        before = self._live.namesakes(each.shared_key)
        return self.former_statement(each) is not None or meant_anew([each], before) is not None

    def former_statement(self, each: Definition) -> TopLevel | None:
        """Return the statement that gave the name its value, below all definitions of it."""
        statement = self._former.get(each.own_name)
        last = last_of(self._live.namesakes(each.shared_key))
        return statement if last and statement and statement.line > last.line else None

    def regained(self, each: TopLevel, same: TopLevel, scope: dict[str, Any]) -> set[str]:
        """Return the names that a statement has again, which had a definition below it before.

        `same`: the statement as it was when it ran.
        """
        if each.is_deletion or each.adds_on:
            return set()
        return {
            name
            for name in each.binds
            if self.comes_back(name, scope) or self._is_regained(name, each, same, scope)
        }

    def _is_regained(
        self, name: str, each: TopLevel, same: TopLevel, scope: dict[str, Any]
    ) -> bool:
        before, value = self._live.namesakes(name), scope.get(name)
        last = last_of(before)
        if last is None or last.line < same.line:
            return False
        if any(other.line > each.line for other in self._source.by_key.get(name, ())):
            return False
        if isinstance(value, type):
            own_name = (value.__qualname__, value.__module__)
            return last.kind == "class" and own_name == (name, scope.get("__name__"))
        codes = (code for other in before for code in other.own_codes)
        return isinstance(value, FunctionType) and any(value.__code__ is each for each in codes)

    def comes_back(self, name: str, scope: dict[str, Any]) -> bool:
        """Whether a name that the text has deleted until now is to mean something again."""
        return name not in scope and name in self._undeleted

    @cached_property
    def _undeleted(self) -> set[str]:
        """The names that a statement has deleted which the new text has not."""
        had = {name for each in self._ran if each.is_deletion for name in each.binds}
        every = self._source.everything() if had else ()
        return had - {name for each in every if each.is_deletion for name in each.binds}

    def definitions_back(self, scope: dict[str, Any]) -> Iterator[Definition]:
        """Yield the definitions, live as the text has them, whose names it deletes no more."""
        for name in [name for name in self._undeleted if self.comes_back(name, scope)]:
            last = last_of(self._source.by_key.get(name, ()))
            if (
                last is not None
                and last.key in self._live
                and name not in self._source.names_within
            ):
                yield last

    def _is_shared(self, each: Definition) -> bool:
        return self.has_several(each.shared_key) or each.own_name in self._former

    @cached_property
    def _former(self) -> dict[str, TopLevel]:
        """The last statement of those that ran and bound a name."""
        return {name: each for each in self._ran for name in each.binds if not each.is_deletion}

    @cached_property
    def _assigned(self) -> dict[str, int]:
        """The last line of the new text where a statement binds a name."""
        every = self._source.everything()
        return {name: each.line for each in every for name in each.binds if not each.is_deletion}
