"""The classes that a step changes, and those that are made from them."""

from __future__ import annotations

import sys

from relive.worker.redefine.classes.exchange import OwnDict, OwnList
from relive.worker.redefine.classes.generated import is_made
from relive.worker.redefine.reading.definitions import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.namespace import Namespace
    from relive.worker.redefine.reading.definitions import Definition


class Kin:
    """What planning one class has to know of the others of its step."""

    def __init__(self, image: Image) -> None:
        self.touched: dict[type, type] = OwnDict()
        """The classes that change, each with what takes its place."""
        self.remade: dict[type, type] = OwnDict()
        """Those whose statement has run aside: what is made from them is to be made anew."""
        self.stale: list[type] = OwnList()
        """Those whose statement has to run again because their bases did."""
        self.given_back: dict[type, set[str]] = OwnDict()
        """For classes, the attributes that an undo gives the objects back that they were."""
        self.retired = image.retired
        self.searched = image.searched()
        self.formers = image.formers
        """Classes that live on though others have their place."""
        self._image = image
        self._seen: list[type] = OwnList()

    def next_stale(self) -> tuple[Namespace, Definition] | None:
        """Return the next class to make again, with its module; bases come before subclasses."""
        for base in [each for each in self.remade.values() if each not in self._seen]:
            self._seen.append(base)
            for former in [base, *(old for old, new in self.touched.items() if new is base)]:
                subclasses: list[type] = type.__subclasses__(former)
                self.stale += [each for each in subclasses if self._is_made(each)]
                self.stale += self._typed_from(former)
        while self.stale:
            cls = self.stale[0]
            found = None if cls in self.remade else self.text_of(cls)
            if found is not None:
                return found
            self.stale.pop(0)
        return None

    def text_of(self, cls: type) -> tuple[Namespace, Definition] | None:
        """Return the module and definition of a live class, if its text is known."""
        module = sys.modules.get(cls.__module__)
        namespace = None if module is None else self._image.namespaces.of_module(module)
        if namespace is None:
            return None
        definition = self._image.definitions(namespace).get(cls.__qualname__)
        return None if definition is None else (namespace, definition)

    def in_force(self, namespace: Namespace, found: list[Definition]) -> list[Definition]:
        """Leave of definitions of one name the one that is live."""
        return self._image.in_force(namespace, found)

    def _typed_from(self, base: type) -> list[type]:
        """Return the typed dictionaries whose text has one as its base: Python keeps no note."""
        if not _is_typed_dict(base):
            return []
        modules = self._image.workspace_modules()
        values = [value for each in modules for value in list(vars(each).values())]
        typed = OwnDict((each, None) for each in values if _is_typed_dict(each))
        return [each for each in typed if any(one is base for one in self._bases_of(each))]

    def _bases_of(self, cls: type) -> list[Any]:
        """Return what the bases in a class's text mean."""
        found = self.text_of(cls)
        if found is None:
            return []
        scope, node = vars(found[0].module), found[1].node
        names = (name_of(each) for each in getattr(node, "bases", ()))
        return [_looked_up(name, scope) for name in names if name is not None]

    def _is_made(self, cls: type) -> bool:
        """Whether a class of known text is made from its bases by a decorator or metaclass."""
        found = self.text_of(cls)
        return found is not None and is_made(cls, found[1].decorators)


def _is_typed_dict(value: Any) -> bool:
    return isinstance(value, type) and type(value).__name__ == "_TypedDictMeta"


def _looked_up(name: str, scope: dict[str, Any]) -> Any:
    first, *rest = name.split(".")
    value = scope.get(first)
    for each in rest:
        value = getattr(value, "__dict__", {}).get(each)
    return value
