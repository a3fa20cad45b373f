"""What ran, statement by statement, and what each statement touched: the units of staleness."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from typing import Any, Protocol

from relive.source.binding_order import order_of
from relive.source.definitions import Definition, definitions
from relive.source.nodes import syntax_tree
from relive.source.positions import Position
from relive.source.quick_dataclasses import dataclass

Name = tuple[str | None, str]
"""A global name, or the qualified name of a definition, and its file; None: the scratch module."""
Version = Hashable
"""What a name stood for. Two that are equal mean the same, so what came of it is true again."""

_LOCAL = ".<locals>"
_DEFINING = ("def ", "async ", "class ", "@")
_SCALARS = (bool, int, float, complex, str, bytes, type(None))


@dataclass(frozen=True)
class Trace:
    """What a statement touched while it ran."""

    reads: frozenset[Name] = frozenset()
    writes: frozenset[Name] = frozenset()
    changed: frozenset[Name] = frozenset()
    """Names through which an object is reached that it changed in place."""
    ran: frozenset[Name] = frozenset()
    """Definitions that it entered, by their qualified names."""
    unknown: str | None = None
    """What it may have changed that nobody could look at, in words."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Trace:
        """Return a trace as the worker tells it."""
        return cls(
            reads=_names(data["reads"]),
            writes=_names(data["writes"]),
            changed=_names(data["changed"]),
            ran=frozenset((file, outermost(name)) for file, name in data["ran"]),
            unknown=data["unknown"],
        )

    def without(self, names: frozenset[Name]) -> Trace:
        """Return the trace as if it had nothing to do with some names."""
        return replace(
            self,
            reads=self.reads - names,
            writes=self.writes - names,
            changed=self.changed - names,
        )

    def not_needing(self, names: frozenset[Name]) -> Trace:
        """Return the trace as if it had bound some names, whatever they were before."""
        if not names:
            return self
        return replace(self, reads=self.reads - names, changed=self.changed - names)

    def came_of(self, names: Iterable[Name], of: Iterable[Name]) -> Trace:
        """Return the trace as if it had given some names, too, and come of others."""
        return replace(self, writes=self.writes.union(names), ran=self.ran.union(of))

    @property
    def needs(self) -> frozenset[Name]:
        """All that its result came from. What is changed in place was something before."""
        return self.reads | self.changed | self.ran

    @property
    def gives(self) -> frozenset[Name]:
        """All names that are something else after it."""
        return self.writes | self.changed

    @property
    def adds_to(self) -> frozenset[Name]:
        """The names whose value it made out of what they were before, as `x += 1` does."""
        return self.changed | (self.writes & self.reads)


@dataclass(eq=False)
class Unit:
    """A top-level statement that ran, with what is known of its result's truth."""

    id: str
    """`"<evaluation>:<n>"`, n being its number there."""
    text: str
    trace: Trace
    file: str | None = None
    """Whose module it ran in; None: the scratch module."""
    start: Position = (0, 0)
    """Where it began in the text that was sent."""
    duration_ms: float = 0.0
    has_result: bool = True
    """Whether it came to its end."""
    is_repeated: bool = False
    """Whether it has added to what the same statement had made of a value before."""
    is_unwatched: bool = False
    """Whether it ran as its file was imported: what it came of is told from its text alone."""
    rank: int = 0
    """Its turn among all units."""
    seen: dict[Name, Version] = field(default_factory=dict)
    """What each name stood for when it ran."""
    providers: dict[Name, Unit] = field(default_factory=dict)
    """Which unit had made it so."""
    causes: dict[Name, Cause] = field(default_factory=dict)
    """What it came from and is another by now."""
    through: dict[Name, Unit] = field(default_factory=dict)
    """Who it came from that is stale, by the name that it reached them by."""

    @property
    def is_definition(self) -> bool:
        """Whether it is nothing but a function or a class."""
        return bool(defined_by(self.text))

    @property
    def is_stale(self) -> bool:
        """Whether its result is no longer true."""
        return bool(self.causes or self.through)


@dataclass(frozen=True)
class Cause:
    """Why something is no longer what it was."""

    words: str
    """`{line}` in it is where `by` stands."""
    by: Unit | None = None


@dataclass(frozen=True)
class DefinitionChanged:
    """A definition that a redefinition has changed."""

    name: Name
    kind: str
    outcome: str
    before: Version | None = None
    """A mark of the text that ran until then; None: not known, or none."""
    now: Version | None = None
    """A mark of the text that runs; None: none does."""


@dataclass(frozen=True)
class NameBound:
    """A name that a redefinition has given another value."""

    name: Name
    before: Version | None = None
    """A mark of the value it had; None: it is like no other."""
    now: Version | None = None


@dataclass(frozen=True)
class Verdicts:
    """What became another truth since it was told of last."""

    stale: dict[str, str]
    """By unit: why. Those that are stale for another reason than before are there again."""
    fresh: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.stale or self.fresh)


class Places(Protocol):
    """Where units stand, which whoever knows the texts has to say."""

    def of(self, unit: Unit) -> tuple[Hashable, Position] | None:
        """Return a unit's text and its place there by now; None: it stands in none."""

    def replaced(self, unit: Unit) -> Iterable[str]:
        """Return the ids of the units whose statement this one is, run again or edited."""

    def forget(self) -> None:
        """Begin anew: another process runs."""


