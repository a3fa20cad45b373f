"""Definitions that ran in several texts, brought to the last one where that changes nothing.

What ran between two texts of a definition may have used the first: then its values are those of the
first, and both have to run. So the last text takes the place of an earlier one only if nothing that
left something behind used what has changed. How that is told: by the trace of what ran, where
there is one; else by its words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from relive.exporting.pieces import Piece
from relive.source.definitions import definitions
from relive.wire.traces import Trace


def changed_parts(old: str, new: str) -> frozenset[str]:
    """Return what is other in a definition, by qualified name: methods, or all of it by its own."""
    before, after = _marks(old), _marks(new)
    return frozenset(name for name in {*before, *after} if before.get(name) != after.get(name))


def _marks(text: str) -> dict[str, list[str]]:
    marks: dict[str, list[str]] = defaultdict(list)
    for each in definitions(text):
        if "<locals>" not in each.name:
            marks[each.name].append(each.fingerprint)
    return marks


def merged(pieces: Iterable[Piece], imported: frozenset[str]) -> list[Piece]:
    """Return the pieces with as few texts of each definition as give the same state.

    Args:
        pieces: in the order in which they ran.
        imported: the names of modules that the program imports, so that their definitions are
            there before any piece of them.
    """
    made: list[Piece] = []
    for piece in pieces:
        if piece.kind == "definition":
            _take(made, piece, imported)
        else:
            made.append(piece)
    return made


def _take(made: list[Piece], new: Piece, imported: frozenset[str]) -> None:
    at = _last_binding(made, new)
    if at is None:
        made.append(replace(new, changes=new.module.name in imported))
        return
    old = made[at]
    if old.kind != "definition":  # something else has the name: nothing changes where it is
        made.append(new)
    elif old.text.strip() == new.text.strip():
        return
    elif not _is_used(new, old, made, at) and not _needs(new, made[at + 1 :]):
        made[at] = replace(old, text=new.text, trace=None, futures=new.futures)
    elif not _is_touched(new, made[at + 1 :]) and not old.changes:
        del made[at]
        made.append(new)
    else:
        made.append(replace(new, changes=True, former=old.text))


def _last_binding(made: Sequence[Piece], new: Piece) -> int | None:
    """Return the place of what gave the definition's name its value last."""
    for at in range(len(made) - 1, -1, -1):
        piece = made[at]
        binds = piece.name == new.name if piece.name is not None else new.name in piece.binds
        if piece.module == new.module and piece.kind != "note" and binds:
            return at
    return None


def _needs(new: Piece, between: Sequence[Piece]) -> bool:
    """Whether making the new text needs what has come since the old one."""
    since = frozenset[str]().union(*(piece.binds for piece in between))
    return bool(new.used_when_made & since)


def _is_touched(new: Piece, between: Sequence[Piece]) -> bool:
    """Whether anything has named the definition meanwhile, other than in functions."""
    return any(
        new.name in (piece.used_when_made if piece.kind == "definition" else piece.words)
        for piece in between
        if piece.kind != "note"
    )


def _is_used(new: Piece, old: Piece, made: Sequence[Piece], at: int) -> bool:
    """Whether what changes was used since, by something that left something behind."""
    parts = changed_parts(old.text, new.text)
    words = _words_for(parts, old, made)
    later = (piece for piece in made[at + 1 :] if piece.leaves_something)
    return any(_uses(piece, new, parts, words) for piece in later)


def _uses(piece: Piece, new: Piece, parts: frozenset[str], words: frozenset[str]) -> bool:
    trace = piece.trace
    if trace is not None and trace["unknown"] is None:
        return _ran(trace, new, parts) or (_is_whole_class(new, parts) and _reads(trace, new))
    named = piece.used_when_made if piece.kind == "definition" else piece.words
    return bool(named & words)


def _ran(trace: Trace, new: Piece, parts: frozenset[str]) -> bool:
    own = [name for file, name in trace["ran"] if file == new.module.file]
    return any(name == part or name.startswith(f"{part}.") for name in own for part in parts)


def _reads(trace: Trace, new: Piece) -> bool:
    return any((new.module.file, new.name) == tuple(each) for each in trace["reads"])


def _is_whole_class(new: Piece, parts: frozenset[str]) -> bool:
    return new.name in parts and any(
        each.scopes == () and each.kind == "class" for each in definitions(new.text)
    )


def _words_for(parts: frozenset[str], old: Piece, made: Sequence[Piece]) -> frozenset[str]:
    """Return the words by which something may come to what changes, through functions too."""
    words = {part.rpartition(".")[2] for part in parts} | {old.name or ""}
    others = [each for each in made if each.kind == "definition" and each is not old]
    naming = {""}
    while naming:
        naming = {each.name or "" for each in others if each.words & words} - words
        words |= naming
    return frozenset(words)
