"""What redefinitions have left behind in this worker: noted with each step, told when asked."""

from __future__ import annotations

from relive.worker.leftovers.bodies import Bodies, Body
from relive.worker.leftovers.making import class_made, is_making, making_of
from relive.worker.leftovers.objects import Objects
from relive.worker.leftovers.replaced import Replaced

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from relive.worker.history import Changed, History
    from relive.worker.leftovers.bodies import Place
    from relive.worker.namespace import Namespace
    from relive.worker.redefine.finding.live import Retired
    from relive.worker.redefine.part import Part
    from relive.worker.redefine.reading.known import Definitions


class Leftovers:
    """Old bodies, old objects, and replaced ones."""

    def __init__(self, history: History, retired: Retired) -> None:
        self._history = history
        self._retired = retired
        self._bodies = Bodies()
        self._objects = Objects()
        self._replaced = Replaced(retired)

    def take_in(self, parts: Iterable[Part], modules: Iterable[Changed]) -> None:
        """Note what a committed step has left behind."""
        for part in parts:
            for definition, code in part.exchanged:
                body = Body(code, definition.fingerprint, part.running)
                self._bodies.note((part.namespace.key, definition.name), body)
        for changed in modules:
            self._take_in_objects(changed)

    def _take_in_objects(self, changed: Changed) -> None:
        namespace, live = changed.namespace, changed.module.definitions
        for key, before in changed.before.items():
            now = live.get(key)
            known = before or now
            if known is None or not is_making(known) or making_of(before) == making_of(now):
                continue
            if before is None and changed.before.get(".".join(known.scopes), known) is None:
                continue  # the class is new
            cls = class_made(known, namespace.module, self._retired)
            if cls is not None:
                self._objects.note((namespace.key, known.name), making_of(before), cls)

    def note_replaced(self, namespace: Namespace, name: str, former: Any) -> None:
        """Note that the statement of a definition ran anew, and what its name meant before."""
        self._replaced.note((namespace.key, name), former)

    def bodies(self, namespace: Namespace, live: Definitions) -> dict[str, list[str]]:
        """Say by name who goes on with an old body."""
        found = {
            name: live.named(name) for key, name in self._bodies.places if key == namespace.key
        }
        return self._bodies.told(
            {
                (namespace.key, name): {each.fingerprint for each in definitions}
                for name, definitions in found.items()
                if definitions
            }
        )

    def old_objects(self, namespace: Namespace, live: Definitions, name: str) -> list[Any]:
        """Return the objects made before a definition, or one in it, made them otherwise."""
        found: dict[int, Any] = {}
        for place in self._places_in(namespace, name):
            making = making_of(live.get(place[1]))
            found.update((id(each), each) for each in self._objects.old(place, making))
        return list(found.values())

    def _places_in(self, namespace: Namespace, name: str) -> Iterator[Place]:
        for place in self._objects.places:
            key, own = place
            if key == namespace.key and (own == name or own.rpartition(".")[0] == name):
                yield place

    def names_with_old_objects(self, namespace: Namespace) -> set[str]:
        """Return the definitions that may have some."""
        own = [name for key, name in self._objects.places if key == namespace.key]
        classes = [name.rpartition(".")[0] for name in own]
        return {name for name in [*own, *classes] if name}

    def names_with_holders(self, namespace: Namespace) -> set[str]:
        """Return the definitions of which something may hold a replaced object."""
        return self._replaced.names(namespace.key)

    def holders(self, namespace: Namespace, name: str) -> list[Any]:
        """Return what holds an object that another one has replaced."""
        place = (namespace.key, name)
        if not self._replaced.has(place):
            return []
        return self._replaced.holders(place, self._history.holding())
