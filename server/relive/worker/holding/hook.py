"""What a failing frame asks before anything unwinds: hold here, or go on."""

from __future__ import annotations

import sys
import threading
from _thread import get_ident

from relive.worker.holding import foreign
from relive.worker.holding.activation import Activation, Departure
from relive.worker.holding.catching import Catching
from relive.worker.holding.going_on import Go, Refused
from relive.worker.holding.holds import Hold
from relive.worker.holding.let_go import LetGo
from relive.worker.holding.live import Newest
from relive.worker.holding.marks import plain_of
from relive.worker.holding.protocols import ASKED, is_end, is_protocol
from relive.worker.holding.texts import Texts
from relive.worker.holding.underway import Underway

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType
    from typing import Any

    from relive.worker.holding.bytecode import Code
    from relive.worker.holding.live import FunctionOf

_RAISES_ON = 0x20 | 0x80 | 0x200 if sys.version_info >= (3, 12) else 0
"""Flags of code that has a handler of the compiler's own around it: generators, coroutines."""
_MOST_LAST = 8
"""So many exceptions are remembered that may have gone another way."""
_NOBODY = 0
"""Who catches what nobody waits for: the `id` of no frame."""


class _Passed(threading.local):
    """Exceptions that were let go on a thread, while somebody above may still ask."""

    errors: tuple[BaseException, ...] = ()
    last: tuple[tuple[BaseException, int, int], ...] = ()
    """Those let go in a frame with nobody above; the frame's `id`, since its own handlers raise
    them on, and how often they will still come by what is around all of the frame's code."""


