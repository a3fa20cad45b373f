"""What of several imported texts may come of what was edited in one of them, told from the texts.

It is for what ran while nothing watched. It errs to the side of too many.
"""

from __future__ import annotations

import os.path
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from relive.source.derived import tokens_of
from relive.source.parts import ANYTHING, Part, Parts, Taken
from relive.source.quick_dataclasses import dataclass

_MAKES_CLASSES = frozenset(
    ["__init_subclass__", "__class_getitem__", "__mro_entries__", "__prepare__", "__set_name__"]
)
"""Methods that run as a class is made that has theirs among its bases."""


_BY_TEXT = ("import_module", "__import__", "sys.modules")
"""In a text: it may take names from any other."""


@dataclass(frozen=True)
class Source:
    """A statement that may have made something out of what was edited."""

    file: str
    line: int
    """-1: it is what was edited itself, which another module has taken the name of."""


def module_of(file: str) -> str:
    """Return the last part of the name that a file is imported by."""
    folder, name = os.path.split(file)
    stem = os.path.splitext(name)[0]
    return os.path.basename(folder) if stem == "__init__" else stem


def takes_from(file: str, taken: Taken) -> bool:
    """Whether an import may be of a file."""
    return taken.module == (module_of(file) if taken.module else "") and (
        bool(taken.module) or os.path.basename(file) == "__init__.py"
    )


