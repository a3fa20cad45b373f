"""Which statements came of which names, so that a change of one need not look at all of them."""

from __future__ import annotations

from collections.abc import Callable

from relive.session.units import DefinitionChanged, Name, Unit, classes_around, mentions


class Users:
    """Units by what they came from."""

    def __init__(self, text_of: Callable[[Name], str | None]) -> None:
        """Begin with none; `text_of` returns the text of a definition, if it is known."""
        self._text_of = text_of
        self._by_name: dict[Name, dict[Unit, None]] = {}
        self._inside: dict[Name, dict[Unit, None]] = {}
        """By the classes whose methods they ran."""

    def add(self, unit: Unit) -> None:
        """Note what a unit came from."""
        for name in unit.trace.needs:
            self.note(name, unit)
        for name in unit.trace.ran:
            for outer in classes_around(name):
                self._inside.setdefault(outer, {})[unit] = None

    def note(self, name: Name, unit: Unit) -> None:
        """Note one name that a unit came from."""
        self._by_name.setdefault(name, {})[unit] = None

    def forget(self, unit: Unit) -> None:
        """Forget a unit."""
        for name in unit.trace.needs:
            self._by_name.get(name, {}).pop(unit, None)
            for outer in classes_around(name):
                self._inside.get(outer, {}).pop(unit, None)

    def of(self, name: Name) -> list[Unit]:
        """Return the units that came of a name."""
        return list(self._by_name.get(name, ()))

    def are_known(self, name: Name) -> bool:
        """Whether any unit ever came of a name."""
        return name in self._by_name

    def concerned(self, change: DefinitionChanged) -> list[Unit]:
        """Return the units whose results a change of a definition may make others.

        Who reads a class, and runs none of its methods that changed, is concerned only if its text
        mentions the method, or Python calls it by itself. By one that is new or gone also if what
        ran may call it, such as one of a base that it hides.
        """
        found = {**self._by_name.get(change.name, {}), **self._inside.get(change.name, {})}
        own = change.name[1].rpartition(".")[2]
        is_called_unseen = own.startswith(("__", "_repr_"))
        for outer in classes_around(change.name):
            for unit in self._by_name.get(outer, ()):
                is_meant = is_called_unseen or mentions(unit.text, own)
                if is_meant or (change.outcome != "redefined" and self._may_call(unit, own)):
                    found[unit] = None
        return list(found)

    def _may_call(self, unit: Unit, method: str) -> bool:
        """Whether what a unit ran may call a method of this name, or one of a base does so."""
        return any(self._mentions_inside(name, method) for name in unit.trace.ran)

    def _mentions_inside(self, function: Name, method: str) -> bool:
        if function[1].rpartition(".")[2] in (method, "__getattr__", "__getattribute__"):
            return True
        text = self._text_of(function)
        return text is None or mentions(text, method)