class Judge:
    """Decides about each exception that reaches a stop."""

    def __init__(self, pause: Callable[[Hold], Go], function_of: FunctionOf) -> None:
        self._pause = pause
        self._function_of = function_of
        self.texts = Texts()
        self.catching = Catching()
        self.regions: set[int] = set()
        """Functions of ours that run user code which somebody waits for: the `id` of their code,
        for it takes long to compare."""
        self.is_on = False
        self.rest_waits = False
        self.quiet: set[int] = set()
        """Threads on which nothing is held."""
        self._main = get_ident()
        self._passed = _Passed()
        self._let_go = LetGo()
        self._underway = Underway()

    def __call__(
        self,
        frame: FrameType,
        kept: tuple[Any, ...],
        cells: tuple[Any, ...],
        outermost: bool,
        place: int | None,
    ) -> tuple[Any, Any]:
        """Return how the frame goes on, as `Go` has it."""
        error = sys.exc_info()[1]
        assert error is not None
        try:
            if type(error) is Departure:
                go = self._arrive(error, frame, kept, cells, outermost=outermost)
                return go.way, go.what
            unit = self._failing(frame, error, kept, place)
            hold = None
            if unit is not None:
                hold = self._hold(frame, unit, error, kept, cells, outermost=outermost)
            if outermost:
                self._came_by_all(frame)
            if hold is not None:
                return hold.way, hold.what
        except KeyboardInterrupt as interrupt:  # its signal came while this looked about
            return False, interrupt
        except BaseException:  # a defect of ours, or no room left: the program's own error counts
            pass
        return False, error

    def _failing(
        self, frame: FrameType, error: BaseException, kept: tuple[Any, ...], place: int | None
    ) -> int | None:
        """Return the instruction that failed; None: the exception is not to be held there."""
        thread = get_ident()
        if not self.is_on or thread in self.quiet:
            return None
        unit = None if place is None else self._raised_again(frame, place)
        if unit is None:
            if self._underway.has(thread, error, frame):
                return None
            unit = _failed_at(frame, error, self.catching.judged(frame.f_code).units)
        self._underway.forget(thread)
        if unit is None or is_protocol(frame, error):
            return None
        if self._has_passed(error, frame) or self._let_go.has(error, frame):
            return None
        catcher = self._catcher(frame, unit, error, kept)
        if catcher is None:
            return unit
        self._underway.note(thread, error, frame, catcher)
        return None

    def _raised_again(self, frame: FrameType, place: int) -> int | None:
        """Return `place` if a `raise` alone is there, of which the traceback says nothing."""
        return place if self.catching.judged(frame.f_code).raises_again(place) else None

    def _arrive(
        self,
        departure: Departure,
        frame: FrameType,
        kept: tuple[Any, ...],
        cells: tuple[Any, ...],
        *,
        outermost: bool,
    ) -> Go:
        activation = departure.activation
        if activation.frame is not frame or not (outermost or departure.at_once):
            return Go.past_handlers(departure)
        activation.met(kept, cells, outermost=outermost)
        try:
            return departure.go()
        except Exception:  # what was possible before it unwound is not any more
            return Go.on(departure.original)

    def _has_passed(self, error: BaseException, frame: FrameType) -> bool:
        """Whether it was let go further in; once nobody above could ask, that is forgotten.

        It is not to be kept alive, nor all that its traceback holds.
        """
        errors, at = self._passed.errors, id(frame)
        if any(each is error and place == at for each, place, _ in self._passed.last):
            return True
        has_passed = any(each is error or _is_part(error, each) for each in errors)
        if has_passed and not self._is_asked_above(frame):
            self._passed.errors = tuple([each for each in errors if each is not error])
            self._passes_last(error, frame)
        return has_passed

    def _let_pass(self, error: BaseException, frame: FrameType) -> None:
        if self._is_asked_above(frame):
            self._passed.errors = (*self._passed.errors, error)
        else:
            self._passes_last(error, frame)

    def _passes_last(self, error: BaseException, frame: FrameType) -> None:
        self._let_go.note(error, frame)
        asks = 2 if frame.f_code.co_flags & _RAISES_ON else 1
        self._passed.last = (*self._passed.last[1 - _MOST_LAST :], (error, id(frame), asks))

    def _came_by_all(self, frame: FrameType) -> None:
        """Note that an exception has come by what is around all of a frame's code."""
        last, at = self._passed.last, id(frame)
        if last:
            less = [(error, place, left - (place == at)) for error, place, left in last]
            self._passed.last = tuple([each for each in less if each[2]])

    def _is_asked_above(self, frame: FrameType) -> bool:
        return any(_is_alive(above) for above in self._up_to_region(frame))

    def _catcher(
        self, frame: FrameType, unit: int, error: BaseException, kept: tuple[Any, ...]
    ) -> int | None:
        """Return the `id` of the frame that catches it; None: nobody does, and somebody waits."""
        judged_of, catches, regions = self.catching.judged, self.catching.catches, self.regions
        answers = self.catching.answers
        judged = judged_of(frame.f_code)
        if judged.has_handlers and catches(frame, unit, error, kept):
            return id(frame)
        above, is_asked = frame.f_back, isinstance(error, ASKED)
        while above is not None:
            code = above.f_code
            if id(code) in regions:
                return None
            judged = judged_of(code)
            if judged.nobody_waits:
                return id(above)
            if is_asked and (
                is_end(code, error)
                or (judged.may_ask and answers(above, above.f_lasti // 2, error))
            ):
                return id(above)
            if judged.has_handlers and catches(above, above.f_lasti // 2, error):
                return id(above)
            above = above.f_back
        return _NOBODY if get_ident() == self._main else None

    def _hold(
        self,
        frame: FrameType,
        unit: int,
        error: BaseException,
        kept: tuple[Any, ...],
        cells: tuple[Any, ...],
        *,
        outermost: bool,
    ) -> Go:
        first = Activation(self, frame, unit, error)
        if not self._loses_something(first):
            return Go.on(error)
        first.met(kept, cells, outermost=outermost)
        inside = foreign.left(self, frame, error)
        others = list(self._around(frame, error, len(inside)))
        while others and others[-1].is_foreign:  # for none of the user's it waits
            others.pop()
        first.depth = len(inside)
        stack = [*inside, first, *others]
        thread = None if get_ident() == self._main else threading.current_thread().name
        hold = Hold(error, thread, sorted(stack, key=_is_foreign))
        go = self._ask(hold)
        if go.way is False:
            self._let_pass(go.what, frame)
        return go

    def _around(self, frame: FrameType, error: BaseException, inside: int) -> Iterator[Activation]:
        """Yield the frames above, as far as there is something to be said of them."""
        for depth, above in enumerate(self._up_to_region(frame), inside + 1):
            if _is_alive(above):
                found = Activation(self, above, above.f_lasti // 2, error)
            elif plain_of(above.f_code) is None and foreign.is_shown(above):
                found = foreign.alive(self, above, error)
            else:
                continue  # it runs something in its place, which is told of
            found.depth, found.failing = depth, frame
            yield found

    def _ask(self, hold: Hold) -> Go:
        try:
            return self._pause(hold)
        except Refused:
            return hold.abandon()
        except BaseException as instead:
            return Go.on(instead)

    def _loses_something(self, activation: Activation) -> bool:
        """Whether more is lost by unwinding than a single statement that can be run again."""
        code, body = activation.frame.f_code, activation.body
        if code.co_flags & 0x1 or self.rest_waits:
            return True
        return body is not None and any(hasattr(each, "body") for each in body.statements)

    def _up_to_region(self, frame: FrameType) -> Iterator[FrameType]:
        for above in _above(frame):
            if id(above.f_code) in self.regions:
                return
            yield above

    def newest(self, frame: FrameType) -> Newest:
        """Return what finds the newest code of the function that a frame runs."""
        return Newest(self.texts, frame, self._function_of)

    def check_way(self, frame: FrameType, departure: Departure) -> None:
        """Refuse to unwind from `frame` if something on the way would catch that.

        Raises:
            Refused: who.
        """
        target, above = departure.activation.frame, frame
        while True:
            unit = departure.activation.unit if above is target else above.f_lasti // 2
            is_dressed = plain_of(above.f_code) is not None
            ask = self.catching.catches_unasked if is_dressed else self.catching.catches
            if above is not frame and ask(above, unit, departure):
                code: Code = above.f_code
                raise Refused(f"{code.co_qualname}, which catches everything, is on the way there")
            if above is target:
                return
            assert above.f_back is not None
            above = above.f_back


def _above(frame: FrameType) -> Iterator[FrameType]:
    above = frame.f_back
    while above is not None:
        yield above
        above = above.f_back


def _is_part(error: BaseException, group: BaseException) -> bool:
    """Whether `error` is what a clause of `except*` has left of a group."""
    parts = getattr(error, "exceptions", None)
    if not isinstance(parts, tuple) or type(error) is not type(group):
        return False
    whole = {id(each) for each in _single(group)}
    return all(id(each) in whole for each in _single(error))


def _single(error: BaseException) -> Iterator[BaseException]:
    """Yield the exceptions in a group, and in those that are in it."""
    for each in getattr(error, "exceptions", ()):
        yield from _single(each) if hasattr(each, "exceptions") else (each,)


def _is_foreign(activation: Activation) -> bool:
    return activation.is_foreign


def _is_alive(frame: FrameType) -> bool:
    """Whether the frame runs its own code, and not something in its place."""
    plain = plain_of(frame.f_code)
    return plain is not None and frame.f_lasti // 2 < plain.units


def _failed_at(frame: FrameType, error: BaseException, units: int) -> int | None:
    """Return the instruction, of so many, that raised or that a call it made did."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame is not frame:
        trace = trace.tb_next
    if trace is None:
        return None
    unit = trace.tb_lasti // 2
    return unit if unit < units else None
