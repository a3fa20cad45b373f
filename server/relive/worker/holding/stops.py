"""What is put behind code: stops, where exceptions come to first, and how a frame ends there."""

from __future__ import annotations

from relive.worker.holding.bytecode import MINOR, Assembler, Handler, jump_if
from relive.worker.holding.handlers import CLAUSES, LOOP, around, kind_of
from relive.worker.holding.handlers import OUTERMOST as LAST
from relive.worker.holding.stacks import BEFORE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from relive.worker.holding.delegating import Finish
    from relive.worker.holding.stacks import Flow

_TO_CALL = 7
"""What a call of the hook needs on the stack, but for what blocks keep and the cells; all that
follows needs less."""
_LOAD_CELL = "LOAD_FAST_CHECK" if MINOR > 11 else "LOAD_FAST"


class Stop:
    """Where exceptions of some instructions come to first."""

    __slots__ = ("depth", "kept", "kinds", "lasti", "target", "then")

    def __init__(self, kinds: tuple[str, ...], then: Handler | None) -> None:
        self.kinds = kinds
        """What blocks keep at the bottom of the stack."""
        self.kept = len(kinds)
        self.depth = self.kept if then is None else max(self.kept, then.depth)
        """All that stays on the stack."""
        self.then = then
        """Where the exception would go."""
        self.lasti = then is None or then.lasti
        """Whether the place that raised is on it too; where nobody catches, so that the frame ends
        there, and not behind its code, for whoever traces it."""
        self.target = -1
        """Where it is, once it is written."""


class Written:
    """What was written."""

    def __init__(self, units: bytes, handlers: list[Handler], height: int) -> None:
        self.units = units
        self.handlers = handlers
        self.height = height
        """How high the stack may be in it. More than it has to be costs where calls are deep: the
        interpreter asks the system for memory each time they come to the end of a piece."""


