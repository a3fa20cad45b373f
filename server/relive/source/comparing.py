"""What a process runs against what a text says, definition by definition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from relive.source.definitions import Definition, definitions
from relive.source.quick_dataclasses import dataclass


class Running(Protocol):
    """A definition as a process runs it."""

    @property
    def name(self) -> str:
        """Its qualified name."""

    @property
    def kind(self) -> str:
        """`function`, `method` or `class`."""

    @property
    def line(self) -> int:
        """The first line of the text that runs."""

    @property
    def source(self) -> str:
        """The text that runs."""

    @property
    def fingerprint(self) -> str:
        """As a definition's."""


@dataclass(frozen=True)
class Difference:
    """A definition that runs otherwise than the text says."""

    name: str
    kind: str
    line: int
    """0-based, in the text; of one that is not in it, where it stood in the text that runs."""
    running: str | None
    """None: there is no such definition in the process."""
    said: str | None
    """None: there is none in the text."""


def differences(running: Iterable[Running], text: str, *, whole: bool) -> list[Difference]:
    """Return where they differ, in the order of the text; what is only in the process comes last.

    Of what is new or gone as a whole not also the parts are told. What several definitions of one
    name say counts together. `whole`: the module has run whole; else what is in the text alone has
    just not been evaluated yet.
    """
    live, said = _by_name(running), _by_name(_reachable(text))
    found = [
        _difference(name, live.get(name, []), said.get(name, []))
        for name in [*said, *(name for name in live if name not in said)]
        if _differ(live.get(name, []), said.get(name, []))
    ]
    wanted = [each for each in found if whole or each.running is not None]
    alone = [f"{each.name}." for each in wanted if None in (each.running, each.said)]
    return [each for each in wanted if not each.name.startswith(tuple(alone))]


def _reachable(text: str) -> list[Definition]:
    """Return the definitions of a text but those inside functions, which calls make."""
    found = definitions(text)
    return [each for each in found if all(kind == "class" for kind, _ in each.scopes)]


def _by_name(found: Iterable[Running | Definition]) -> dict[str, list[Running | Definition]]:
    named: dict[str, list[Running | Definition]] = {}
    for each in found:
        named.setdefault(each.name, []).append(each)
    return named


def _differ(live: list[Running | Definition], said: list[Running | Definition]) -> bool:
    """Whether they say different things; of branches, only those that were taken need to run."""
    runs, stands = ({each.fingerprint for each in found} for found in (live, said))
    return not runs <= stands if any(map(_is_in_a_branch, said)) else runs != stands


def _is_in_a_branch(each: Running | Definition) -> bool:
    """Whether it stands under an `if`, `try` or `with` of the module."""
    return isinstance(each, Definition) and not each.scopes and each.is_in_a_branch


def _difference(
    name: str, live: list[Running | Definition], said: list[Running | Definition]
) -> Difference:
    first = (said or live)[0]
    line = first.range.start[0] if isinstance(first, Definition) else first.line
    return Difference(name, first.kind, line, _text(live), _text(said))


def _text(found: list[Running | Definition]) -> str | None:
    return "\n".join(each.source for each in found) if found else None
