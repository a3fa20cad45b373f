"""Which block of the source an exception handler in bytecode belongs to."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from relive.worker.holding.bytecode import Handler, Instruction
    from relive.worker.holding.stacks import Flow

CLAUSES, WITH, FINALLY, CLEANUP, INNER, LOOP, OUTERMOST = (
    "clauses", "with", "finally", "cleanup", "inner", "loop", "outermost",
)  # fmt: skip
"""`except` clauses; `with`; `finally`; the end of a handler's body; of an expression; of an
`async for`; of a generator, where a StopIteration becomes an error."""

_FIRST = {
    "CLEANUP_THROW": INNER,
    "SWAP": INNER,
    "END_ASYNC_FOR": LOOP,
    "CALL_INTRINSIC_1": OUTERMOST,
    "COPY": CLEANUP,
    "LOAD_CONST": CLEANUP,
}
_LEAVES_EXPRESSION = ("STORE_", "POP_TOP", "RERAISE", "RETURN", "POP_EXCEPT", "YIELD", "PUSH_EXC")


def kind_of(flow: Flow, target: int) -> str:
    """Return what the handler at `target` is."""
    known = flow.handler_kinds.get(target)
    if known is None:
        known = flow.handler_kinds[target] = _kind_of(flow, target)
    return known


def _kind_of(flow: Flow, target: int) -> str:
    place = flow.index[target]
    first = flow.instructions[place]
    if first.name != "PUSH_EXC_INFO":
        return _FIRST.get(first.name, CLEANUP)
    after = flow.instructions[place + 1]
    if after.name == "WITH_EXCEPT_START":
        return WITH
    if after.name == "POP_TOP" or first_match(flow, target) is not None:
        return CLAUSES
    return FINALLY


def first_match(flow: Flow, target: int) -> Instruction | None:
    """Return the instruction that asks the first `except` clause, if there is one."""
    for each in flow.instructions[flow.index[target] + 1 :]:
        if each.name in ("CHECK_EXC_MATCH", "CHECK_EG_MATCH"):
            return each
        if each.name.startswith(_LEAVES_EXPRESSION):
            return None
    return None


def around(flow: Flow, target: int) -> Handler | None:
    """Return the handler that the one at `target` raises to again."""
    outer = flow.handler(target)
    while outer is not None and kind_of(flow, outer.target) == CLEANUP:
        outer = flow.handler(outer.target)
    return outer


def is_for_all(flow: Flow, target: int, names: tuple[str, ...]) -> bool:
    """Whether clauses catch anything at all, as their text says plainly; `names` are the code's."""
    place = flow.index[target]
    first, second = flow.instructions[place + 1 : place + 3]
    if first.name == "POP_TOP":
        return True
    if second.name != "CHECK_EXC_MATCH" or first.name not in ("LOAD_GLOBAL", "LOAD_NAME"):
        return False
    return names[first.arg >> (first.name == "LOAD_GLOBAL")] == "BaseException"