class Stops:
    """The stops of one piece of code."""

    def __init__(self, flow: Flow | None, cells: tuple[int, ...], origin: int, const: int) -> None:
        """Begin at `origin`; `cells` are slots, and `const` is the first of the constants added."""
        self._flow = flow
        self._write = Assembler(origin)
        self._cells = cells
        self._first_const = const
        self._stops: dict[tuple[tuple[str, ...], int], Stop] = {}
        self._handlers: list[Handler] = []

    def stop(self, kinds: tuple[str, ...], then: Handler | None) -> Stop:
        """Return the stop for a handler above what blocks keep."""
        key = kinds, -1 if then is None else then.target
        if key not in self._stops:
            self._stops[key] = Stop(kinds, then)
        return self._stops[key]

    def written(self, finish: Finish) -> Written:
        """Write all of them."""
        self._add_outermost()
        for stop in list(self._stops.values()):
            self._write_stop(stop)
        self._write_finish(finish)
        targets = {id(each): each.target for each in self._stops.values()}
        for each in self._handlers:
            each.target = targets.get(each.target, each.target)
        highest = max([each.depth + each.kept for each in self._stops.values()])
        height = highest + len(self._cells) + _TO_CALL
        return Written(self._write.done(), self._handlers, height)

    def _write_stop(self, stop: Stop) -> None:
        """Write one stop: the hook called, and the three ways on."""
        write, name = self._write, f"{id(stop)}"
        stop.target = write.here
        height = stop.depth + stop.lasti
        kind = None if stop.then is None else self._kind(stop.then)
        has_clauses = kind == CLAUSES
        write.op("PUSH_EXC_INFO")
        if kind == LOOP:
            self._write_loop_end(f"end {name}")
        guarded = write.here
        self._write_call(stop, height)
        write.op("UNPACK_SEQUENCE", 2)
        end_guard = write.here
        if has_clauses:
            write.op("COPY", 1)
            write.jump(jump_if("NONE"), f"past {name}")
        write.jump(jump_if("TRUE"), f"into {name}")
        write.op("SWAP", 2)
        write.op("POP_TOP")
        self._write_on(stop)
        if has_clauses:
            self._write_past(stop, name)
        write.label(f"into {name}")
        write.op("SWAP", 3)
        write.op("POP_EXCEPT")
        write.op("POP_TOP")
        for place in reversed(range(height)):
            write.op("SWAP", 2)
            handled = place < stop.kept and stop.kinds[place] == BEFORE
            write.op("POP_EXCEPT" if handled else "POP_TOP")
        write.jump("JUMP_FORWARD", "finish")
        self._handlers.append(Handler(guarded, end_guard, write.here, height + 2, lasti=False))
        self._write_failed(stop, name)

    def _write_loop_end(self, name: str) -> None:
        """Go on at once where an `async for` has come to its end, as each of them does."""
        write = self._write
        write.op("LOAD_CONST", self._first_const + 4)
        write.op("CHECK_EXC_MATCH")
        write.jump(jump_if("TRUE"), name)

    def _write_call(self, stop: Stop, height: int) -> None:
        write = self._write
        is_outermost = stop.then is None or self._kind(stop.then) == LAST
        write.begin_call(self._first_const + is_outermost)
        for _ in range(stop.kept):
            write.op("COPY", height + 4)
        write.op("COPY", stop.kept + 4)
        write.op("BUILD_TUPLE", stop.kept + 1)
        if stop.lasti and stop.then is not None:
            write.op("COPY", 6)
        else:
            write.op("LOAD_CONST", self._first_const + 3)
        for slot in self._cells:
            write.op(_LOAD_CELL, slot)
        if self._cells:
            write.op("BUILD_TUPLE", len(self._cells))
        write.call(3 if self._cells else 2)

    def _write_on(self, stop: Stop) -> None:
        """Go on to the handler, as if there were no stop; on the stack: before, exception."""
        write, then = self._write, stop.then
        write.op("SWAP", 2)
        write.op("POP_EXCEPT")
        if then is None:
            write.op("RERAISE", 1)
            return
        for _ in range(stop.depth - then.depth):
            if stop.lasti:
                write.op("SWAP", 3)
                write.op("POP_TOP")
                write.op("SWAP", 2)
            else:
                write.op("SWAP", 2)
                write.op("POP_TOP")
        write.jump_back(then.target)

    def _write_past(self, stop: Stop, name: str) -> None:
        """Raise past the clauses, to what is around them."""
        write = self._write
        assert stop.then is not None
        assert self._flow is not None
        write.label(f"past {name}")
        write.op("POP_TOP")
        write.op("SWAP", 2)
        write.op("POP_TOP")
        write.op("SWAP", 2)
        write.op("POP_EXCEPT")
        start = write.here
        write.op("RERAISE", 0)
        outer = around(self._flow, stop.then.target)
        self._cover_past(start, write.here, stop, outer)

    def _cover_past(self, start: int, end: int, stop: Stop, outer: Handler | None) -> None:
        """Send what is raised past clauses to the next block around that is not more of them."""
        assert self._flow is not None
        while outer is not None:
            to = self._stop_below(stop, outer, outer.depth)
            if to is None and self._kind(outer) == CLAUSES:
                outer = around(self._flow, outer.target)
                continue
            target, depth = (outer.target, outer.depth) if to is None else (id(to), to.depth)
            self._handlers.append(Handler(start, end, target, depth, lasti=outer.lasti))
            return
        last = self.stop((), None)
        self._handlers.append(Handler(start, end, id(last), 0, lasti=last.lasti))

    def _add_outermost(self) -> None:
        """Have the stops that what is raised past clauses comes to at the end."""
        self.stop((), None)
        for each in () if self._flow is None else self._flow.handlers:
            if self._kind(each) == LAST:
                self.stop((), each)

    def _stop_below(self, stop: Stop, outer: Handler | None, depth: int) -> Stop | None:
        """Return the highest stop for `outer` that fits on what `stop` has below it."""
        target = -1 if outer is None else outer.target
        fitting = [
            each
            for (_, then), each in self._stops.items()
            if then == target and depth <= each.depth <= stop.depth
        ]
        return max(fitting, key=lambda each: each.depth, default=None)

    def _write_failed(self, stop: Stop, name: str) -> None:
        """Go on as if nothing had been: the hook itself failed, as for want of room to call it."""
        self._write.op("POP_TOP")
        self._write.label(f"end {name}")
        self._write_on(stop)

    def _write_finish(self, finish: Finish) -> None:
        """Write the end of a frame that something else returns for: what to call is on top."""
        write = self._write
        write.label("finish")
        start = write.here
        covered = finish.write(write, self._first_const + 3)
        self._handlers += covered
        strip = write.here
        write.op("PUSH_EXC_INFO")
        write.begin_call(self._first_const + 2)
        write.call(0)
        write.op("POP_TOP")
        write.op("SWAP", 2)
        write.op("POP_EXCEPT")
        write.op("RERAISE", 0)
        for low, high in _gaps(start, strip, covered):
            self._handlers.append(Handler(low, high, strip, 0, lasti=False))

    def _kind(self, handler: Handler) -> str:
        assert self._flow is not None
        return kind_of(self._flow, handler.target)


def _start(handler: Handler) -> int:
    return handler.start


def _gaps(start: int, end: int, covered: list[Handler]) -> list[tuple[int, int]]:
    """Return the ranges between `start` and `end` that nothing covers yet."""
    gaps = []
    for each in sorted(covered, key=_start):
        if each.start > start:
            gaps.append((start, each.start))
        start = each.end
    return [*gaps, (start, end)] if start < end else gaps
