"""Where an exception is held: in the frame that failed, with requests taken beneath it.

On the main thread the request loop runs again, inside the failing frame. What is kept of the
evaluation that failed is put away meanwhile, by whoever keeps it, and taken up again when it goes
on: so what runs in between is an evaluation like any other. Holds on the main thread end in the
order in which the stack allows it, the last one first.

Any other thread blocks, and answers itself what it is asked: on the main thread while nothing runs,
and beside what runs, which may wait for that very thread.
"""

from __future__ import annotations

from _thread import allocate_lock, get_ident
from contextlib import suppress

from relive.worker.held.inside import InsideFrame
from relive.worker.held.requests import edit_of, literal_of, reason_of, refusal_of
from relive.worker.held.stops import NOTHING, RefusedHere, Stop
from relive.worker.held.told import MOST_FRAMES, error_of, frame_of, locals_of
from relive.worker.hygiene import end_from_within
from relive.worker.in_function import expression

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.holding.going_on import Go
    from relive.worker.holding.holds import Hold
    from relive.worker.loop import Worker
    from relive.worker.run import Run

_MOST = 8
"""Errors that are held at a time: each keeps its stack, and those of the main thread lie on it."""
_TOO_MANY = (
    f"It was not held: {_MOST} errors are, which is as many as can be. Resume or abandon some."
)
_UNHELD = (RecursionError, MemoryError)
"""Exceptions in whose frame nothing of ours could run: there is no room left for it."""
_BUSY = "the main thread is busy; interrupt it first"
_BENEATH = "another error was held later, on top of it: resume or abandon that one first"


