"""A notebook's text as a Python file whose cells begin with `# %%`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from relive.source.positions import with_line_feeds

_MAGIC = re.compile(
    r"[ \t]*(%|!|\?|(?:[\w.]+(?:[ \t]*,[ \t]*[\w.]+)*)[ \t]*=[ \t]*[%!](?!=)|[\w.]+\?\??[ \t]*$)"
)
"""A line of a notebook's own language; `a = !ls` and `name?`, too."""
_CELL_MAGIC = re.compile(r"%%(\w*)")
_OF_PYTHON = frozenset(("time", "timeit", "capture", "prun", "python", "python3"))
"""Cell magics whose cell is Python."""
_NOT_RUN = "a notebook's own, not run here"


class NotANotebookError(ValueError):
    """The text is no notebook that can be read; says why."""


@dataclass(frozen=True)
class Imported:
    """A notebook as a Python file."""

    text: str
    cells: int
    """Of code."""
    left: int
    """Lines that only a notebook understands, which are comments now."""


def imported(text: str, name: str) -> Imported:
    """Return a notebook as a Python file.

    Args:
        text: the notebook's.
        name: what its file is called.

    Raises:
        NotANotebookError: it is none, of a format that is not known, or not in Python.
    """
    whole = _read(text)
    parts, codes, left = [], 0, 0
    for cell in _cells(whole):
        kind, source = cell.get("cell_type"), _source(cell)
        if not source.strip():
            continue
        if kind == "code":
            code, own = _code(source)
            codes, left = codes + 1, left + own
            parts.append(f"{_marker(cell)}\n{code}")
        else:
            level = f"{_heading(cell)} " if kind == "heading" else ""
            label = "[raw]" if kind == "raw" else "[markdown]"
            parts.append(f"{_marker(cell, label)}\n{_commented(level + source)}")
    head = f"# From {name}."
    if left:
        lines = "line is a comment" if left == 1 else "lines are comments"
        head += f" {left} {lines} here: what only a notebook understands."
    return Imported("\n\n".join([head, *parts]) + "\n", codes, left)


def _read(text: str) -> dict[str, Any]:
    try:
        whole = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise NotANotebookError(f"It is no notebook: {error}.") from error
    version = whole.get("nbformat") if isinstance(whole, dict) else None
    if version not in (3, 4):
        told = "none is given" if version is None else f"it is {version}"
        raise NotANotebookError(f"It is no notebook of format 3 or 4: {told}.")
    metadata = _object(whole.get("metadata"))
    language = _object(metadata.get("kernelspec")).get("language")
    language = language or _object(metadata.get("language_info")).get("name")
    if language is not None and "python" not in str(language).lower():
        raise NotANotebookError(f"It is a notebook in {language}, and not in Python.")
    found: dict[str, Any] = whole
    return found


def _object(value: Any) -> dict[str, Any]:
    """Return what a notebook has there, if it is what should be there."""
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _heading(cell: dict[str, Any]) -> str:
    level = cell.get("level")
    return "#" * level if isinstance(level, int) and 0 < level <= 6 else "#"


def _cells(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    sheets = [whole] if whole["nbformat"] == 4 else _list(whole.get("worksheets"))
    for sheet in sheets:
        cells = _object(sheet).get("cells")
        yield from (each for each in _list(cells) if isinstance(each, dict))


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    text = "".join(map(str, source)) if isinstance(source, list) else str(source or "")
    return with_line_feeds(text).strip("\n")


def _marker(cell: dict[str, Any], label: str = "") -> str:
    """Return the line that a cell begins with: with its name and tags, if somebody gave it any."""
    metadata = _object(cell.get("metadata"))
    name, tags = metadata.get("name"), metadata.get("tags")
    words = [" ".join(str(name).split())] if name else []
    words += [label] if label else []
    words += [f"tags={json.dumps(tags)}"] if tags else []
    return " ".join(["# %%", *words])


def _commented(text: str) -> str:
    """Return text as a comment, none of whose lines begins a cell."""
    lines = (f"# {chr(92) * line.startswith('%%')}{line}".rstrip() for line in text.split("\n"))
    return "\n".join(lines)


def _code(source: str) -> tuple[str, int]:
    """Return a cell's code, and how many of its lines are comments now."""
    first, _, rest = source.partition("\n")
    magic = _CELL_MAGIC.match(first)
    if magic is not None:
        if magic[1] not in _OF_PYTHON:
            return f"# magic {first}  ({_NOT_RUN})\n{_commented(rest)}".rstrip(), source.count(
                "\n"
            ) + 1
        code, left = _code(rest)
        return f"# magic {first}  ({_NOT_RUN})\n{code}".rstrip(), left + 1
    lines, left = _dedented(source).split("\n"), 0
    from relive.source.lexical import statement_starts  # late: it loads parso

    starts = set(statement_starts(lines))
    goes_on = False
    for number, line in enumerate(lines):
        is_own = number in starts and _MAGIC.match(line) is not None
        if is_own or goes_on:
            goes_on = line.endswith("\\")
            lines[number] = _as_comment(line) if is_own else f"# {line.strip()}"
            left += 1
    return "\n".join(lines), left


def _dedented(source: str) -> str:
    """Return a cell without the margin of its first line, which a notebook takes away, too."""
    code = source.lstrip("\n")
    margin = code[: len(code) - len(code.lstrip(" \t"))]
    return "\n".join(line.removeprefix(margin) for line in source.split("\n"))


def _as_comment(line: str) -> str:
    code = line.lstrip()
    indent = line[: len(line) - len(code)]
    holds = f"{indent}pass  # " if indent else "# "  # a block needs a statement
    return f"{holds}{code.rstrip()}  ({_NOT_RUN})"
