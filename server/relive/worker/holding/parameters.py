"""Which parameters of a frame may have another value than it was called with."""

from __future__ import annotations

from relive.worker.holding.bytecode import codes_in, instructions, slot_names
from relive.worker.holding.marks import plain_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from relive.worker.holding.bytecode import Code, Instruction
    from relive.worker.holding.stacks import Flow

_SHARED = ("STORE_DEREF", "DELETE_DEREF")
_STORES = ("STORE_FAST", "DELETE_FAST", *_SHARED)


def rebound_before(
    code: Code, flow: Flow, unit: int, does_not_count: Callable[[str, int], bool]
) -> list[str]:
    """Return the parameters that `code` may have given another value on its way to `unit`.

    `does_not_count` is asked about each that does, and the instruction that does it.
    """
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & 0x4) + bool(code.co_flags & 0x8)
    parameters = code.co_varnames[:count]
    at = flow.at(unit)
    rebound = set(_shared_with_inner(code))
    for each in flow.instructions:
        if any(each.start in mark for mark in flow.marks):
            continue
        names = {code.co_varnames[slot] for slot in _stored(each) if slot < count}
        names = {name for name in names if not does_not_count(name, each.start)}
        if names and (at is None or _leads(flow, each, at)):
            rebound |= names
    return [name for name in parameters if name in rebound]


def _stored(each: Instruction) -> Iterator[int]:
    if each.name in _STORES:
        yield each.arg
    elif each.name.startswith("STORE_FAST_"):
        yield each.arg >> 4
        if each.name == "STORE_FAST_STORE_FAST":
            yield each.arg & 15


def _leads(flow: Flow, start: Instruction, end: Instruction) -> bool:
    """Whether `end` may run after `start` has."""
    todo, seen = [*_after(flow, start)], set()
    while todo:
        place = todo.pop()
        if place == end.start:
            return True
        if place in seen or place not in flow.index:
            continue
        seen.add(place)
        todo += _after(flow, flow.instructions[flow.index[place]])
    return False


def _after(flow: Flow, each: Instruction) -> Iterator[int]:
    if each.falls_through:
        yield each.end
    if each.target >= 0:
        yield each.target
    handler = flow.handler(each.start)
    if handler is not None:
        yield handler.target


def _shared_with_inner(code: Code) -> Iterator[str]:
    """Yield the variables that functions inside give other values."""
    for inner in codes_in(code):
        yield from _shared_with_inner(inner)
        plain = plain_of(inner)
        raw = inner.co_code if plain is None else inner.co_code[: 2 * plain.units]
        names = slot_names(inner)
        for each in instructions(raw):
            if each.name in _SHARED and names[each.arg] in inner.co_freevars:
                yield names[each.arg]
