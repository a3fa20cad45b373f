"""What is live of one module: its definitions, the statements that ran, and their texts."""

from __future__ import annotations

from relive.worker.redefine.definitions import Definition, Source
from relive.worker.redefine.toplevel import TopLevel, single
from relive.worker.redefine.walk import in_force, is_compound

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable
    from typing import Any

    Choose = Callable[[list[Definition]], list[Definition]]


class ModuleImage:
    """The live part of a module's text."""

    def __init__(self, origin: str | None, choose: Choose) -> None:
        """Begin with nothing; `choose` picks the live one of definitions that share a name."""
        self._choose = choose
        self.origin = origin
        """The text the module was loaded from; one that is loaded anew has another."""
        self.document = origin or ""
        """The text that was last brought in whole."""
        self.definitions: dict[str, Definition] = {}
        """By qualified name, those in classes too."""
        self._altered: set[str] = set()
        """Classes of which something was changed alone: their own text tells only a part."""
        self.ran: list[TopLevel] = []
        """The statements that have run, besides definitions."""
        self.docstring: str | None = None

    def read(self, source: Source, scope: dict[str, Any]) -> None:
        """Take what of `source` is in force in `scope`, the module's names after it has run."""
        self.docstring = source.docstring
        found: list[Definition] = []
        for node in in_force(source.nodes, scope):
            if source.defines(node):
                found.append(source.definition(node))
            else:
                self.ran.append(TopLevel(node))
                if is_compound(node):
                    found += source.definitions_under(node)
        for each in self._choose(found):
            self.put(each)

    def take(self, other: ModuleImage) -> None:
        """Become what `other` is."""
        self.document, self.docstring = other.document, other.docstring
        self.definitions, self.ran = other.definitions, other.ran

    def put(self, new: Definition) -> None:
        """Make the image hold `new` and, of a class, what is in it and nothing that was."""
        members = self._choose(new.members())
        self.drop(new)
        self.definitions.update((each.key, each) for each in [new, *members])

    def has(self, new: Definition) -> bool:
        """Whether a definition is what is live, all that is in it too, and where it is."""
        return new.is_same_as(self.definitions.get(new.key)) and new.name not in self._altered

    def drop(self, gone: Definition) -> None:
        """Forget a definition and what is in it."""
        inside = gone.name + "."
        for key in [key for key in self.definitions if key == gone.key or key.startswith(inside)]:
            del self.definitions[key]
        self._altered = {each for each in self._altered if not f"{each}.".startswith(inside)}
        self._altered.update(".".join(gone.scopes[: n + 1]) for n in range(len(gone.scopes)))

    def note_ran(self, nodes: Iterable[ast.stmt]) -> None:
        """Record statements that ran, in the place of those they are another text of."""
        for each in [TopLevel(part) for node in nodes for part in single(node)]:
            places = [at for at, other in enumerate(self.ran) if _is_former(other, each)]
            if places:
                self.ran[places[0]] = each
            else:
                self.ran.append(each)


def _is_former(old: TopLevel, new: TopLevel) -> bool:
    return old.text == new.text or bool(new.binds and old.key == new.key)
