"""Which of several texts take names from which, and what they call them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from relive.source.parts import Parts
from relive.source.taken import Taken, takes_from

_BY_TEXT = ("import_module", "__import__", "sys.modules")
"""In a text: it may take names from any other."""


class Links:
    """What texts take from one another, found for those that somebody asks for."""

    def __init__(self, texts: Mapping[str, Parts]) -> None:
        self._texts = texts
        self.takers_of = cache(self._takers_of)
        """Returns those that take names from a file."""
        self.givers_to = cache(self._givers_to)
        """Returns those that a file takes names from."""

    def between(self, taker: str, file: str) -> Link | None:
        """Return what a text takes from another; None: nothing."""
        text = self._texts[taker]
        found = [each for each in text.imports if takes_from(file, each)]
        return Link(found) if found or any(each in text.text for each in _BY_TEXT) else None

    def _takers_of(self, file: str) -> list[tuple[str, Link]]:
        return _linked((other, self.between(other, file)) for other in self._others(file))

    def _givers_to(self, file: str) -> list[tuple[str, Link]]:
        return _linked((other, self.between(file, other)) for other in self._others(file))

    def _others(self, file: str) -> list[str]:
        return [other for other in self._texts if other != file]


def _linked(found: Iterable[tuple[str, Link | None]]) -> list[tuple[str, Link]]:
    return [(other, link) for other, link in found if link is not None]


class Link:
    """What a text takes from another."""

    def __init__(self, found: list[Taken]) -> None:
        self._has_all = any(each.name == "*" for each in found)
        self._aliases: dict[str, list[str]] = {}
        self._origins: dict[str, list[str]] = {}
        for each in found:
            if each.name is not None:
                self._aliases.setdefault(each.name, []).append(each.alias)
                self._origins.setdefault(each.alias, []).append(each.name)

    def aliases(self, name: str) -> list[str]:
        """Return what it calls a name of the other."""
        own = [name] if self._has_all and name[0] != "." else []
        return [*own, *self._aliases.get(name, ())]

    def origins(self, alias: str) -> list[str]:
        """Return what a name of its own may be there."""
        own = [alias] if self._has_all and alias[0] != "." else []
        return [*own, *self._origins.get(alias, ())]
