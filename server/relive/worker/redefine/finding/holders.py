"""Who runs the code of a definition: all live functions, whoever holds them.

A function under its own name is found by that name. Others (closures, lambdas, copies, what a
decorator keeps to itself) are found by their code object, whose referrers the garbage collector
knows. It has to look through the whole heap for that, so it is asked only when there is something
to find, which the reference count of the code tells: nobody else holds code objects but the
functions and frames that run them, the code around them, and the image.
"""

from __future__ import annotations

import gc
import sys
from types import AsyncGeneratorType, CoroutineType, FunctionType, GeneratorType

from relive.worker.compiling import is_kept
from relive.worker.redefine.reading.codes import Pair

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.finding.running import Running

_SUSPENDABLE = 0x20 | 0x80 | 0x200
"""Flags of the code of generators, coroutines and async generators."""
_SUSPENDED = {GeneratorType: "gi_code", CoroutineType: "cr_code", AsyncGeneratorType: "ag_code"}


def note_defaults(pairs: list[Pair], functions: list[FunctionType]) -> None:
    """Take lambdas that are defaults of functions for found: they need no search either."""
    by_code = {id(each.old): each for each in pairs if each.outermost}
    for function in functions:
        held = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
        for each in held:
            if type(each) is FunctionType:
                _add(by_code.get(id(each.__code__)), each)


def find_holders(pairs: list[Pair], running: Running) -> None:
    """Complete the functions of `pairs`, and tell `running` of suspended frames of their code."""
    wanted = _wanted(pairs, running)
    if wanted:
        for function in running.searched.known(pair.old for pair in wanted.values()):
            _add(wanted.get(id(function.__code__)), function)
        wanted = _wanted(pairs, running)
    if not wanted:
        return
    for each in gc.get_referrers(*[pair.old for pair in wanted.values()]):
        kind = type(each)
        if kind is FunctionType:
            _add(wanted.get(id(each.__code__)), each)
        elif kind in _SUSPENDED:
            running.note_suspended(getattr(each, _SUSPENDED[kind]), each)


def _wanted(pairs: list[Pair], running: Running) -> dict[int, Pair]:
    """Return the pairs of which somebody has the old code who is not known, by its id."""
    return {id(each.old): each for each in pairs if _unexplained(each, running) > 0}


def _add(pair: Pair | None, function: FunctionType) -> None:
    if pair is not None and not any(each is function for each in pair.functions):
        pair.functions.append(function)


def _unexplained(pair: Pair, running: Running) -> int:
    """Return how many references to the old code have no known holder.

    One is known of each: the code around it, or the image. Of a text that stays as and where it is
    the new code is the old, which the pair then has twice, and the new text too if nothing is
    around it. Where errors are held, what was compiled last is remembered. A frame that is a
    generator's or a coroutine's is none that is known, though it runs now: it may wait later, with
    the old code.
    """
    frames = 0 if pair.old.co_flags & _SUSPENDABLE else running.frames(pair.old)
    once_more = 1 + pair.outermost if pair.stays else 0
    known = 1 + once_more + is_kept(pair.old) + len(pair.functions) + frames
    return _references(pair) - _LEAST - known


def _references(pair: Pair) -> int:
    return sys.getrefcount(pair.old)


def _fresh_code() -> Any:
    return compile("0", "", "eval")


_LEAST = _references(Pair(_fresh_code(), _fresh_code()))
"""The references that a pair, and asking for their count, make on this interpreter."""
