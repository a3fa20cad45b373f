"""What of several imported texts may come of what was edited in one of them, told from the texts.

It is for what ran while nothing watched. It errs to the side of too many.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from relive.source.derived import tokens_of
from relive.source.links import Links
from relive.source.parts import ANYTHING, Part, Parts
from relive.source.quick_dataclasses import dataclass

_MAKES_CLASSES = frozenset(
    ["__init_subclass__", "__class_getitem__", "__mro_entries__", "__prepare__", "__set_name__"]
)
"""Methods that run as a class is made that has theirs among its bases."""


@dataclass(frozen=True)
class Source:
    """A statement that may have made something out of what was edited."""

    file: str
    line: int
    """-1: it is what was edited itself, which another module has taken the name of."""


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
        self._links = Links(texts)
        self._waiting: deque[Callable[[], None]] = deque()
        self.made: dict[tuple[str, str], Source] = {}

    def edited(self, file: str, name: str, *, is_value: bool) -> None:
        """Note an edit; `is_value`: names that others have given it stand for what it was."""
        outer, _, own = name.rpartition(".")
        if not outer or own in _MAKES_CLASSES:
            self._is_base(file, outer or own)
        for token in tokens_of(name):
            self._is_used(file, token)
        for other, link in self._links.takers_of(file) if is_value else ():
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
                for other, link in self._links.takers_of(file):
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
        for other, link in self._links.takers_of(file) if token != ANYTHING else ():
            self._is_used(other, token if token[0] == "." else f".{token}")
            for each in link.aliases(token):
                self._is_used(other, each)

    def _spread_base(self, file: str, name: str) -> None:
        for part in self._texts[file].users.get(name, ()):
            if name in part.bases:
                self._run(file, part)
        for other, link in self._links.takers_of(file):
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
            if other == file or self._links.between(file, other) is not None:
                self._make(other, self._hidden.get(other, ()), source)

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
        for other, link in self._links.givers_to(file):
            if name[0] == ".":
                yield other, name
                yield other, name[1:]
            for each in link.origins(name):
                yield other, each
