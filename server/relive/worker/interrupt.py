"""Interrupts: a signal stops the evaluation that runs, and nothing else.

The daemon sends the signal. Python runs the handler between two bytecodes of the main thread,
wherever that is: in user code, in our code around it, or in the idle wait. A flag that says "user
code runs" cannot be kept right: between its last bytecode and the store that clears the flag there
is always room for one more signal. So the handler looks at the stack it interrupts, and raises only
if the function that runs user code, the *region*, is on it; what it raises there is caught by that
function's caller. A signal that comes a moment too late finds the region gone and is dropped.
Code of ours inside the region that must not stop half-way is wrapped in `held_back`, after which
a signal that came meanwhile is raised.

A signal alone can be lost: it may come before the evaluation it is meant for has begun, or in the
few instructions between Python's last look for signals and a system call that then blocks, such as
a wait for a lock. So the daemon's request comes on the control channel too, with the evaluation's
number. A request for an evaluation that has not begun is kept until it does. For one that runs,
the control thread signals again a few times, as long as fewer interrupts were raised than asked
for: so none is lost, and none raised twice, in the midst of the user's clean-up.

The daemon's signal is not SIGINT, which belongs to user code: that may ignore it, and is
interrupted all the same; or handle it, as servers and training loops do to end in order, and then
gets it. Only a second interrupt is raised past such a handler.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # in C: user code may patch what is around it
import sys
import time
from _thread import get_ident, start_new_thread

from relive.wire import INTERRUPT_SIGNAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType
    from typing import Any

_install = _signal.signal
_getsignal = _signal.getsignal
_raise_signal = _signal.raise_signal
_SIGINT: int = _signal.SIGINT
_pthread_kill = getattr(_signal, "pthread_kill", None)
_sleep = time.sleep

_REPEATS_S = (0.05, 0.2, 0.75, 2.0)
"""Seconds between signals for one request: soon for the user, and again on a machine under load."""


class Interrupts:
    """The owner of the handlers."""

    def __init__(self, region: CodeType) -> None:
        """Make the owner; `region` is the code of the function that runs user code."""
        self._regions: tuple[CodeType, ...] = (region,)
        self._hold = 0
        self._pending = False
        self._main = get_ident()
        self._running: int | None = None
        self._wanted: int | None = None
        """The evaluation to interrupt as soon as it begins."""
        self._idle_region: CodeType | None = None
        self._barrier: CodeType | None = None
        self._is_kept_waiting: Callable[[], bool] = lambda: False
        self._asked = 0
        """Requests for the running evaluation, and how often one was raised in it."""
        self._raised = 0
        self.count = 0
        """Of all interrupts that were raised so far, not those a handler of the user's took."""
        self._handlers = {_SIGINT: self._on_sigint, INTERRUPT_SIGNAL: self._on_request}

    def install(self) -> None:
        """Take the signals; before each evaluation again, since user code may have taken them."""
        for number, handler in self._handlers.items():
            if _getsignal(number) != handler:
                _install(number, handler)
        if sys.unraisablehook is sys.__unraisablehook__:
            sys.unraisablehook = self._on_unraisable

    def watch(self, region: CodeType) -> None:
        """Raise in `region` too, another function that runs user code."""
        self._regions = (*self._regions, region)

    def stop_at(self, barrier: CodeType) -> None:
        """Look no further out than `barrier`, a function that waits with user code beneath it."""
        self._barrier = barrier

    def watch_idle(self, region: CodeType, is_kept_waiting: Callable[[], bool]) -> None:
        """Raise in `region` too, which runs user code between evaluations, if a request waits.

        Otherwise the signal is late, meant for an evaluation that has ended meanwhile.
        """
        self._idle_region, self._is_kept_waiting = region, is_kept_waiting

    def begin(self, evaluation: int) -> None:
        """Note that the region runs `evaluation`; called inside it.

        Raises:
            KeyboardInterrupt: its interrupt was asked for already.
        """
        self._asked = self._raised = 0
        self._running = evaluation
        if self._wanted == evaluation:
            raise KeyboardInterrupt

    def end(self) -> None:
        """Note that the evaluation has ended."""
        self._running = None
        self._asked = self._raised = 0

    def put_away(self) -> Callable[[], None]:
        """Let the evaluation that runs be, and return what takes it up again."""
        running, self._running, self._wanted = self._running, None, None
        self._asked = self._raised = 0

        def bring_back() -> None:
            self._asked = self._raised = 0
            self._running = running
            if running is not None and self._wanted == running:
                self.request(running)  # it was asked for before the evaluation went on

        return bring_back

    def start_over(self) -> None:
        """Forget what was asked for: this process goes on as another's copy, with its own turn."""
        self._wanted, self._pending = None, False
        self.end()
        self.install()

    def request(self, evaluation: int) -> None:
        """Make sure that `evaluation` is interrupted; called on the control thread."""
        self._wanted = evaluation
        if self._running == evaluation:
            self._asked += 1
            if _pthread_kill is not None:
                start_new_thread(self._repeat, (evaluation, _pthread_kill))

    def is_wanted(self, evaluation: int) -> bool:
        """Whether `evaluation`, which runs, was to be interrupted. What is still to come is raised.

        Raises:
            KeyboardInterrupt: its signal had not come yet.
        """
        if self.is_to_come(evaluation):
            self._raise()
        return self._wanted == evaluation

    def is_to_come(self, evaluation: int) -> bool:
        """Whether `evaluation` was to be interrupted, and ends before its signal has come."""
        return self._wanted == evaluation and self._raised < self._asked

    def _repeat(self, evaluation: int, send: Callable[[int, int], None]) -> None:
        for seconds in _REPEATS_S:
            _sleep(seconds)
            if self._running != evaluation or self._raised >= self._asked:
                return
            send(self._main, INTERRUPT_SIGNAL)

    def state(self) -> dict[str, Any]:
        """Return what became of the interrupts of the evaluation that runs."""
        return {"raised": self._raised, "taken": self._is_taken()}

    def held_back(self) -> _HeldBack:
        """Return a context in which a signal waits until its end."""
        return _HeldBack(self)

    def _on_request(self, _number: int, frame: FrameType | None) -> None:
        if self._asked and self._raised >= self._asked:
            return  # of a request's signals another one came first
        if self._hold:
            self._pending = True
        elif self._is_inside(frame):
            self._raise()

    def _on_sigint(self, _number: int, frame: FrameType | None) -> None:
        if self._hold:
            self._pending = True
        elif self._is_inside(frame):
            self.count += 1
            raise KeyboardInterrupt

    def _raise(self) -> None:
        self._raised += 1
        if self._raised > 1 or not self._is_taken():
            self.count += 1
            raise KeyboardInterrupt
        try:
            _raise_signal(_SIGINT)
        except KeyboardInterrupt:  # their handler does what ours would
            self.count += 1
            raise

    def _is_taken(self) -> bool:
        """Whether user code handles SIGINT itself."""
        handler = _getsignal(_SIGINT)
        return callable(handler) and handler != self._handlers[_SIGINT]

    def _on_unraisable(self, unraisable: Any) -> None:
        """Have an interrupt repeated that a finaliser or a callback from C code has swallowed."""
        if unraisable.exc_type is KeyboardInterrupt:
            self._raised = max(self._raised - 1, 0)
        sys.__unraisablehook__(unraisable)

    def _is_inside(self, frame: FrameType | None) -> bool:
        while frame is not None:
            if any(frame.f_code is region for region in self._regions):
                return True
            if frame.f_code is self._idle_region:
                return self._is_kept_waiting()
            if frame.f_code is self._barrier:
                return False
            frame = frame.f_back
        return False

    def _release(self) -> None:
        """Leave one `held_back`; raise what came meanwhile, if user code still runs."""
        self._hold -= 1
        if self._pending and not self._hold:
            self._pending = False
            if self._is_inside(sys._getframe()):
                self._raise()


class _HeldBack:
    """Counted only on the thread that signals reach; others cannot be interrupted anyway."""

    def __init__(self, owner: Interrupts) -> None:
        self._owner = owner

    def __enter__(self) -> None:
        if get_ident() == self._owner._main:
            self._owner._hold += 1

    def __exit__(self, *_exc: object) -> None:
        if get_ident() == self._owner._main:
            self._owner._release()
