"""How the main thread waits for its next request.

Usually it blocks in `recv`. Once user code has used top-level `await`, the session has an event
loop that lives as long as the worker; then the wait happens *inside* that loop, so that servers
and tasks the user started go on between evaluations. The loop is stopped while a request is
handled: code that calls `asyncio.run()` finds no running loop, as in a script.
"""

from __future__ import annotations

import sys

from relive.worker.channel import Channel
from relive.worker.library import standard

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine
    from typing import Any

    from relive.worker.interrupt import Interrupts


_HELD_IN_LOOP = (
    "an error is held in a task of the session's event loop, which cannot run meanwhile:"
    " resume or abandon it first"
)


class Waiting:
    """Owns the session's event loop, made at the first top-level `await`."""

    def __init__(self, channel: Channel, interrupts: Interrupts) -> None:
        self._channel = channel
        self._loop: asyncio.AbstractEventLoop | None = None
        interrupts.watch_idle(Waiting._idle_in.__code__, lambda: channel.has_request)

    def next_message(self) -> dict[str, Any]:
        """Return the next request, running the event loop, if there is one, until it comes."""
        if self.has_loop() and not self._runs_beneath():
            self._make_current(self._loop)
        while self.has_loop() and not self._runs_beneath() and not self._channel.has_request:
            try:
                self._idle_in(self._loop)
            except (SystemExit, KeyboardInterrupt):  # of a task: it ends that task, not the worker
                continue
        return self._channel.receive()

    def put_away(self) -> Callable[[], None]:
        """Let the loop be that runs beneath, whosever it is, and return what takes it up again.

        Code that runs meanwhile finds none running, as between evaluations.
        """
        if "asyncio" not in sys.modules:
            return lambda: None
        events = standard("asyncio").events
        running = events._get_running_loop()
        events._set_running_loop(None)
        return lambda: events._set_running_loop(running)

    def _runs_beneath(self) -> bool:
        """Whether a task of the loop is held: nothing on it goes on then."""
        return self._loop is not None and self._loop.is_running()

    def descriptors(self) -> set[int]:
        """Return those of the loop itself: what wakes it, and what it waits by."""
        loop: Any = self._loop
        try:
            return {loop._ssock.fileno(), loop._csock.fileno(), loop._selector.fileno()}
        except AttributeError:  # there is none, or one of another kind
            return set()

    def start_over(self) -> None:
        """Have the loop be a copy's own: it shares its handle, and asyncio has it no longer."""
        loop: Any = self._loop
        if not self.descriptors():
            return
        former = loop._selector
        loop._selector = type(former)()
        for key in former.get_map().values():
            loop._selector.register(key.fd, key.events, key.data)
        former.close()
        standard("asyncio").set_event_loop(loop)

    def has_loop(self) -> bool:
        """Whether there is a loop that tasks may run on in between evaluations."""
        return self._loop is not None and not self._loop.is_closed()

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Run `coroutine` to its end on the session's loop; an interrupt cancels it."""
        asyncio = standard("asyncio")  # late: it costs several times what the whole worker does
        if self._runs_beneath():
            coroutine.close()
            raise RuntimeError(_HELD_IN_LOOP)
        if self._loop is None or self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self._loop)
        assert self._loop is not None
        task = self._loop.create_task(coroutine)
        try:
            return self._loop.run_until_complete(task)
        except KeyboardInterrupt:
            task.cancel()
            _drain(self._loop, task)
            raise

    def running_tasks(self) -> list[str]:
        """Return the tasks that go on between evaluations, by name."""
        if self._loop is None or self._loop.is_closed():
            return []
        try:
            tasks = standard("asyncio").all_tasks(self._loop)
            return sorted(f"the task {task.get_name()!r} runs on" for task in tasks)
        except Exception:  # the loop may be one of the user's own making
            return []

    def _idle_in(self, loop: Any) -> None:
        loop.add_reader(self._channel.fd, loop.stop)
        try:
            loop.run_forever()
        finally:
            if not loop.is_closed():
                loop.remove_reader(self._channel.fd)

    def _make_current(self, loop: Any) -> None:
        """Make the session's loop the current one again, if `asyncio.run` has left none."""
        asyncio, warnings = standard("asyncio"), standard("warnings")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                asyncio.get_event_loop()
        except RuntimeError:
            asyncio.set_event_loop(loop)


def _drain(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any]) -> None:
    """Let a cancelled task finish its `finally` blocks."""
    asyncio = standard("asyncio")
    loop.run_until_complete(asyncio.wait({task}, timeout=2))