class Spread:
    """What may have come of an edit, by name: `made`."""

    def __init__(
        self,
        texts: Mapping[str, Parts],
        hidden: Mapping[str, Iterable[str]],
        *,
        makes_definitions: bool = True,
    ) -> None:
        """Begin with nothing.

        Args:
            texts: by file.
            hidden: names that stand in none of them.
            makes_definitions: functions and classes that were made with it count, too.
        """
        self._texts = texts
        self._makes_definitions = makes_definitions
        self._hidden = hidden
        self._used: dict[str, set[str]] = {file: set() for file in texts}
        """What code says that may come to what was edited."""
        self._bases: dict[str, set[str]] = {file: set() for file in texts}
        """Classes that are others for those that have them as bases, too."""
        self._done: set[Part] = set()
        """Statements that are known to have come of it."""
        self._links: dict[str, list[tuple[str, _Link]]] = {}
        """By file: those that take names from it."""
        self._taken: dict[str, list[tuple[str, _Link]]] = {}
        """By file: those that it takes names from."""
        self._waiting: deque[Callable[[], None]] = deque()
        self.made: dict[tuple[str, str], Source] = {}

    def edited(self, file: str, name: str, *, is_value: bool) -> None:
        """Note an edit; `is_value`: names that others have given it stand for what it was."""
        outer, _, own = name.rpartition(".")
        if not outer or own in _MAKES_CLASSES:
            self._is_base(file, outer or own)
        for token in tokens_of(name):
            self._is_used(file, token)
        for other, link in self._takers_of(file) if is_value else ():
            self._make(other, link.aliases(name), Source(file, -1))
        while self._waiting:
            self._waiting.popleft()()

    def _is_used(self, file: str, token: str) -> None:
        """Note what code says that may come to what was edited."""
        if token not in self._used[file]:
            new = {token} if self._used[file] else {token, ANYTHING}
            self._used[file] |= new
            self._waiting += [partial(self._spread, file, each) for each in new]

    def _is_base(self, file: str, name: str) -> None:
        if name not in self._bases[file]:
            self._bases[file].add(name)
            self._waiting.append(partial(self._spread_base, file, name))

    def _make(self, file: str, names: Iterable[str], source: Source) -> None:
        for name in names:
            if (file, name) not in self.made:
                self.made[file, name] = source
                self._is_base(file, name)
                self._is_used(file, name)
                for other, link in self._takers_of(file):
                    aliases = link.aliases(name)
                    self._waiting.append(partial(self._make, other, aliases, source))

    def _spread(self, file: str, token: str) -> None:
        """Have what says it come of it, in the text and in those that take names from it."""
        for part in self._texts[file].users.get(token, ()):
            if part.is_definition and token in part.uses:
                for each in part.gives:
                    self._is_used(file, each)
            if token in part.made_of:
                self._run(file, part)
        for other, link in self._takers_of(file) if token != ANYTHING else ():
            self._is_used(other, token if token[0] == "." else f".{token}")
            for each in link.aliases(token):
                self._is_used(other, each)

    def _spread_base(self, file: str, name: str) -> None:
        for part in self._texts[file].users.get(name, ()):
            if name in part.bases:
                self._run(file, part)
        for other, link in self._takers_of(file):
            for each in link.aliases(name):
                self._is_base(other, each)

    def _run(self, file: str, part: Part) -> None:
        """Have what a statement gives and changes come of it."""
        if part in self._done or (part.is_definition and not self._makes_definitions):
            return
        self._done.add(part)
        source = Source(file, part.line)
        self._make(file, [each for each in part.gives if each[0] != "."], source)
        for other, name in self._changed_by(file, part):
            self._make(other, [name], source)
        for other in self._texts if part.gives_anything else ():
            if other == file or self._link(file, other) is not None:
                self._make(other, self._hidden.get(other, ()), source)

    def _takers_of(self, file: str) -> list[tuple[str, _Link]]:
        known = self._links.get(file)
        if known is None:
            found = [(other, self._link(other, file)) for other in self._texts if other != file]
            known = self._links[file] = [(other, link) for other, link in found if link is not None]
        return known

    def _link(self, taker: str, file: str) -> _Link | None:
        """Return what a text takes from another; None: nothing."""
        text = self._texts[taker]
        found = [each for each in text.imports if takes_from(file, each)]
        return _Link(found) if found or any(each in text.text for each in _BY_TEXT) else None

    def _changed_by(self, file: str, part: Part) -> set[tuple[str, str]]:
        """Return the names whose objects a statement may change, or that it may rebind."""
        changed = {(file, name) for name in part.acts}
        rebound = {(file, name) for name in part.rebinds}
        for here, each in self._reached(file, part):
            changed |= {(here, name) for name in each.hands_on}
            rebound |= {(here, name) for name in each.rebinds}
        rebound |= {origin for each in rebound for origin in self._origins(*each)}
        held = {each for each in self._held(changed) if each[1] in self._texts[each[0]].objects}
        return held | {each for each in rebound if each[1] in self._texts[each[0]].names}

    def _held(self, names: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return names, and those of what theirs may hold."""
        found: set[tuple[str, str]] = set()
        waiting = list(names)
        while waiting:
            here, name = waiting.pop()
            if (here, name) not in found:
                found.add((here, name))
                waiting += self._origins(here, name)
                waiting += [(here, one) for one in self._texts[here].parts_of.get(name, ())]
        return found

    def _reached(self, file: str, part: Part) -> Iterator[tuple[str, Part]]:
        """Yield the functions that may run when a statement does."""
        seen: set[tuple[str, str]] = set()
        waiting = [(file, name) for name in part.made_of]
        while waiting:
            here, name = waiting.pop()
            if (here, name) not in seen:
                seen.add((here, name))
                waiting += self._origins(here, name)
                for each in self._texts[here].by_name.get(name, ()):
                    yield here, each
                    waiting += [(here, one) for one in each.uses]

    def _origins(self, file: str, name: str) -> Iterator[tuple[str, str]]:
        """Yield what a name of a text may be in the texts that it takes from."""
        for other, link in self._givers_to(file):
            if name[0] == ".":
                yield other, name
                yield other, name[1:]
            for each in link.origins(name):
                yield other, each

    def _givers_to(self, file: str) -> list[tuple[str, _Link]]:
        known = self._taken.get(file)
        if known is None:
            found = [(other, self._link(file, other)) for other in self._texts if other != file]
            known = self._taken[file] = [(other, link) for other, link in found if link is not None]
        return known


class _Link:
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
