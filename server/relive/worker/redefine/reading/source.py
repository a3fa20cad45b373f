"""A module's whole text, parsed: what it has in common with one before is not parsed again.

A file is long and an edit is short. Statements that begin at the margin are parsed one by one as
well as all together, so of an edited text only those are parsed that the edit touches. That a
piece stands on its own is seen by parsing it: what went on above it (`else`), is left open at its
end or is no longer in a string makes it no whole statements, and then all of the text is parsed.
"""

from __future__ import annotations

from functools import cached_property

from relive.worker.redefine.reading.definitions import flattened
from relive.worker.redefine.reading.edited import Edited, stretches
from relive.worker.redefine.reading.places import edits_between
from relive.worker.redefine.reading.runs import Others, Parts, Run
from relive.worker.redefine.reading.statements import parsed
from relive.worker.redefine.reading.toplevel import TopLevel, docstring_of
from relive.worker.redefine.reading.walk import everything, in_force

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator
    from typing import Any

    from relive.worker.redefine.reading.definitions import Definition


class Source:
    """A module's text, parsed.

    Its definitions are those of any text that has them in the same place. They are for reading:
    what the image holds are copies (`Definition.again`), which know what is live.
    """

    def __init__(self, text: str, file: str = "", former: Source | None = None) -> None:
        """Parse `text`, or what of it is other than in the `former` text.

        Raises:
            SyntaxError: with the place in `file`.
        """
        self.text = text
        self.docstring: str | None
        self._others: Others
        self._parts: Parts
        self._times: dict[str, int]
        """How often there are definitions of a key."""
        self.touched: set[str] | None = None
        """Names of the definitions that the former text had not, or elsewhere; None: maybe all."""
        known = None if former is None else former._edited(text)
        if former is None or known is None:
            self._statements = parsed(text, file)
            self._look_through()
            return
        self._statements, self.touched = known.all, known.touched
        if former._is_alike(known):
            self.docstring, self._others = former.docstring, former._others
            self._times, self._parts = former._times, former._parts.edited(known)
        else:
            self._look_through()

    def _look_through(self) -> None:
        """Learn of all statements what is to be known of them together."""
        self._times = self._statements.count_namesakes()
        self._others = Others(each for each in self._statements.all if not each.is_definition)
        self._parts = Parts.of(self._statements.all)
        self.docstring = docstring_of([each.node for each in self._statements.all[:1]])

    def _is_alike(self, edited: Edited) -> bool:
        """Whether this text has what an edited one has, each where it is, but for what is in it.

        That is when definitions are other that nothing shares its name with.
        """
        return not edited.is_moved and all(each.is_alike(self._times) for each in edited.replaced)

    @property
    def _definitions(self) -> list[Definition]:
        return [each for statement in self._statements.all for each in statement.definitions]

    @cached_property
    def by_key(self) -> dict[str, list[Definition]]:
        """The definitions outside classes; several under one name are in order."""
        found: dict[str, list[Definition]] = {}
        for each in self._definitions:
            found.setdefault(each.shared_key, []).append(each)
        return found

    def has_several(self, shared_key: str) -> bool:
        """Whether more than one definition outside classes has that key."""
        return self._times.get(shared_key, 0) > 1

    def in_force(self, scope: dict[str, Any]) -> Iterator[Definition | TopLevel]:
        """Yield what the interpreter would run in `scope`, as `walk.in_force` does."""
        for each in self.runs_in_force(scope):
            yield from each.definitions if isinstance(each, Run) else (each,)

    def runs_in_force(self, scope: dict[str, Any]) -> Iterator[Run | TopLevel]:
        """Do so, but yield definitions that stand side by side together."""
        for each in self._parts.all:
            if isinstance(each, Run):
                yield each
                continue
            for node in in_force([each.node], scope):
                found = self._others.by_node.get(node)
                yield TopLevel(node, each.shift) if found is None else Run(0, [found])

    def everything(self) -> Iterator[TopLevel]:
        """Yield all statements besides definitions that may be in force, in whichever branch."""
        for each in self._others.all:
            yield from everything([each.node], each.shift)

    @property
    def names_within(self) -> set[str]:
        """Names of the definitions in statements that make no scope: in branches, mostly."""
        return self._others.names

    def definitions_under(self, node: ast.stmt) -> list[Definition]:
        """Return the definitions in a statement that makes no scope."""
        by_node = self._others.by_node
        return [by_node[each] for each in flattened([node]) if each in by_node]

    def _edited(self, text: str) -> Edited | None:
        """Return what is known of a text that this one was edited to be.

        None: it is to be parsed whole.
        """
        old, edited = self._statements, Edited()
        for each in stretches(edits_between(self.text, text, old.starts), old.starts, self.text):
            begin = each.start + edited.characters
            new = text[begin : each.end + edited.characters + each.more]
            try:
                between = parsed(new)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return None
            edited.go_on_to(each.first, old)
            edited.replace(old.slice(each.first, each.last), between, begin)
            lines = new.count("\n") - self.text.count("\n", each.start, each.end)
            edited.move(each.more, lines)
        edited.go_on_to(len(old.all), old)
        return edited
