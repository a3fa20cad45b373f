"""CPython's bytecode, as far as holding needs it: instructions read, instructions written.

Offsets are in code units, of two bytes each; what instructions keep in the units behind them (their
caches) belongs to them.
"""

from __future__ import annotations

import sys

from relive.worker.library import standard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    Code = Any
    """A code object as it is from 3.11 on; what the oldest version has says too little."""

opcode = standard("opcode")
OPS: dict[str, int] = opcode.opmap
NAMES: list[str] = opcode.opname
MINOR = sys.version_info[1]
_EXTENDED = OPS["EXTENDED_ARG"]
_WAYS = [0] * len(NAMES)
"""By number, where an instruction may jump to: 1 forward, -1 back."""
for _op in opcode.hasjrel:
    _WAYS[_op] = -1 if "BACKWARD" in NAMES[_op] else 1
_ENDS = frozenset(
    OPS[name]
    for name in (
        "RETURN_VALUE", "RETURN_CONST", "RERAISE", "RAISE_VARARGS", "JUMP_FORWARD",
        "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT",
    )
    if name in OPS
)  # fmt: skip


def _caches() -> list[int]:
    """Return, by number, how many units an instruction keeps for itself."""
    entries = opcode._inline_cache_entries
    if not isinstance(entries, dict):
        return [*entries]
    return [entries.get(name, 0) for name in NAMES]


_CACHES = _caches()
_UNUSED = [bytes(2 * count) for count in _CACHES]


def slot_names(code: Code) -> tuple[str, ...]:
    """Return what the slots of a frame are called, in their order.

    From 3.12 on a variable of a comprehension may have the name of one of the function around.
    """
    inner = [name for name in code.co_cellvars if name not in code.co_varnames]
    return (*code.co_varnames, *inner, *code.co_freevars)


def shared_slots(code: Code) -> tuple[int, ...]:
    """Return the slots of variables that functions share, by cells."""
    count, cells = len(code.co_varnames), code.co_cellvars
    if not cells and not code.co_freevars:
        return ()
    names = enumerate(slot_names(code))
    return tuple([slot for slot, name in names if slot >= count or name in cells])


class Instruction:
    """One instruction with its prefixes and caches."""

    __slots__ = ("arg", "end", "name", "op", "start", "target")

    def __init__(self, start: int, op: int, arg: int, end: int) -> None:
        self.start = start
        self.op = op
        self.name = NAMES[op]
        self.arg = arg
        self.end = end
        way = _WAYS[op]
        self.target = end + way * arg if way else -1
        """Where it may jump to."""

    @property
    def falls_through(self) -> bool:
        """Whether what follows may be next."""
        return self.op not in _ENDS


def instructions(raw: bytes) -> Iterator[Instruction]:
    """Yield the instructions of `co_code`."""
    ops, args, caches = raw[::2], raw[1::2], _CACHES
    start = at = arg = 0
    units = len(ops)
    while at < units:
        op = ops[at]
        arg |= args[at]
        if op == _EXTENDED:
            arg <<= 8
            at += 1
            continue
        at += 1 + caches[op]
        yield Instruction(start, op, arg, at)
        start, arg = at, 0


class Handler:
    """One line of an exception table: where exceptions of a range go."""

    __slots__ = ("depth", "end", "lasti", "start", "target")

    def __init__(self, start: int, end: int, target: int, depth: int, *, lasti: bool) -> None:
        self.start = start
        self.end = end
        self.target = target
        self.depth = depth
        """What stays on the stack."""
        self.lasti = lasti
        """Whether the place of the failing instruction is put on it too."""

    def moved(self, by: int) -> Handler:
        """Return it for code that stands so much further behind."""
        return Handler(
            self.start + by, self.end + by, self.target + by, self.depth, lasti=self.lasti
        )


def handlers_of(table: bytes) -> list[Handler]:
    """Return the lines of `co_exceptiontable`."""
    numbers = iter(_numbers(table))
    found = []
    for start in numbers:
        length, target, depth = next(numbers), next(numbers), next(numbers)
        found.append(Handler(start, start + length, target, depth >> 1, lasti=bool(depth & 1)))
    return found