def stands_above(places: Places, unit: Unit, other: Unit) -> bool:
    """Whether a unit stands above another one in one text."""
    here, there = places.of(unit), places.of(other)
    return here is not None and there is not None and here[0] == there[0] and here[1] < there[1]


def is_later(places: Places, writer: Unit | None, user: Unit, name: Name) -> bool:
    """Whether a unit gives a name below a user, which has it, or its class, from above."""
    having = [each for each in (name, *classes_around(name)) if each in user.providers]
    provider = user.providers[having[0]] if having else None
    is_from_above = provider is not None and stands_above(places, provider, user)
    return is_from_above and writer is not None and stands_above(places, user, writer)


def is_above(places: Places, unit: Unit, lines: Mapping[str | None, int]) -> bool:
    """Whether a unit stands above a line of its file, and `lines` tells of no other."""
    place = places.of(unit)
    return place is not None and list(lines) == [unit.file] and place[1][0] < lines[unit.file]


def is_shielded(places: Places, user: Unit, name: Name, writer: Unit) -> bool:
    """Whether the order of the text keeps `user` from what `writer` does to a name."""
    provider = user.providers.get(name)
    here, there = places.of(user), places.of(writer)
    if here is None or there is None:
        return False
    if provider is None and name not in user.seen and name[0] != user.file:
        # Of another file, and as that file's import had left it: which it is again from scratch.
        return here[0] == there[0] and here[1] < there[1]
    between = None if provider is None else places.of(provider)
    if between is None:
        return False
    if not here[0] == there[0] == between[0] or not between[1] < here[1]:
        return False
    return there[1] > here[1] or there[1] < between[1]


def adds_twice(unit: Unit, replaced: list[Unit], maker: Callable[[Name], Unit | None]) -> bool:
    """Whether a unit has added to a value that those had made of it which it takes the place of."""
    return bool(replaced) and any(maker(name) in replaced for name in unit.trace.adds_to)


def begun_by(unit: Unit, text_of: Callable[[Name], str | None]) -> frozenset[Name]:
    """Return what a unit binds before it looks it up, as a loop does its variable.

    `text_of` returns that of a definition, if it is known: one that ran may have looked up what was
    there before.
    """
    twice = {name for name in unit.trace.writes & unit.trace.needs if name[0] == unit.file}
    if not twice:
        return frozenset()
    first = order_of(unit.text).bound_first
    texts = [text_of(each) for each in unit.trace.ran]
    return frozenset(
        name
        for name in twice
        if name[1] in first and not any(each is None or mentions(each, name[1]) for each in texts)
    )


def outermost(qualified: str) -> str:
    """Return the definition that can be redefined by name: what is inside a function is its."""
    return qualified.partition(_LOCAL)[0]


def scalars_assigned(text: str) -> dict[str, Version]:
    """Return what the plain value counts as that a statement assigns, for each name it gives it.

    A list is another one each time.
    """
    try:
        (statement,) = syntax_tree(text).body
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
            return {}
        version = version_of_value(ast.literal_eval(statement.value))
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return {}
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    names = [each.id for each in targets if isinstance(each, ast.Name)]
    return {} if version is None else dict.fromkeys(names, version)


def version_of_value(value: Any) -> Version | None:
    """Return what a plain value counts as, as the worker marks it; None: it is like no other."""
    return f"{type(value).__name__} {value!r}" if isinstance(value, _SCALARS) else None


def defined_by(text: str) -> dict[str, Definition]:
    """Return what a statement that is a definition defines, by qualified name, the inside too."""
    if not text.startswith(_DEFINING):
        return {}
    found = definitions(text)
    return {each.name: each for each in found if outermost(each.name) == each.name}


def used_by_header(text: str) -> set[str]:
    """Return the names that a definition uses as it runs: in decorators, defaults, class bodies."""
    try:
        body: list[ast.AST] = list(syntax_tree(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    found: set[str] = set()
    while body:
        node = body.pop()
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body += [
                *node.decorator_list,
                *node.args.defaults,
                *filter(None, node.args.kw_defaults),
            ]
        else:
            body += ast.iter_child_nodes(node)
    return found


def makes_defaults(text: str) -> bool:
    """Whether running a definition again makes all anew that calls put into it: its defaults.

    What decorators keep, attributes of a function and a class's data stay what they are.
    """
    try:
        (node,) = syntax_tree(text).body
    except (SyntaxError, ValueError):
        return False
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or node.decorator_list:
        return False
    defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
    return any(not isinstance(each, ast.Constant) for each in defaults)


def imported_as(text: str, name: str) -> set[str]:
    """Return the names that an import gives what a module calls `name`; of no import none."""
    if not text.startswith("from "):
        return set()
    try:
        (statement,) = syntax_tree(text).body
    except (SyntaxError, ValueError):
        return set()
    assert isinstance(statement, ast.ImportFrom)
    return {
        name if each.name == "*" else each.asname or each.name
        for each in statement.names
        if each.name in (name, "*")
    }


def classes_around(name: Name) -> Iterator[Name]:
    """Yield the classes around a method, the outermost first."""
    file, parts = name[0], name[1].split(".")
    for end in range(1, len(parts)):
        yield file, ".".join(parts[:end])


def mentions(text: str, word: str) -> bool:
    """Whether a word stands in a text."""
    return word in text and re.search(rf"\b{re.escape(word)}\b", text) is not None


def _names(pairs: Iterable[tuple[str | None, str]]) -> frozenset[Name]:
    return frozenset((file, name) for file, name in pairs)
