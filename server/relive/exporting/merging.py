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

from relive.exporting import reading
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
    if new.is_anew:
        _take_anew(made, new)
        return
    at = _last_binding(made, new)
    if at is None:
        made.append(replace(new, changes=new.module.name in imported))
        return
    old = made[at]
    if old.kind != "definition" or old.copy != new.copy:
        _take_behind(made, new, at)
        return
    if old.text.strip() == new.text.strip():
        return
    is_used = _is_used(new, old, made, at)
    if not is_used and not _needs(new, made[at + 1 :]):
        _bring(made, at, new)
    elif not is_used and not _is_touched(new, made[at + 1 :]) and not old.changes:
        del made[at]
        made.append(new)
    else:
        made.append(replace(new, changes=True, former=old.text))


def _take_anew(made: list[Piece], new: Piece) -> None:
    """Take one of several definitions of a name, which made a new object each time it ran."""
    same = (at for at in range(len(made) - 1, -1, -1) if _is_again(made[at], new))
    at = next(same, None)
    if (
        at is not None
        and not _is_touched(new, made[at + 1 :])
        and not reading.without_comments(new.text).startswith("@")
    ):
        del made[at]  # nobody has seen what it made
    made.append(new)


def _take_behind(made: list[Piece], new: Piece, at: int) -> None:
    """Take a definition where something else has its name: a namesake, or what was made of it."""
    own, is_namesake = _last_text(made, new), made[at].kind == "definition"
    follows = not new.is_evaluated if is_namesake else _is_made_of(made[at], new)
    if own is None or not follows:
        made.append(new)  # nothing changes where it is
        return
    old = made[own]
    if old.text.strip() == new.text.strip():
        return
    if not _is_used(new, old, made, own) and not _needs(new, made[own + 1 :]):
        _bring(made, own, new)
        return
    handle = f"_{new.name}_{new.copy + 1}"
    first = _first_text(made, new)
    made[first] = replace(made[first], handle=handle)
    made.append(replace(new, changes=True, former=old.text, finds=handle))


def _bring(made: list[Piece], at: int, new: Piece) -> None:
    made[at] = replace(made[at], text=new.text, trace=None, futures=new.futures)


def _is_of(piece: Piece, new: Piece) -> bool:
    return (piece.kind, piece.module, piece.name, piece.copy) == (
        "definition",
        new.module,
        new.name,
        new.copy,
    )


def _is_again(piece: Piece, new: Piece) -> bool:
    is_alike = (piece.kind, piece.module, piece.name) == ("definition", new.module, new.name)
    return is_alike and piece.is_anew and piece.text.strip() == new.text.strip()


def _last_text(made: Sequence[Piece], new: Piece) -> int | None:
    return next((at for at in range(len(made) - 1, -1, -1) if _is_of(made[at], new)), None)


def _first_text(made: Sequence[Piece], new: Piece) -> int:
    """Return where the object was made that later texts have changed."""
    own = [at for at, piece in enumerate(made) if _is_of(piece, new)]
    return next((at for at in reversed(own) if not made[at].changes), own[0])


def _is_made_of(piece: Piece, new: Piece) -> bool:
    """Whether a statement gives the name what is made of what it was: `f = cached(f)`."""
    return piece.kind == "code" and new.name in reading.made_of_itself(piece.text)


def _last_binding(made: Sequence[Piece], new: Piece) -> int | None:
    """Return the place of what gave the definition's name its value last."""
    for at in range(len(made) - 1, -1, -1):
        piece = made[at]
        binds = piece.name == new.name if piece.name is not None else new.name in piece.binds
        binds = binds and piece.finds is None
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
    is_whole = new.name in parts and (reading.is_class(old.text) or reading.is_class(new.text))
    words = _words_for(parts, old, made)
    later = (piece for piece in made[at + 1 :] if piece.leaves_something)
    return any(
        _uses(piece, new, parts, words) or (is_whole and _reads(piece, new)) for piece in later
    )


def _uses(piece: Piece, new: Piece, parts: frozenset[str], words: frozenset[str]) -> bool:
    trace = piece.trace
    if trace is not None and trace["unknown"] is None:
        return _ran(trace, new, parts)
    named = piece.used_when_made if piece.kind == "definition" else piece.words
    return bool(named & words)


def _ran(trace: Trace, new: Piece, parts: frozenset[str]) -> bool:
    own = [name for file, name in trace["ran"] if file == new.module.file]
    return any(name == part or name.startswith(f"{part}.") for name in own for part in parts)


def _reads(piece: Piece, new: Piece) -> bool:
    """Whether a statement has read the name of a class: it may have made an object of it."""
    reads = [] if piece.trace is None else piece.trace["reads"]
    return any((new.module.file, new.name) == tuple(each) for each in reads)


def _words_for(parts: frozenset[str], old: Piece, made: Sequence[Piece]) -> frozenset[str]:
    """Return the words by which something may come to what changes, through functions too."""
    words = {part.rpartition(".")[2] for part in parts} | {old.name or ""}
    others = [each for each in made if each.kind == "definition" and each is not old]
    if reading.without_comments(old.text).startswith("@"):  # it may be registered somewhere
        used = old.used_when_made
        words |= used.union(*(each.words for each in others if each.name in used))
    naming = {""}
    while naming:
        naming = {each.name or "" for each in others if each.words & words} - words
        words |= naming
    return frozenset(words)