def _numbers(table: bytes) -> Iterator[int]:
    value = 0
    for byte in table:
        value = value << 6 | byte & 63
        if not byte & 64:
            yield value
            value = 0


def table_of(handlers: Iterable[Handler]) -> bytes:
    """Return `co_exceptiontable` for handlers, sorted by where they start."""
    made = bytearray()
    for each in handlers:
        numbers = (each.start, each.end - each.start, each.target)
        for place, value in enumerate((*numbers, each.depth << 1 | each.lasti)):
            _put(made, value, first=place == 0)
    return bytes(made)


def _put(made: bytearray, value: int, *, first: bool) -> None:
    if value < 64:
        made.append(value | first << 7)
        return
    parts = [value & 63]
    while value := value >> 6:
        parts.append(value & 63)
    for place, part in enumerate(reversed(parts)):
        more = 64 if place < len(parts) - 1 else 0
        made.append(part | more | (128 if first and place == 0 else 0))


def no_lines(units: int) -> bytes:
    """Return what `co_linetable` has for so many units that stand on no line."""
    whole, rest = divmod(units, 8)
    return b"\xff" * whole + (bytes([0xF8 | rest - 1]) if rest else b"")


class Assembler:
    """Writes instructions behind existing code."""

    def __init__(self, origin: int) -> None:
        self._origin = origin
        self._made = bytearray()
        self._jumps: list[tuple[int, int, str]] = []
        self._labels: dict[str, int] = {}

    @property
    def here(self) -> int:
        """The offset of what is written next."""
        return self._origin + len(self._made) // 2

    def op(self, name: str, arg: int = 0) -> None:
        """Write an instruction."""
        if arg > 255:
            for shift in (24, 16, 8):
                if arg >> shift:
                    self._made += bytes((_EXTENDED, arg >> shift & 255))
        op = OPS[name]
        self._made += bytes((op, arg & 255)) + _UNUSED[op]

    def raw(self, units: bytes) -> None:
        """Write what was compiled elsewhere."""
        self._made += units

    def jump(self, name: str, label: str) -> None:
        """Write a jump forward to a label of which is still to come."""
        self._jumps.append((len(self._made), self._room(name), label))

    def jump_back(self, target: int) -> None:
        """Write a jump back to an offset."""
        place, end = len(self._made), self._room("JUMP_BACKWARD_NO_INTERRUPT")
        self._fill(place, end - target)

    def label(self, name: str) -> None:
        """Let jumps to `name` come here."""
        self._labels[name] = self.here

    def _room(self, name: str) -> int:
        self._made += bytes([_EXTENDED, 0, _EXTENDED, 0])
        self.op(name)
        return self.here

    def _fill(self, place: int, distance: int) -> None:
        self._made[place + 1], self._made[place + 3] = distance >> 16, distance >> 8 & 255
        self._made[place + 5] = distance & 255

    def call(self, count: int) -> None:
        """Call what `begin_call` has put on the stack, with `count` arguments."""
        if MINOR == 11:
            self.op("PRECALL", count)
        self.op("CALL", count)

    def begin_call(self, const: int) -> None:
        """Put a constant on the stack, to be called."""
        if MINOR < 13:
            self.op("PUSH_NULL")
        self.op("LOAD_CONST", const)
        if MINOR >= 13:
            self.op("PUSH_NULL")

    def call_top(self) -> None:
        """Call what is on top of the stack without arguments."""
        self.op("PUSH_NULL")
        if MINOR < 13:
            self.op("SWAP", 2)
        self.call(0)

    def done(self) -> bytes:
        """Return what was written, with its jumps."""
        for place, end, label in self._jumps:
            self._fill(place, self._labels[label] - end)
        return bytes(self._made)


def jump_if(what: str) -> str:
    """Return the name of the forward jump if the top of the stack, popped, is so."""
    return f"POP_JUMP_FORWARD_IF_{what}" if MINOR == 11 else f"POP_JUMP_IF_{what}"


def codes_in(code: Code) -> Iterator[Code]:
    """Yield the code objects directly inside."""
    for const in code.co_consts:
        if type(const) is type(code):
            yield const
