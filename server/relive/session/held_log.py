"""Which entry of the log each `resume` has go on, and how that is replayed."""

from __future__ import annotations

from collections.abc import Sequence

from relive.changelog.entries import Entry


def continued(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Return for each `resume` of a life, by its id, the entry that was held.

    A resume names it. One that was replayed names the resume it replays: then it is the last that
    was held and had not gone on.
    """
    held: list[Entry] = []
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.change.kind == "resume":
            named = (each for each in held if each.id == entry.change.of)
            meant = next(named, held[-1] if held else None)
            if meant is not None:
                found[entry.id] = meant
                held = _without(held, meant, entry)
        if entry.outcome is not None and entry.outcome.status == "held":
            held.append(entry)
    return found


def _without(held: list[Entry], meant: Entry, resume: Entry) -> list[Entry]:
    """Return what is held once one goes on; a resume that was refused changes nothing."""
    is_refused = resume.outcome is not None and resume.outcome.status == "refused"
    return held if is_refused else [each for each in held if each is not meant]
