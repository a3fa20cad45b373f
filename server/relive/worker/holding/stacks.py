"""What is on a frame's stack at each instruction, as far as statements leave something there.

Inside blocks that is a loop's iterator, a manager's `__exit__`, what was handled before, a value
that is about to be returned. Values of expressions are above those, and of no interest.
"""

from __future__ import annotations

from bisect import bisect_right

from relive.worker.holding.bytecode import OPS, handlers_of, instructions
from relive.worker.library import standard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from relive.worker.holding.bytecode import Handler, Instruction

_effect: Callable[..., int] = standard("_opcode").stack_effect
VALUE, ITERATOR, EXIT, BEFORE, RAISED, PLACE, RETURNED = (
    "value", "iterator", "exit", "before", "raised", "place", "returned",
)  # fmt: skip
_KEPT = frozenset([ITERATOR, EXIT, BEFORE, RAISED, PLACE, RETURNED])
_NO_RESULT = ("STORE_", "DELETE_", "POP_", "JUMP_", "END_FOR", "END_ASYNC", "RERAISE", "RAISE_")
_BOTH = "STORE_FAST_LOAD_FAST"
_NO_RESULT_EITHER = frozenset(
    ["RETURN_VALUE", "IMPORT_STAR", "PRINT_EXPR", "NOP", "RESUME", "MAKE_CELL", "RETURN_CONST",
     "COPY_FREE_VARS", "PRECALL", "KW_NAMES", "CACHE", "SETUP_ANNOTATIONS", "EXTENDED_ARG"]
)  # fmt: skip


class Item:
    """One thing on the stack."""

    __slots__ = ("kind", "origin", "same")

    def __init__(self, kind: str, origin: int) -> None:
        self.kind = kind
        self.origin = origin
        """The instruction that put it there."""
        self.same: Item | None = None
        """Another way to it, where ways meet."""

    @property
    def known(self) -> Item:
        """The one that stands for all that meet."""
        item = self
        while item.same is not None:
            item = item.same
        return item


Stack = tuple[Item, ...]


