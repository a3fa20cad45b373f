"""The corpus of redefinition cases: what a person edits, and what must then be true.

A file `cases/<kind>.case` holds the cases of a kind as sections of text. Nothing in it knows any engine,
so that others can be put to the same cases::

    === an alias follows the body                      [3.10+]
    --- m.py                        files as they are at first
    def f(): return 1
    --- do                          run in the namespace that all of a case shares
    import m
    g = m.f
    --- m.py                        files edited afterwards: together one edit
    def f(): return 2
    --- expect                      one expression a line, each must be true
    g() == 2
    --- receipt                     expressions about what Relive says of the edit: `status`, `error`,
    outcome["f"] == "redefined"     and by definition `outcome`, `reason`, `functions`, …; the `place`
                                    of an error is its file and its line, from 1

After the first edit, `do`, files, `expect` and `receipt` may follow one another as often as need be.
`--- gone m.py` deletes a file. Tags in brackets: `3.12+`, `-3.13` (up to and with) for versions of Python;
`name C.m` redefines that definition alone; `relive` marks what only Relive's own answers can show.
An edit without a `receipt` section has to succeed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Edit:
    """Files written in one go; None: deleted."""

    files: dict[str, str | None]


@dataclass(frozen=True)
class Do:
    """Code to run in the case's namespace."""

    code: str


@dataclass(frozen=True)
class Expect:
    """Expressions that must be true in the case's namespace."""

    lines: list[str]


@dataclass(frozen=True)
class Receipt:
    """Expressions that must be true of the last edit's receipt."""

    lines: list[str]


Step = Edit | Do | Expect | Receipt


@dataclass
class Case:
    """One edit story."""

    kind: str
    title: str
    tags: list[str]
    steps: list[Step] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The definition to redefine alone; empty for the whole file."""
        return next((tag[5:] for tag in self.tags if tag.startswith("name ")), "")

    @property
    def only_relive(self) -> bool:
        """Whether it says nothing about other engines."""
        return "relive" in self.tags

    def runs_on(self, version: tuple[int, int]) -> bool:
        """Whether the case means anything on this version of Python."""
        lowest = [_version(tag[:-1]) for tag in self.tags if re.fullmatch(r"3\.\d+\+", tag)]
        highest = [_version(tag[1:]) for tag in self.tags if re.fullmatch(r"-3\.\d+", tag)]
        return all(version >= each for each in lowest) and all(version <= each for each in highest)

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"


@cache
def all_cases() -> list[Case]:
    """Return every case, kind by kind; they are asked for once for each kind and Python."""
    return [case for file in sorted(CASES.glob("*.case")) for case in read_cases(file)]


def read_cases(file: Path) -> list[Case]:
    """Return the cases of one file.

    Raises:
        ValueError: a section is none that is known, or a title is there twice.
    """
    cases = [
        _case(file.stem, each) for each in re.split(r"^=== ", file.read_text(), flags=re.M)[1:]
    ]
    titles = [case.title for case in cases]
    for title in titles:
        if titles.count(title) > 1:
            raise ValueError(f"{file.name}: {title!r} is there twice")
    return cases


def _case(kind: str, text: str) -> Case:
    head, _, body = text.partition("\n")
    title, _, tags = head.partition("[")
    case = Case(kind, title.strip(), [each.strip() for each in tags.rstrip("] ").split(",")])
    for name, content in _sections(body):
        _add(case.steps, name, content)
    return case


def _sections(body: str) -> Iterator[tuple[str, str]]:
    parts = re.split(r"^--- (.+)\n", body, flags=re.M)
    yield from zip(map(str.strip, parts[1::2]), parts[2::2], strict=True)


def _add(steps: list[Step], name: str, content: str) -> None:
    lines = [line for line in content.splitlines() if line.strip() and not line.startswith("#")]
    if name == "do":
        steps.append(Do(content))
    elif name == "expect":
        steps.append(Expect(lines))
    elif name == "receipt":
        steps.append(Receipt(lines))
    elif name.endswith(".py"):
        if not (steps and isinstance(steps[-1], Edit)):
            steps.append(Edit({}))
        edit = steps[-1]
        assert isinstance(edit, Edit)
        gone = name.startswith("gone ")
        edit.files[name.removeprefix("gone ")] = None if gone else content.rstrip("\n") + "\n"
    else:
        raise ValueError(f"a section cannot be called {name!r}")


def _version(text: str) -> tuple[int, int]:
    major, minor = text.split(".")
    return int(major), int(minor)
