"""Code dressed to be held in: its own instructions, and behind them what exceptions come to first.

Nothing is added to what runs: the table of exception handlers sends exceptions to a *stop* behind
the code, made for one handler and one height of the stack. It calls the hook while everything the
frame's blocks keep is still on the stack, and then goes on to the handler as if nothing had been,
or drops all that and returns what the hook gave to be called. No name and no variable is added, and
the constants at the end are no values that a program has.
"""

from __future__ import annotations

from relive.worker.holding.bytecode import (
    OPS,
    Handler,
    instructions,
    no_lines,
    shared_slots,
    table_of,
)
from relive.worker.holding.delegating import finish_for
from relive.worker.holding.handlers import CLAUSES, INNER, LOOP, is_for_all, kind_of
from relive.worker.holding.marks import ADDED, plain_of
from relive.worker.holding.stacks import Flow
from relive.worker.holding.stops import Stop, Stops, Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from relive.worker.holding.bytecode import Code, Instruction
    from relive.worker.holding.delegating import Finish

    Kinds = tuple[str, ...]
    Run = tuple[int, int, "Stop | Handler"]

_BLOCKS = frozenset(
    OPS[name]
    for name in ("GET_ITER", "GET_AITER", "BEFORE_WITH", "BEFORE_ASYNC_WITH", "PUSH_EXC_INFO")
)
_OPTIMIZED, _NESTED_ONLY = 0x1, "<"
_GREATEST = 1 << 15
"""Units of code that are dressed; nobody writes such functions by hand."""


def dressed(code: Code, *, whole: bool = False) -> Code:
    """Return `code` with all functions in it dressed; with `whole` itself too, a module's."""
    kind = type(code)
    inner = tuple([dressed(each) if type(each) is kind else each for each in code.co_consts])
    is_function = code.co_flags & _OPTIMIZED and not code.co_name.startswith(_NESTED_ONLY)
    if not (is_function or whole) or len(code.co_code) > _GREATEST * 2 or plain_of(code):
        return code.replace(co_consts=inner)
    if code.co_exceptiontable or not _BLOCKS.isdisjoint(code.co_code[::2]):
        return Dressing(code, Flow(code.co_code, code.co_exceptiontable)).made(inner)
    return _dressed_simply(code, inner)


class Dressing:
    """One piece of code with blocks in it being dressed."""

    def __init__(self, code: Code, flow: Flow, before: bytes = b"") -> None:
        """Begin; `before` is code behind the code itself that nothing is to stop in."""
        self._code = code
        self._flow = flow
        self._before = before
        origin = (len(code.co_code) + len(before)) // 2
        self._stops = Stops(flow, shared_slots(code), origin, len(code.co_consts))

    def made(self, consts: tuple[object, ...] | None = None) -> Code:
        """Return the dressed code, with `consts` in place of its own."""
        runs = list(self._runs())
        written = self._stops.written(finish_for(self._code.co_flags))
        return _with_tail(self._code, self._before, written, runs, consts)

    def _runs(self) -> Iterator[Run]:
        """Yield where the exceptions of each stretch of instructions go."""
        ways: dict[tuple[Kinds | None, Handler | None], Stop | Handler | None] = {}
        flow = self._flow
        begin, way = -1, None
        for each in flow.instructions[_begin(flow.instructions) :]:
            key = flow.kinds(each.start), flow.handler(each.start)
            if key not in ways:
                ways[key] = self._way(*key)
            then = ways[key]
            if then is not way:
                if way is not None:
                    yield begin, each.start, way
                begin, way = each.start, then
        if way is not None:
            yield begin, len(self._code.co_code) // 2, way

    def _way(self, kinds: Kinds | None, then: Handler | None) -> Stop | Handler | None:
        """Return where exceptions go with that on the stack; None: what cannot be reached."""
        if kinds is None or (then is not None and self._is_left(then, len(kinds))):
            return then
        return self._stops.stop(kinds, then)

    def _is_left(self, then: Handler, kept: int) -> bool:
        """Whether exceptions may go on to the handler at once: nothing is lost by it."""
        kind = kind_of(self._flow, then.target)
        if kind == INNER or (kind == LOOP and kept < then.depth):
            return True  # in an expression: what is below may be nothing, which cannot be copied
        is_even = kind == CLAUSES and kept <= then.depth
        return is_even and not is_for_all(self._flow, then.target, self._code.co_names)


def _begin(found: list[Instruction]) -> int:
    """Return which instruction is the first that is the text's."""
    return next(place for place, each in enumerate(found, 1) if each.name == "RESUME")


_simple: dict[tuple[int, tuple[int, ...], Finish], tuple[Stop, Written]] = {}
"""What is behind code without blocks, as if that were empty: it is alike for most."""


def _dressed_simply(code: Code, consts: tuple[object, ...]) -> Code:
    """Return code without blocks dressed: it has one stop."""
    stop, written = _simply_written(code)
    units = len(code.co_code) // 2
    begin = next(each.end for each in instructions(code.co_code) if each.name == "RESUME")
    runs = [(begin, units, Handler(0, 0, stop.target + units, stop.depth, lasti=stop.lasti))]
    moved = [each.moved(units) for each in written.handlers]
    return _with_tail(code, b"", Written(written.units, moved, written.height), runs, consts)


def _simply_written(code: Code) -> tuple[Stop, Written]:
    key = len(code.co_consts), shared_slots(code), finish_for(code.co_flags)
    if key not in _simple:
        const, cells, finish = key
        stops = Stops(None, cells, 0, const)
        _simple[key] = stops.stop((), None), stops.written(finish)
    return _simple[key]


def _with_tail(
    code: Code,
    before: bytes,
    written: Written,
    runs: Iterable[Run],
    consts: tuple[object, ...] | None,
) -> Code:
    """Return `code` with what was written behind it."""
    units, lines = len(code.co_code) // 2, code.co_linetable
    plain = units, code.co_exceptiontable, len(lines), code.co_stacksize
    handlers = [
        Handler(begin, end, way.target, way.depth, lasti=way.lasti) for begin, end, way in runs
    ]
    tail = before + written.units
    return code.replace(
        co_code=code.co_code + tail,
        co_exceptiontable=table_of(sorted([*handlers, *written.handlers], key=_start)),
        co_linetable=lines + no_lines(len(tail) // 2),
        co_stacksize=max(code.co_stacksize, written.height),
        co_consts=(
            *(code.co_consts if consts is None else consts),
            *ADDED,
            plain,
        ),
    )


def _start(handler: Handler) -> int:
    return handler.start
