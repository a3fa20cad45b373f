"""Some results of a program, with what they need of it: the rest is left away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from relive.exporting.pieces import Piece
from relive.exporting.program import Program


def chosen(program: Program, results: Collection[str]) -> Program:
    """Return the part of a program that gives these results, by their ids, and what they need.

    What is needed is told by names: a statement is, if it gives a name its value, or has changed
    what a name stands for, that a later one mentions. So there may be more than would do.
    """
    kept: list[Piece] = []
    names: set[str] = set()
    for piece in reversed(program.pieces):
        if piece.result in results or _is_needed(piece, names):
            kept.append(piece)
            names |= _mentioned(piece)
    return replace(program, pieces=tuple(reversed(kept)), left_out=())


def _is_needed(piece: Piece, names: set[str]) -> bool:
    if piece.kind == "note" or not piece.leaves_something:
        return False
    bound = {piece.name} if piece.name is not None else piece.binds
    if piece.trace is None:
        acts = not bound and bool(piece.words & names)  # such as `items.append(1)`
        return acts or bool(bound & names) or "*" in bound
    changed = {name for _, name in piece.trace["changed"]}
    return bool((bound | changed) & names)


def _mentioned(piece: Piece) -> set[str]:
    read = [] if piece.trace is None else [name for _, name in piece.trace["reads"]]
    return {*piece.words, *read}
