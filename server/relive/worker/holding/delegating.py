"""The end of a frame that something else returns for, by the kind of the frame."""

from __future__ import annotations

from relive.worker.holding.bytecode import handlers_of, instructions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from relive.worker.holding.bytecode import Assembler, Code, Handler

GENERATOR, COROUTINE, ASYNC_GENERATOR = 0x20, 0x80, 0x200
"""Flags of code; a piece of code has one of them, or none."""


class Finish:
    """Calls what is on the stack, and returns what it returns."""

    def write(self, write: Assembler, _none: int) -> list[Handler]:
        """Write it; return the exception handlers in it. `_none` is the constant None."""
        write.call_top()
        write.op("RETURN_VALUE")
        return []


class _Nothing(Finish):
    """For asynchronous generators, which return nothing."""

    def write(self, write: Assembler, none: int) -> list[Handler]:
        write.call_top()
        write.op("POP_TOP")
        write.op("LOAD_CONST", none)
        write.op("RETURN_VALUE")
        return []


class _Delegating(Finish):
    """Passes everything on to an iterator or awaitable, by what the compiler makes of that."""

    def __init__(self, text: str) -> None:
        made = compile(text, "<relive>", "exec", dont_inherit=True)
        code: Code = next(each for each in made.co_consts if type(each) is type(made))
        found = list(instructions(code.co_code))
        send = next(place for place, each in enumerate(found) if each.name == "SEND")
        self._get = found[send - 2]
        self._start = found[send].start
        # What follows belongs to the text's own generator: its StopIteration.
        ends = [each.start for each in found if each.name == "CALL_INTRINSIC_1"]
        self._end = ends[-1] if ends else found[-1].end
        self._code = code.co_code[2 * self._start : 2 * self._end]
        self._handlers = [
            each
            for each in handlers_of(code.co_exceptiontable)
            if self._start <= each.start and each.target < self._end
        ]

    def write(self, write: Assembler, none: int) -> list[Handler]:
        write.call_top()
        write.op(self._get.name, self._get.arg)
        write.op("LOAD_CONST", none)
        by = write.here - self._start
        write.raw(self._code)
        return [each.moved(by) for each in self._handlers]


_PLAIN, _NOTHING = Finish(), _Nothing()
_GENERATOR = _Delegating("def finish(a): return (yield from a)")
_COROUTINE = _Delegating("async def finish(a): return await a")


def finish_for(flags: int) -> Finish:
    """Return the end for code with `flags`."""
    if flags & GENERATOR:
        return _GENERATOR
    if flags & COROUTINE:
        return _COROUTINE
    return _NOTHING if flags & ASYNC_GENERATOR else _PLAIN
