"""Who in a piece of code may catch an exception: found once for a block, then asked about each."""

from __future__ import annotations

from relive.worker.holding import resolving
from relive.worker.holding.handlers import (
    CLAUSES,
    FINALLY,
    LOOP,
    WITH,
    around,
    first_match,
    kind_of,
)
from relive.worker.holding.managers import swallows
from relive.worker.holding.stacks import EXIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from relive.worker.holding.bytecode import Code, Handler
    from relive.worker.holding.catching import Catching
    from relive.worker.holding.resolving import Reading
    from relive.worker.holding.stacks import Flow

    Catcher = Callable[[Any, BaseException, tuple[Any, ...]], bool]
    """Given a frame, an exception, and what the frame's blocks keep on the stack as far as that
    is known: whether it catches that."""

_MATCH, _STARRED = "CHECK_EXC_MATCH", "CHECK_EG_MATCH"
_BETWEEN = ("COPY", "BUILD_LIST", "SWAP", "POP_TOP", "LIST_APPEND", "NOP")
"""Instructions between the clauses of `except*`, and before them."""
_NEAR = 8
"""How many instructions behind a match the jump to the next clause is at most."""


def catchers(
    code: Code, flow: Flow, handler: Handler | None, catching: Catching
) -> Iterator[Catcher]:
    """Yield who may catch what goes to `handler`, from there outwards."""
    while handler is not None:
        kind = kind_of(flow, handler.target)
        if kind == CLAUSES:
            yield clauses(code, flow, handler.target)
        elif kind == WITH:
            yield _with(code, flow, handler, catching)
        elif kind == LOOP:
            yield _ends_loop
        elif kind == FINALLY and _leaves(flow, handler.target):
            yield _drops
        handler = around(flow, handler.target)


def clauses(code: Code, flow: Flow, target: int) -> Catcher:
    """Return the `except` clauses at `target`."""
    match = first_match(flow, target)
    if match is not None and match.name == _STARRED:
        return _starred(list(_star_clauses(code, flow, flow.index[target] + 1)))
    asked, is_for_all = _clauses(code, flow, flow.index[target] + 1)
    if len(asked) == 1 and not is_for_all:
        return _clause(asked[0])

    def catch(frame: Any, error: BaseException, _kept: tuple[Any, ...]) -> bool:
        for types in asked:
            if _is_for(error, types(frame)):
                return True
        return is_for_all

    return catch


def _clause(types: Reading) -> Catcher:
    def catch(frame: Any, error: BaseException, _kept: tuple[Any, ...]) -> bool:
        wanted = types(frame)
        if type(wanted) is type:
            return isinstance(error, wanted)
        return _is_for(error, wanted)

    return catch


def _starred(asked: list[Reading]) -> Catcher:
    def catch(frame: Any, error: BaseException, _kept: tuple[Any, ...]) -> bool:
        rest: BaseException | None = error
        for types in asked:
            rest = None if rest is None else _rest_of(rest, types(frame))
        return rest is None

    return catch


def _star_clauses(code: Code, flow: Flow, place: int) -> Iterator[Reading]:
    """Yield what clauses of `except*` ask for, in turn: each takes its part of a group."""
    while True:
        while flow.instructions[place].name in _BETWEEN:
            place += 1
        found = flow.instructions[place:]
        match = next((n for n, each in enumerate(found, place) if each.name == _STARRED), None)
        ends = next((n for n, each in enumerate(found, place) if "INTRINSIC_2" in each.name
                     or each.name == "PREP_RERAISE_STAR"), len(flow.instructions))  # fmt: skip
        following = -1 if match is None or match > ends else _other_way(flow, match)
        if match is None or following < 0:
            return
        yield resolving.value(code, flow, place, match)
        place = flow.index[following]


def _clauses(code: Code, flow: Flow, place: int) -> tuple[list[Reading], bool]:
    """Return what clauses ask for, in turn, and whether the last one asks for nothing."""
    asked: list[Reading] = []
    begin = place
    while place < len(flow.instructions):
        each = flow.instructions[place]
        if each.name == _MATCH:
            asked.append(resolving.value(code, flow, begin, place))
            following = _other_way(flow, place)
            if following < 0:
                break
            place = begin = flow.index[following]
            continue
        if each.name in ("RERAISE", "POP_TOP", "POP_EXCEPT"):
            return asked, each.name == "POP_TOP"
        place += 1
    return asked, False


def _other_way(flow: Flow, place: int) -> int:
    """Return where it goes on if the match at `place` is none; -1: that is not to be seen."""
    near = flow.instructions[place + 1 : place + _NEAR]
    jumps = (each for each in near if "IF_FALSE" in each.name or "IF_NONE" in each.name)
    return next((each.target for each in jumps), -1)


def _is_for(error: BaseException, types: Any) -> bool:
    if not isinstance(types, (type, tuple)):
        return True  # nobody knows
    try:
        return isinstance(error, types)
    except Exception:  # what is no type raises when it is asked
        return True


def _rest_of(error: BaseException, types: Any) -> BaseException | None:
    """Return what a clause of `except*` leaves of an exception; None: nothing."""
    if not (isinstance(types, (type, tuple)) and hasattr(error, "split")):
        return None if _is_for(error, types) else error
    try:
        rest: BaseException | None = error.split(types)[1]
    except Exception:  # as above, or its class makes no part of it
        return None
    return rest


def _with(code: Code, flow: Flow, handler: Handler, catching: Catching) -> Catcher:
    place = handler.depth - 1
    stack = flow.before.get(handler.start, ())
    if place >= len(stack) or stack[place].kind != EXIT:
        return _lets_pass
    manager = resolving.manager(code, flow, stack[place].origin)

    def catch(frame: Any, error: BaseException, kept: tuple[Any, ...]) -> bool:
        if place < len(kept):
            return swallows(getattr(kept[place], "__self__", None), error, catching)
        return swallows(manager(frame), error, catching)

    return catch


def _ends_loop(_frame: Any, error: BaseException, _kept: tuple[Any, ...]) -> bool:
    return isinstance(error, StopAsyncIteration)


def _drops(_frame: Any, _error: BaseException, _kept: tuple[Any, ...]) -> bool:
    return True


def _lets_pass(_frame: Any, _error: BaseException, _kept: tuple[Any, ...]) -> bool:
    return False


def _leaves(flow: Flow, target: int) -> bool:
    """Whether a `finally` block always leaves by other means, which drops the exception."""
    return not any(
        each.name == "RERAISE" and stack and stack[-1].known.origin == target
        for each in flow.instructions
        if (stack := flow.before.get(each.start)) is not None
    )
