"""Definitions by key, as the image holds them: those of one name are found without the others."""

from __future__ import annotations

import os

from relive.worker.redefine.reading.definitions import Definition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Index = dict[str, dict[str, Definition]]
    Journal = dict[str, "Definition | None"]
    """What was held under the keys that something else, or nothing, is held under since."""


_NOTED = 1_000
"""Changes that are told one by one: whoever has heard of none of the last so many is told all."""


class Definitions(dict[str, Definition]):
    """Definitions by key, in order; they are put in and taken out by its own methods."""

    def __init__(self, definitions: Iterable[Definition] = ()) -> None:
        super().__init__()
        self._families: Index = {}
        """By the first part of the qualified name: a class, and all that is in it."""
        self._namesakes: Index = {}
        """By what only a copy's number is added to."""
        self._journal: Journal | None = None
        self._id = os.urandom(6).hex()
        self._noted: tuple[int, list[str]] = 0, []
        """The names that came or went, in order, and how many more there were before."""
        for each in definitions:
            self.put(each)

    def put(self, definition: Definition) -> None:
        """Hold `definition` under its key."""
        key = definition.key
        if self._journal is not None:
            self._journal.setdefault(key, self.get(key))
        self[key] = definition
        self._note(definition.name)
        self._families.setdefault(definition.outermost, {})[key] = definition
        self._namesakes.setdefault(definition.shared_key, {})[key] = definition

    def drop(self, key: str) -> None:
        """Hold what is under `key` no more."""
        gone = self.pop(key)
        self._note(gone.name)
        if self._journal is not None:
            self._journal.setdefault(key, gone)
        del self._families[gone.outermost][key], self._namesakes[gone.shared_key][key]

    def _note(self, name: str) -> None:
        before, names = self._noted
        names.append(name)
        if len(names) > 2 * _NOTED:
            self._noted = before + _NOTED, names[_NOTED:]

    @property
    def revision(self) -> str:
        """What tells what is held now from what was, and will be, held here or in another one."""
        before, names = self._noted
        return f"{self._id}:{before + len(names)}"

    def changed_since(self, revision: str) -> set[str] | None:
        """Return the names that something else may be held of since; None: that is not known.

        May be asked beside the thread that changes them.
        """
        identity, _, number = revision.partition(":")
        before, names = self._noted
        known = identity == self._id and int(number) >= before
        return set(names[int(number) - before :]) if known else None

    def named(self, name: str) -> list[Definition]:
        """Return those of a qualified name: several are the parts of a property."""
        return [each for each in self.family(name.partition(".")[0]) if each.name == name]

    def watch(self) -> Journal:
        """Write down what is held under each key from now on, before it changes."""
        self._journal = {}
        return self._journal

    def changed(self, journal: Journal) -> Iterator[tuple[str, Definition | None]]:
        """Watch no more; yield the keys that changed in the meantime, and what they held."""
        self._journal = None
        for key, before in journal.items():
            now = self.get(key)
            if now is not before and not (now is not None and now.is_same_as(before)):
                yield key, before

    def family(self, outermost: str) -> list[Definition]:
        """Return those whose qualified names begin with that name."""
        return list(self._families.get(outermost, {}).values())

    def only(self, shared_key: str) -> Definition | None:
        """Return the one that no copy has to be told apart from, if there is just one."""
        same = self._namesakes.get(shared_key, {})
        return next(iter(same.values())) if len(same) == 1 else None

    def namesakes(self, shared_key: str) -> list[Definition]:
        """Return those that only their copy tells apart."""
        return list(self._namesakes.get(shared_key, {}).values())