class Pauses:
    """All that is held in this worker."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._channel = worker.main
        self._put_away = worker.evaluator.owners_of_its_state()
        self._main = get_ident()
        self._stops: dict[int, Stop] = {}
        """By their numbers, the latest last."""
        self._last = 0
        self._changing = allocate_lock()
        worker.interrupts.stop_at(Pauses._serve.__code__)
        worker.interrupts.watch(Pauses._value.__code__)

    # -- stopping --------------------------------------------------------------------------------

    def pause(self, hold: Hold) -> Go:
        """Hold an exception, on the thread and in the frame where it was raised.

        Return what is to be done then; it is let through if it cannot be held.
        """
        is_main = get_ident() == self._main
        run = self._worker.evaluator.running if is_main else None
        if (is_main and run is None) or self._channel.is_dropped:
            return hold.abandon()
        if issubclass(type(hold.exception), _UNHELD):
            return hold.abandon()
        if run is not None and self._worker.interrupts.is_wanted(run.id):
            return hold.abandon()  # it is to end
        stop = self._begin(hold, run)
        if stop is None:
            _add_note(hold.exception, _TOO_MANY)
            return hold.abandon()
        try:
            return self._serve(stop) if is_main else self._block(stop)
        finally:
            del self._stops[stop.number]
            stop.end()

    def _begin(self, hold: Hold, run: Run | None) -> Stop | None:
        with self._changing:
            if len(self._stops) >= _MOST:
                return None
            self._last += 1
            evaluation = self._worker.streams.evaluation() if run is None else run.id
            stop = self._stops[self._last] = Stop(self._last, hold, run, evaluation)
            return stop

    def _serve(self, stop: Stop) -> Go:
        """Take requests, with the user's code beneath, until one says how that goes on."""
        bring_back = [put_away() for put_away in self._put_away]
        try:
            self._tell(stop)
            while True:
                message = self._worker.waiting.next_message()
                if message["op"] not in ("resume", "resume_point", "frames"):
                    self._worker.carry_out(message)
                elif (go := self.answer(message)) is not None:
                    return go
        except (EOFError, ConnectionError):
            self.let_threads_go()
            end_from_within()
        finally:
            for each in reversed(bring_back):
                each()

    def _block(self, stop: Stop) -> Go:
        self._tell(stop)
        return stop.wait()

    def _tell(self, stop: Stop) -> None:
        hold, run = stop.hold, stop.run
        results: list[dict[str, Any]] = []
        if run is not None:
            results, run.unsent = run.unsent, results
        self._channel.send(
            {
                "op": "held",
                "id": stop.evaluation,
                "hold": stop.number,
                "thread": None if run is not None else hold.thread_name or "a thread",
                "module": "" if run is None else run.module_name,
                "error": error_of(hold, "" if run is None else run.source_name, self._worker.image),
                "frames": [frame_of(each) for each in hold.frames[:MOST_FRAMES]],
                "results": results,
                "seconds": 0.0 if run is None else run.clock(),
            }
        )

    # -- what is asked about it ------------------------------------------------------------------

    def answer(self, message: dict[str, Any]) -> Go | None:
        """Answer a request about what is held; return what the main thread is to do, if anything.

        On the main thread, where nothing else runs.
        """
        if message["op"] == "frames":
            told = []
            for stop in reversed(list(self._stops.values())):
                with suppress(RefusedHere):  # a thread that has gone on meanwhile
                    told.append(self._locals(stop))
            self._channel.send({"op": "frames", "id": message["id"], "answer": told})
        elif message["op"] == "resume_point":
            self._channel.send(self._resume_point(message))
        else:
            try:
                return self._resume(message)
            except Exception as refused:
                self._channel.send(refusal_of(message, refused))
        return None

    def answer_beside(self, message: dict[str, Any]) -> None:
        """Have a request answered by the thread that it is about; called on the control thread."""
        send = self._worker.control.send
        if message["op"] == "frames":
            on_threads = [stop for stop in self._stops.values() if stop.run is None]
            self._tell_frames(message["id"], on_threads, [])
            return
        try:
            stop = self._stop(message["hold"])
            if stop.run is not None:
                raise RefusedHere(_BUSY)
            if message["op"] == "resume_point":
                stop.post(lambda: send(self._resume_point(message)))
            else:
                stop.post(lambda: self._resume_here(message))
        except RefusedHere as refused:
            send(refusal_of(message, refused))

    def _tell_frames(self, number: int, left: list[Stop], told: list[dict[str, Any]]) -> None:
        """Have each of those threads add its frames, one after the other; the last one answers."""
        if not left:
            self._worker.control.send({"op": "frames", "id": number, "answer": told})
            return
        *rest, stop = left

        def tell() -> None:
            with suppress(Exception):  # it would be the program's
                told.append(self._locals(stop))
            self._tell_frames(number, rest, told)

        try:
            stop.post(tell)
        except RefusedHere:  # it has gone on meanwhile
            self._tell_frames(number, rest, told)

    def _resume_here(self, message: dict[str, Any]) -> Go | None:
        """Answer, on the thread that is held, and return how it goes on."""
        control = self._worker.control
        try:
            go = self._go(self._stop(message["hold"]), message)
        except Exception as refused:
            control.send(refusal_of(message, refused))
            return None
        control.send({"op": "let_go", "id": message["id"]})
        return go

    def locals(self, hold: int, frame: int) -> dict[str, Any]:
        """Return the variables of a frame that is held.

        Raises:
            RefusedHere: there is none.
        """
        stop = self._framed(hold, frame)
        return dict(stop.call(stop.hold.frames[frame].locals))

    def inside(self, hold: int, frame: int) -> InsideFrame:
        """Return what text runs in that is evaluated in a frame that is held.

        Raises:
            RefusedHere: there is none.
        """
        stop = self._framed(hold, frame)
        held = stop.hold.frames[frame]
        names = stop.call(held.locals)
        return InsideFrame(
            held,
            frozenset(names),
            lambda piece: stop.call(lambda: stop.hold.evaluate(frame, piece)),
        )

    def let_threads_go(self) -> None:
        """Let the threads that are held go on: the process ends."""
        for stop in list(self._stops.values()):
            if stop.run is None:
                with suppress(RefusedHere):
                    stop.decide(stop.hold.abandon())

    def _framed(self, hold: int, frame: int) -> Stop:
        """Return what is held under a number, which has such a frame."""
        stop = self._stop(hold)
        if not 0 <= frame < len(stop.hold.frames):
            raise RefusedHere(f"what is held has no frame {frame}")
        return stop

    def _stop(self, number: int) -> Stop:
        """Return what is held under a number.

        Raises:
            RefusedHere: nothing is.
        """
        stop = self._stops.get(number)
        if stop is None:
            raise RefusedHere(NOTHING)
        return stop

    def _resume(self, message: dict[str, Any]) -> Go | None:
        stop = self._stop(message["hold"])
        innermost = max((each.number for each in self._stops.values() if each.run), default=None)
        if stop.run is not None and stop.number != innermost:
            raise RefusedHere(_BENEATH)
        go = self._go(stop, message)
        if stop.run is not None:
            return go
        stop.decide(go)
        self._channel.send({"op": "let_go", "id": message["id"]})
        return None

    def _go(self, stop: Stop, message: dict[str, Any]) -> Go:
        hold, action, frame = stop.hold, message["action"], message["frame"]
        if action == "abandon":
            return hold.abandon()
        if action == "restartFrame":
            return stop.call(lambda: hold.restart(frame))
        if action == "return":
            value = self._value_in(stop, message)
            return stop.call(lambda: hold.give_back(frame, value))
        edit = edit_of(stop, message)
        return stop.call(lambda: hold.retry(frame, message["line"], edit))

    def _value_in(self, stop: Stop, message: dict[str, Any]) -> Any:
        """Return the value that a frame is to return, evaluated with the frame's names."""
        text = message["value"] or "None"
        if get_ident() != self._main:
            return literal_of(text)
        try:
            return self._value(stop, message, text.strip())
        except BaseException as failure:
            raise RefusedHere(f"the value cannot be worked out: {reason_of(failure)}") from None
        finally:
            self._worker.interrupts.end()

    def _value(self, stop: Stop, message: dict[str, Any], text: str) -> Any:
        frame = message["frame"]
        piece = (
            self._framed(stop.number, frame)
            .hold.frames[frame]
            .compiled(expression(text, "<value>"), "<value>")
        )
        if piece.awaits:
            raise RefusedHere("nothing is awaited for it; evaluate it in the frame first")
        self._worker.interrupts.begin(message["id"])
        return stop.call(lambda: stop.hold.evaluate(frame, piece))

    def _resume_point(self, message: dict[str, Any]) -> dict[str, Any]:
        try:
            stop = self._stop(message["hold"])
            at = message["frame"], message["line"], edit_of(stop, message)
            point = stop.call(lambda: stop.hold.resume_point(*at))
        except Exception as refused:
            return refusal_of(message, refused)
        names = ("file", "line", "end_line", "certain")
        answer = {**{name: getattr(point, name) for name in names}, "note": point.note or None}
        return {"op": "resume_point", "id": message["id"], "answer": answer, "reason": None}

    def _locals(self, stop: Stop) -> dict[str, Any]:
        return {"hold": stop.number, "frames": stop.call(lambda: locals_of(stop.hold))}


def _add_note(error: BaseException, note: str) -> None:
    add = getattr(error, "add_note", None)  # 3.11 and up, as all that is held
    if add is not None:
        add(note)
