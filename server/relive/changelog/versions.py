"""The versions of one definition: every text of it that ran, as the entries of the log tell.

An entry says what it brought; where it changed something, also what ran until then. So a text
that no entry brought is found too: the one a module was loaded with, and what an undo went back to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from relive.changelog.entries import Change, Defined, Entry
from relive.source.definitions import Definition, named
from relive.source.quick_dataclasses import dataclass


@dataclass(frozen=True)
class Version:
    """A text of a definition that ran."""

    text: str
    line: int
    """0-based, where it stood."""
    entry: Entry | None = None
    """What brought it; None: its module was loaded with it."""


def versions(
    entries: Iterable[Entry], file: str, name: str, running: tuple[str, int] | None = None
) -> list[Version]:
    """Return the versions of a definition, newest first. Of equal ones in a row it is the first.

    Args:
        entries: oldest first; those of other files count for nothing.
        file: the definition's.
        name: qualified, as `Class.method`.
        running: its text that runs now, and the line of that; None: it is not known.
    """
    found = list(_found(entries, file, name))
    if running is not None and (not found or found[-1].text not in (None, running[0])):
        found.append(_Found(*running))
    elif running is not None and found[-1].text is None:
        found[-1] = replace(found[-1], text=running[0], line=running[1])
    known = [each for each in found if each.text is not None]
    told = [next(same) for _, same in groupby(known, key=lambda each: each.text)]
    return [Version(each.text or "", each.line, each.entry) for each in reversed(told)]


def brought(change: Change, file: str, name: str) -> tuple[str, Definition] | None:
    """Return the text that an evaluation or redefinition took, and the definition in it."""
    if change.kind == "evaluate" and change.file == file and change.text is not None:
        found = named(change.text, name)
        return (change.text, found[-1]) if found else None
    text = change.document_of(file)
    if change.kind != "redefine" or text is None or not _is_about(change, name):
        return None
    lines = (None, change.at_line) if change.name == name else (None,)
    found = tuple(
        each
        for each in named(text, name)
        if change.at_line is None or len(lines) == 1 or each.range.start[0] in lines
    )
    return (text, found[-1]) if found else None


def _is_about(change: Change, name: str) -> bool:
    return change.name is None or f"{name}.".startswith(f"{change.name}.")


@dataclass(frozen=True)
class _Found:
    """A version as it is come to: what an undo went back to is known only from what follows."""

    text: str | None
    line: int
    entry: Entry | None = None


def _found(entries: Iterable[Entry], file: str, name: str) -> Iterator[_Found]:
    last: _Found | None = None
    for entry in entries:
        done = _done(entry, file, name)
        now = _now(entry, done, file, name)
        if done is None and now is None:
            continue
        before = None if done is None else done.before
        if before is not None and (last is None or last.text != before):
            entry_before = None if last is None or last.text is not None else last.entry
            yield _Found(before, 0 if now is None else now.line, entry_before)
        last = now
        if now is not None and now.text is not None:
            yield now
    if last is not None and last.text is None:
        yield last


def _done(entry: Entry, file: str, name: str) -> Defined | None:
    """Return what an entry did to the definition, if it changed it."""
    done = () if entry.outcome is None else entry.outcome.definitions
    changed = (each for each in done if each.outcome in ("redefined", "added", "removed"))
    return next((each for each in changed if (each.file, each.name) == (file, name)), None)


def _now(entry: Entry, done: Defined | None, file: str, name: str) -> _Found | None:
    """Return what runs since an entry, if it was this that brought it."""
    if entry.change.kind == "evaluate":
        is_ok = entry.outcome is not None and entry.outcome.status == "ok"
        found = brought(entry.change, file, name) if is_ok else None
        shift = entry.change.line
    elif done is None or done.outcome == "removed":
        return None
    elif entry.change.kind in ("undo", "revert"):
        return _Found(None, 0, entry)
    else:
        found, shift = brought(entry.change, file, name), 0
    if found is None:
        return None
    return _Found(found[1].source, shift + found[1].range.start[0], entry)