class Flow:
    """The stacks of one piece of code."""

    def __init__(self, raw: bytes, table: bytes) -> None:
        self.handlers: list[Handler] = handlers_of(table)
        self.instructions: list[Instruction] = list(instructions(raw))
        self._starts = [each.start for each in self.instructions]
        self._handling: list[Handler | None] = [None] * (len(raw) // 2 + 1)
        for each in self.handlers:
            self._handling[each.start : each.end] = [each] * (each.end - each.start)
        self.handler_kinds: dict[int, str] = {}
        """What the handlers are that were asked about; see `handlers`."""
        self.marks: list[range] = []
        """Instructions that only mark a place, and never run."""
        self.units = len(raw) // 2
        self.index = {each.start: place for place, each in enumerate(self.instructions)}
        self.before: dict[int, Stack] = {}
        """By offset; what cannot be reached has none."""
        self._after: dict[int, Stack] = {}
        self._way: list[tuple[int, Stack]] = [(0, ())] if self.instructions else []
        while self._way:
            self._follow(*self._way.pop())

    def handler(self, unit: int) -> Handler | None:
        """Return where exceptions of the instruction at `unit` go."""
        return self._handling[unit]

    def at(self, unit: int) -> Instruction | None:
        """Return the instruction that `unit` belongs to; its caches are said to be under way."""
        place = bisect_right(self._starts, unit) - 1
        found = self.instructions[place] if place >= 0 else None
        return found if found is not None and unit < found.end else None

    def kinds(self, offset: int) -> tuple[str, ...] | None:
        """Return the kinds of what `kept` returns; None where nothing gets to."""
        stack = self.before.get(offset)
        if stack is None:
            return None
        if not stack or (stack[0].same is None and stack[0].kind == VALUE):
            return ()
        return tuple([each.kind for each in self.kept(offset)])

    def kept(self, offset: int) -> list[Item]:
        """Return what statements have left below the values that the instruction works on."""
        kept = []
        for item, then in zip(self.before[offset], self._after[offset]):
            known = item if item.same is None else item.known
            if then is not item or known.kind not in _KEPT:
                break
            kept.append(known)
        return kept

    def _follow(self, offset: int, stack: Stack) -> None:
        place = self.index[offset]
        while place < len(self.instructions):
            each = self.instructions[place]
            known = self.before.get(each.start)
            if known is not None:
                self._meet(known, stack)
                return
            self.before[each.start] = stack
            handler = self._handling[each.start]
            if handler is not None and handler.target not in self.before:
                self._enter(handler, stack)
            if each.target >= 0:
                self._way.append((each.target, self._step(each, stack, jump=True)))
            stack = self._after[each.start] = self._step(each, stack, jump=False)
            if not each.falls_through:
                return
            place += 1

    def _meet(self, known: Stack, stack: Stack) -> None:
        for mine, theirs in zip(known, stack):
            one, other = mine.known, theirs.known
            if one is other:
                continue
            if RETURNED in (one.kind, other.kind):
                one.kind = other.kind = RETURNED
            other.same = one

    def _enter(self, handler: Handler, stack: Stack) -> None:
        kept = stack[: handler.depth]
        if handler.lasti:
            kept = (*kept, Item(PLACE, handler.target))
        self._way.append((handler.target, (*kept, Item(VALUE, handler.target))))

    def _step(self, each: Instruction, stack: Stack, *, jump: bool) -> Stack:
        op, name = each.op, each.name
        special = _SPECIAL.get(name)
        if special is not None:
            return special(each, stack)
        effect = _effect(op, each.arg if op >= _HAVE_ARGUMENT else None, jump=jump)
        if name == "RETURN_VALUE":
            stack[-1].known.kind = RETURNED
        if op in _WITHOUT_RESULT:
            return stack[: len(stack) + effect] if effect < 0 else stack
        if effect == 1:
            return (*stack, Item(VALUE, each.start))
        if effect > 0:
            return stack + tuple([Item(VALUE, each.start) for _ in range(effect)])
        if effect < 0 and name == "FOR_ITER":  # 3.11: the iterator has come to its end
            return stack[:effect]
        return (*stack[: len(stack) + effect - 1], Item(_RESULTS.get(name, VALUE), each.start))


_HAVE_ARGUMENT: int = standard("opcode").HAVE_ARGUMENT
_WITHOUT_RESULT = frozenset(
    op
    for name, op in OPS.items()
    if name in _NO_RESULT_EITHER or (name.startswith(_NO_RESULT) and name != _BOTH)
)
_RESULTS = {"GET_ITER": ITERATOR, "GET_AITER": ITERATOR}


def _swap(each: Instruction, stack: Stack) -> Stack:
    changed = list(stack)
    changed[-1], changed[-each.arg] = changed[-each.arg], changed[-1]
    return tuple(changed)


def _unpack(each: Instruction, stack: Stack) -> Stack:
    count = each.arg
    if each.name == "UNPACK_EX":
        count = (each.arg & 255) + (each.arg >> 8) + 1
    return stack[:-1] + tuple(Item(VALUE, each.start) for _ in range(count))


def _handled(each: Instruction, stack: Stack) -> Stack:
    return (*stack[:-1], Item(BEFORE, each.start), Item(RAISED, each.start))


def _entered(each: Instruction, stack: Stack) -> Stack:
    return (*stack[:-1], Item(EXIT, each.start), Item(VALUE, each.start))


def _copied(each: Instruction, stack: Stack) -> Stack:
    return (*stack, Item(VALUE, each.start))


_SPECIAL: dict[str, Callable[[Instruction, Stack], Stack]] = {
    "SWAP": _swap,
    "COPY": _copied,
    "UNPACK_SEQUENCE": _unpack,
    "UNPACK_EX": _unpack,
    "PUSH_EXC_INFO": _handled,
    "BEFORE_WITH": _entered,
    "BEFORE_ASYNC_WITH": _entered,
}
