"""Definitions by key, as the image holds them: those of one name are found without the others."""

from __future__ import annotations

from relive.worker.redefine.reading.definitions import Definition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Index = dict[str, dict[str, Definition]]
    Journal = dict[str, "Definition | None"]
    """What was held under the keys that something else, or nothing, is held under since."""


class Definitions(dict[str, Definition]):
    """Definitions by key, in order; they are put in and taken out by its own methods."""

    def __init__(self, definitions: Iterable[Definition] = ()) -> None:
        super().__init__()
        self._families: Index = {}
        """By the first part of the qualified name: a class, and all that is in it."""
        self._namesakes: Index = {}
        """By what only a copy's number is added to."""
        self._journal: Journal | None = None
        for each in definitions:
            self.put(each)

    def put(self, definition: Definition) -> None:
        """Hold `definition` under its key."""
        key = definition.key
        if self._journal is not None:
            self._journal.setdefault(key, self.get(key))
        self[key] = definition
        self._families.setdefault(definition.outermost, {})[key] = definition
        self._namesakes.setdefault(definition.shared_key, {})[key] = definition

    def drop(self, key: str) -> None:
        """Hold what is under `key` no more."""
        gone = self.pop(key)
        if self._journal is not None:
            self._journal.setdefault(key, gone)
        del self._families[gone.outermost][key], self._namesakes[gone.shared_key][key]

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
