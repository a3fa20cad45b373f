"""Scripts with edits, as data: what an edit makes stale is told by a run from scratch.

A file `scripts/<kind>.case` holds scripts as sections of text::

    === a title                     [numpy]
    --- helpers.py                  modules, if it has some
    RATE = 2
    --- m.py                        the script: each top-level statement is a unit with a result
    import helpers
    a = helpers.RATE + 1
    --- edit a =                    the statement that begins so becomes another; each edit by itself
    a = helpers.RATE + 2
    --- edit helpers.py RATE        the same in a module

A tag in brackets names a library that the script needs; `limit` marks what is known to be missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from relive.source.nodes import syntax_tree

SCRIPTS = Path(__file__).parent / "scripts"
MAIN = "m.py"


@dataclass(frozen=True)
class Edit:
    """A statement that becomes another."""

    file: str
    begins: str
    text: str


@dataclass
class Script:
    """A script, its modules and its edits."""

    title: str
    tags: list[str]
    files: dict[str, str] = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)

    def __str__(self) -> str:
        return self.title


def all_scripts() -> list[Script]:
    """Return every script, kind by kind."""
    return [each for file in sorted(SCRIPTS.glob("*.case")) for each in _scripts(file.read_text())]


def statements(text: str) -> list[str]:
    """Return the top-level statements of a text, decorators included."""
    lines = text.splitlines(keepends=True)
    found = []
    for node in syntax_tree(text).body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
        found.append("".join(lines[first - 1 : node.end_lineno]).rstrip("\n"))
    return found


def _scripts(text: str) -> Iterator[Script]:
    for each in re.split(r"^=== ", text, flags=re.M)[1:]:
        head, _, body = each.partition("\n")
        title, _, tags = head.partition("[")
        script = Script(title.strip(), [tag.strip() for tag in tags.rstrip("] ").split(",")])
        parts = re.split(r"^--- (.+)\n", body, flags=re.M)
        for name, content in zip(parts[1::2], parts[2::2], strict=True):
            _add(script, name.strip(), content.rstrip("\n") + "\n")
        yield script


def _add(script: Script, name: str, content: str) -> None:
    if not name.startswith("edit "):
        script.files[name] = content
        return
    begins = name.removeprefix("edit ")
    first, _, rest = begins.partition(" ")
    file = first if first in script.files and first != MAIN else MAIN
    edit = Edit(file, rest if file == first else begins, content.rstrip("\n"))
    found = [each for each in statements(script.files[file]) if each.startswith(edit.begins)]
    if len(found) != 1:
        raise ValueError(f"{script.title}: {edit.begins!r} begins {len(found)} statements")
    script.edits.append(edit)
