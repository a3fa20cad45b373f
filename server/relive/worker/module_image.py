"""What is live of one module: its definitions, the statements that ran, and their texts."""

from __future__ import annotations

from types import MappingProxyType

from relive.worker.redefine.functions.trampoline import target_of
from relive.worker.redefine.reading.definitions import Definition
from relive.worker.redefine.reading.known import Definitions
from relive.worker.redefine.reading.loaded import as_it_ran
from relive.worker.redefine.reading.matching import Ran, matched
from relive.worker.redefine.reading.origins import attach, attach_lambdas, outlive, take_over
from relive.worker.redefine.reading.settled import Settled
from relive.worker.redefine.reading.source import Source
from relive.worker.redefine.reading.toplevel import TopLevel, single
from relive.worker.redefine.reading.walk import is_compound

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable, Mapping
    from types import CodeType, FunctionType
    from typing import Any
    from weakref import ref

    Choose = Callable[[list[Definition]], list[Definition]]


class ModuleImage:
    """The live part of a module's text."""

    def __init__(self, origin: str | None, choose: Choose) -> None:
        """Begin with nothing; `choose` picks the live one of definitions that share a name."""
        self._choose = choose
        self.origin = origin
        """The text the module was loaded from; one that is loaded anew has another."""
        self.source: Source | None = None
        """The text that was last brought in whole, if there is one."""
        self.settled: Settled | None = None
        """What is known to be live as that text has it."""
        self.definitions = Definitions()
        """By qualified name, those in classes too."""
        self._altered: set[str] = set()
        """Classes of which something was changed alone: their own text tells only a part."""
        self.ran = Ran()
        """The statements that have run, besides definitions."""
        self._passing: dict[str, list[ref[FunctionType]]] = {}
        """Functions by the name they were made under, that pass calls on to what it means."""

    def read(self, source: Source, scope: dict[str, Any]) -> None:
        """Take what of `source` is in force in `scope`, the module's names after it has run."""
        self.source = source
        found: list[Definition] = []
        ran: list[TopLevel] = []
        for each in source.in_force(as_it_ran(scope)):
            if isinstance(each, Definition):
                found.append(each)
            else:
                ran.append(each)
                if is_compound(each.node):
                    found += source.definitions_under(each.node)
        self.ran = Ran(ran)
        for each in self._choose(found):
            self.put(each.again())

    @property
    def text(self) -> str:
        """The text that was last brought in whole."""
        return "" if self.source is None else self.source.text

    @property
    def docstring(self) -> str | None:
        """What the text says of the module."""
        return None if self.source is None else self.source.docstring

    def in_branches_taken(self, found: list[Definition]) -> list[Definition]:
        """Leave out definitions of one name, all there are, whose branch has not run."""
        key = found[0].shared_key
        every = {} if self.source is None else self.source.by_key
        if len(found) != len(every.get(key, ())):
            return found
        live = [each.place for each in self.definitions.namesakes(key)]
        return [each for each in found if each.place in live]

    def take(self, other: ModuleImage) -> None:
        """Become what `other` is."""
        self.source = other.source
        self.definitions, self.ran = other.definitions, other.ran

    def attach(self, code: CodeType) -> None:
        """Take from what the whole text was compiled to the code of functions made from it."""
        attach(self.definitions.values(), code)
        attach_lambdas(self.ran, code)

    def outlive(self, before: ModuleImage, *, loaded_anew: bool) -> None:
        """Take what is known of functions made before the text was read once more.

        `loaded_anew`: they were made by an earlier run of the text.
        """
        for key in self.definitions.keys() & before.definitions.keys():
            new, old = self.definitions[key], before.definitions[key]
            if loaded_anew or new.source != old.source:
                outlive(new, old)
            else:
                take_over(new, old)
        if not loaded_anew:
            for ran, new_one in matched(before.ran, self.ran):
                new_one.take_over(ran)

    def note_passing(self, name: str, functions: Iterable[ref[FunctionType]]) -> None:
        """Remember functions that were made under a name, and pass calls on to what it means."""
        known = [each for each in self._passing.get(name, ()) if each() is not None]
        self._passing[name] = list(dict.fromkeys([*known, *functions]))

    def passing_on(self, name: str, meant: Any) -> list[FunctionType]:
        """Return those of them that pass calls on to `meant`."""
        known = [each() for each in self._passing.get(name, ())]
        return [each for each in known if each is not None and target_of(each) is meant]

    def put(
        self, new: Definition, planned: Mapping[str, Definition] = MappingProxyType({})
    ) -> None:
        """Make the image hold `new` and, of a class, what is in it and nothing that was.

        `planned`: definitions of the new text that have been compiled, by key.
        """
        inside = self._choose(new.members())
        for each in inside:
            known = planned.get(each.key) or self.definitions.get(each.key)
            if known is not None:
                take_over(each, known)
        self.drop(new)
        for each in (new, *inside):
            self.definitions.put(each)

    def has(self, new: Definition) -> bool:
        """Whether a definition is what is live, all that is in it too, and where it is."""
        return new.is_same_as(self.definitions.get(new.key)) and new.name not in self._altered

    def is_altered(self, definition: Definition) -> bool:
        """Whether a class's own text tells only a part of it."""
        return definition.name in self._altered

    def settle(self, source: Source, other: set[str]) -> None:
        """Hold a text that is brought in; what is live is as it has it, but for `other` names."""
        self.source = source
        self.settled = Settled(source, self.definitions, other)

    def to_look_at(self, source: Source, former: Source | None) -> set[str] | None:
        """Return the names whose definitions in `source`, once `former`, may not be what is live.

        None: that may be all. It is told once: an edit that is given up may have numbered
        definitions that the texts share.
        """
        settled, self.settled = self.settled, None
        if settled is None or former is not settled.source:
            return None
        return settled.to_look_at(source, self.definitions)

    def drop(self, gone: Definition) -> None:
        """Forget a definition and what is in it."""
        inside = gone.name + "."
        for key in [each.key for each in self.definitions.family(gone.outermost)]:
            if key == gone.key or key.startswith(inside):
                self.definitions.drop(key)
        self._altered = {each for each in self._altered if not f"{each}.".startswith(inside)}
        self._altered.update(".".join(gone.scopes[: n + 1]) for n in range(len(gone.scopes)))

    def note_ran(self, ran: Iterable[tuple[ast.stmt, CodeType]]) -> None:
        """Record statements that ran, in the place of those they are another text of."""
        for each in [part for node, code in ran for part in _parts(node, code)]:
            self.ran.note(each)


def _parts(node: ast.stmt, code: CodeType) -> list[TopLevel]:
    parts = [TopLevel(part) for part in single(node)]
    attach_lambdas(parts, code)
    return parts
