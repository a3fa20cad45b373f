"""Which entry each undo of a life has taken back.

An undo names it. One that was replayed names the undo it replays: then the definitions that both
have changed tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from relive.changelog.entries import Entry
from relive.session.logged import effects_of
from relive.source.forms import top_level_forms

_DONE = ("ok", "partial")


def undone(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Return for each undo that was done, by its id, what it took back."""
    steps: list[Entry] = []
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.outcome is None or entry.outcome.status not in _DONE:
            continue
        if entry.change.kind != "undo":
            steps.append(entry)
            continue
        step = _named(entry, steps) or _of_same_definitions(entry, steps)
        if step is not None:
            steps.remove(step)
            found[entry.id] = step
    return found


def is_cancelled_by_undo(step: Entry, between: Sequence[Entry]) -> bool:
    """Whether nothing is left of it once it is undone: it did nothing but change definitions.

    Nor has anything run `between` that may have called them.
    """
    ran = any(effects_of(each.change) == "unknown" for each in between)
    return not ran and effects_of(step.change) == "definition"


def _named(undo: Entry, steps: list[Entry]) -> Entry | None:
    return next((each for each in steps if each.id == undo.change.of), None)


def _of_same_definitions(undo: Entry, steps: list[Entry]) -> Entry | None:
    changed = set(_changed(undo))
    return next((each for each in reversed(steps) if changed & set(_changed(each))), None)


def _changed(entry: Entry) -> Iterator[tuple[str | None, str]]:
    """Yield the definitions at the top level that it may have changed, by file and name."""
    change, outcome = entry.change, entry.outcome
    for each in () if outcome is None else outcome.definitions:
        yield each.file, each.name.partition(".")[0]
    if change.kind == "evaluate" and change.text is not None:
        for form in top_level_forms(change.text):
            if form.kind in ("function", "class"):
                yield change.file, form.binds[0]


def rewound(entries: Sequence[Entry]) -> set[str]:
    """Return the ids of what was gone back over: all from what a rewind names up to the rewind.

    What ran again because the way back led past it counts as it ran then, and not as before. What a
    process went back over by itself, as it had ended, nobody has given up: it is left out only if
    it ran again since.
    """
    again = {entry.change.of for entry in entries if entry.change.origin == "replay"}
    live: list[str] = []
    left: set[str] = set()
    for entry in entries:
        if entry.change.kind == "rewind" and entry.change.of in live:
            at = live.index(entry.change.of)
            gone = [each for each in live[at:] if each in again or not entry.change.unasked]
            left.update(gone)
            live = [each for each in live if each not in gone]
        elif entry.change.kind != "rewind":
            if entry.change.origin == "rewind" and entry.change.of in live:
                left.add(entry.change.of)
                live[live.index(entry.change.of)] = entry.id
            else:
                live.append(entry.id)
    return left


def naming_what_ran(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield entries, of which rewinds name what ran: not what was to run again and never did.

    So one that came before the way back of the one before it had been gone names what that one
    had not given up yet.
    """
    meant = {each.id: each.change.of for each in entries if _was_to_repeat(each)}
    for entry in entries:
        of = entry.change.of
        while of in meant:
            of = meant[of]
        is_rewind = entry.change.kind == "rewind"
        yield replace(entry, change=replace(entry.change, of=of)) if is_rewind else entry


def _was_to_repeat(entry: Entry) -> bool:
    never_ran = entry.outcome is not None and entry.outcome.status == "cancelled"
    return never_ran and entry.change.origin == "rewind"
