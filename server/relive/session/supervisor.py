"""A worker under supervision: its messages, its output and its end reach the session in order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from relive.session.answers import Stream
from relive.session.connection import Connection
from relive.session.death import Death, before_it_was_ready, died_of, how_it_ended
from relive.session.driver import Driver
from relive.session.launch import Launch
from relive.session.output import Pipe
from relive.session.process import GRACE_S, WorkerProcess
from relive.session.shapes import Shapes
from relive.session.stacks import Stack, Stacks
from relive.source.quick_dataclasses import dataclass
from relive.wire import INTERRUPT_SIGNAL, PROTOCOL_VERSION, STACKS_SIGNAL, messages
from relive.wire.frames import FrameError

_DRAIN_CHUNKS = 32
"""Chunks read from a pipe before a message is handled: all that a pipe can hold, and an end to it
when background threads never stop writing."""
_EXIT_WAIT_S = 0.5
"""How long a process that closed its channel may take to be gone before it is ended by force."""
_LAST_WORDS = 20_000
"""Characters of standard error kept: they explain a worker that ends before it is ready, and hold
the stack of a crash if user code has had it written there."""

Take = Callable[[str, "int | None"], None]
"""Takes text from a pipe, and whose it is."""

_FROM_WORKER = Shapes(messages.FROM_WORKER)
_FROM_CONTROL = Shapes(messages.FROM_CONTROL)
_FROM_WARDEN = Shapes(messages.FROM_WARDEN)


@dataclass(frozen=True)
class WorkerEvents:
    """What a worker's owner is told."""

    ready: Callable[[], None]
    free: Callable[[], None]
    message: Callable[[dict[str, Any]], None]
    control: Callable[[dict[str, Any]], None]
    output: Callable[[Stream, str, int | None], None]
    """Text, and the evaluation whose it is, where the worker says so."""
    died: Callable[[Death], None]
    fell: Callable[[Death], None]
    """It has died too, but its checkpoints, if there are any, can be gone back to (`go_back`)."""
    copies: Callable[[dict[str, Any]], None]
    """A parked copy of it is there, or no longer."""


class Worker:
    """The one owner of a worker's process and descriptors while it lives."""

    def __init__(self, launch: Launch, driver: Driver, events: WorkerEvents) -> None:
        """Start the worker. It is ready only after `begin` has been called, too.

        Raises:
            CannotStart: no such interpreter or folder.
        """
        self._process = WorkerProcess(launch.interpreter, launch.cwd)
        self.launch = launch
        """What it was started with."""
        self._driver = driver
        self._events = events
        self._on_ready: list[Callable[[], None]] = []
        self._last_words = ""
        self._stacks = Stacks()
        self._gone = False
        self._begun = False
        self._greeted = False
        self._lost_channel = False
        self._interrupts_under_way = 0
        self._notes: tuple[str, ...] = ()
        self._python_changed = False
        self._is_waking = False
        """Whether a copy is to go on in its place: whatever is told of its end, that was meant."""
        self.warnings: tuple[str, ...] = ()
        """What is not as it was at the checkpoint that was gone back to."""
        self.ready = False
        self.version: str | None = None
        self._watch_all()

    @property
    def is_free(self) -> bool:
        """Whether it can have its next request: an interrupt under way would be taken for that."""
        return self.ready and not self._interrupts_under_way

    @property
    def pid(self) -> int | None:
        """The worker's process id; None while it is not known yet."""
        return self._process.pid

    def facts(self) -> dict[str, Any]:
        """Return what the session's state says of its worker."""
        return {
            "pid": self.pid,
            "version": self.version,
            "python_changed": self._python_changed,
            "notes": self._notes,
        }

    def look_at_python(self) -> None:
        """Look whether the interpreter is another by now; it is looked at when what ran ends."""
        self._python_changed = not self.launch.is_current()

    def send(self, message: dict[str, Any]) -> None:
        """Send a message for the worker's main thread."""
        self._send(self._process.main, message)

    def send_control(self, message: dict[str, Any]) -> None:
        """Send a message for the worker's control thread."""
        self._send(self._process.control, message)

    def is_running(self) -> bool:
        """Whether its process has not ended."""
        return not self._gone and self._process.is_running()

    def hand_over(self, events: WorkerEvents) -> None:
        """Tell another owner from now on, before `begin`."""
        self._events = events

    def begin(self) -> None:
        """Let the worker be used as soon as it can be."""
        self._begun = True
        self._become_ready()

    def on_ready(self, callback: Callable[[], None]) -> None:
        """Call `callback` once, when the worker is ready or has died: at once if it is."""
        self._on_ready.append(callback)
        if self.ready or self._gone:
            self._tell_ready()

    def interrupt(self, evaluation: int) -> None:
        """Interrupt the evaluation that the worker's main thread runs, or is about to.

        By signal, since the worker's control thread may be kept from running; and by message, for
        a signal that comes too early or when a blocking call does not see it.
        """
        self.send_control({"op": "interrupt", "id": evaluation})
        self._interrupts_under_way += 1
        self.signal(INTERRUPT_SIGNAL)

    def signal(self, number: int) -> None:
        """Send the worker's process a signal; one that has ended gets none, nor anybody else."""
        self._send(self._process.life, {"op": "signal", "number": number})

    def forget_stacks(self) -> None:
        """Forget what has been written of stacks: others are about to be asked for."""
        self._stacks.clear()

    def signal_for_stacks(self) -> None:
        """Have the interpreter write what its threads are at; not even C code keeps it from it."""
        if STACKS_SIGNAL:
            self.signal(STACKS_SIGNAL)

    def stacks(self) -> list[Stack]:
        """Return the stacks that have come since the last were forgotten."""
        self._drain_pipe(self._process.pipes.stacks, self._on_stacks)
        return self._stacks.all

    def go_back(self, checkpoint: int) -> None:
        """Have a parked copy go on in the worker's place; it is ready again once that greets."""
        process, driver = self._process, self._driver
        for connection in (process.main, process.control):
            driver.unwatch(connection.fileno())
        self.ready = self._greeted = self._lost_channel = False
        self._last_words, self._notes = "", ()
        self._stacks.clear()
        self._is_waking = True
        process.go_back(checkpoint)
        driver.watch(process.main.fileno(), self._receive_main)
        driver.watch(process.control.fileno(), self._receive_control)

    def drop(self, checkpoint: int) -> None:
        """Have a parked copy end."""
        self._send(self._process.life, {"op": "drop", "checkpoint": checkpoint})

    def stop(self, *, polite: bool) -> threading.Thread:
        """Let the worker end, and forget it. Returns the thread that waits for the end."""
        self._forget()
        self._tell_ready()  # who waits for that would wait for ever
        return self._process.stop(grace_s=GRACE_S if polite else 0)

    def _send(self, connection: Connection, message: dict[str, Any]) -> None:
        connection.send(message)
        if connection.wants_to_write:
            self._driver.when_writable(connection.fileno(), lambda: self._flush(connection))

    def _flush(self, connection: Connection) -> None:
        connection.flush()
        if connection.wants_to_write:
            self._driver.when_writable(connection.fileno(), lambda: self._flush(connection))

    # -- what the worker does --------------------------------------------------------------------

    def _watch_all(self) -> None:
        process, watch = self._process, self._driver.watch
        watch(process.main.fileno(), self._receive_main)
        watch(process.control.fileno(), self._receive_control)
        watch(process.life.fileno(), self._on_life, background=True)
        for stream, pipe in process.pipes.outputs.items():
            self._watch_pipe(pipe, partial(self._on_output, stream))
        self._watch_pipe(process.pipes.stacks, self._on_stacks)

    def _watch_pipe(self, pipe: Pipe, take: Take) -> None:
        def readable() -> None:
            if not self._read_chunk(pipe, take) and pipe.is_closed:
                self._driver.unwatch(pipe.fileno())
            elif pipe.comes_in_crumbs():
                self._driver.rest(pipe.fileno())

        self._driver.watch(pipe.fileno(), readable, background=True)

    def _receive_main(self) -> bool:
        return self._receive(self._process.main, _FROM_WORKER, self._on_main)

    def _receive_control(self) -> bool:
        return self._receive(self._process.control, _FROM_CONTROL, self._on_control)

    def _receive(
        self, channel: Connection, shapes: Shapes, take: Callable[[dict[str, Any]], None]
    ) -> bool:
        """Take what `channel` has at the moment; return whether there may be more."""
        try:
            received, more = channel.receive()
            for message in received:
                shapes.check(message)
                if not self._gone:
                    take(message)
        except FrameError as error:
            self._end(Death(f"sent what is no message: {error}"))
            return False
        if not more and not self._gone:
            self._on_lost_channel(channel)
        return bool(received) and not self._gone

    def _on_main(self, message: dict[str, Any]) -> None:
        self._drain()
        if message["op"] == "done":
            self._notes = tuple(message["notes"])
        if message["op"] != "hello":
            self._events.message(message)
        elif message["protocol"] != PROTOCOL_VERSION:
            self._end(Death("is of another version of Relive; reload the window"))
        else:
            self._greeted = True
            self.version = message["version"]
            self.warnings = tuple(message["warnings"])
            self._become_ready()

    def _on_control(self, message: dict[str, Any]) -> None:
        self._events.control(message)

    def _become_ready(self) -> None:
        """Be ready once the worker listens and its warden watches."""
        if self._begun and self._greeted and self.pid is not None and not self.ready:
            self.ready = True
            self._events.ready()
            self._tell_ready()

    def _on_lost_channel(self, channel: Connection) -> None:
        """See that it ends: as a rule it has, and its warden is about to say how."""
        self._driver.unwatch(channel.fileno())
        if not self._lost_channel:
            self._lost_channel = True
            self._send(
                self._process.life, {"op": "end", "within": _EXIT_WAIT_S, "worker_alone": True}
            )

    # -- what the warden says --------------------------------------------------------------------

    def _on_life(self) -> None:
        told, more = self._hear_warden()
        for message in told:
            if message["op"] == "started":
                self._process.started(message["pid"])
                self._become_ready()
            elif message["op"] == "signalled":
                self._on_signalled(message["number"])
            elif message["op"] == "woken":
                self._on_woken(message["pid"])
            elif message["op"] not in ("parked", "unparked"):
                self._on_ended(message)
            elif not self._gone:
                self._events.copies(message)
        if not more and not self._gone:
            self._on_exit()

    def _hear_warden(self) -> tuple[list[dict[str, Any]], bool]:
        try:
            told, more = self._process.life.receive()
            for message in told:
                _FROM_WARDEN.check(message)
        except FrameError:  # what was started is no Python of this program's
            return [], False
        return told, more

    def _on_signalled(self, number: int) -> None:
        if number == INTERRUPT_SIGNAL:
            self._interrupts_under_way -= 1
            if self.is_free:
                self._events.free()

    def _on_ended(self, message: dict[str, Any]) -> None:
        if self._is_waking:
            return
        while self._receive_main():
            pass  # its last messages are still in the socket
        death = Death("closed its connection")
        if not message["forced"]:
            death = died_of(message["status"], message["peak_kb"], tuple(message["left"]))
        if self.ready and not self._gone:
            self._drain_all()
            self._events.fell(self._explained(death))
        else:
            self._end(death)

    def _on_woken(self, pid: int | None) -> None:
        self._is_waking = False
        if pid is None:
            self._end(Death("could not be brought back: its copy has ended"))
        else:
            self._process.started(pid)
            self._become_ready()

    def _on_exit(self) -> None:
        """End at the end of what was started: it was no Python, or its warden was killed."""
        status = self._process.wait(_EXIT_WAIT_S)
        if status is None:
            self._end(Death("closed its connection"))
        elif self.pid is None:
            self._end(Death(how_it_ended(status)))
        else:
            self._end(Death(f"lost its parent process, which {how_it_ended(status)}"))

    def _on_output(self, stream: Stream, text: str, owner: int | None) -> None:
        if stream == "stderr":
            self._last_words = (self._last_words + text)[-_LAST_WORDS:]
        self._events.output(stream, text, owner)

    def _on_stacks(self, text: str, _owner: int | None) -> None:
        self._stacks.add(text)

    def _read_chunk(self, pipe: Pipe, take: Take) -> bool:
        """Pass on a chunk of what was written; return False when there is none at the moment."""
        pieces = [] if self._gone else pipe.read()
        for owner, text in pieces:
            take(text, owner)
        return bool(pieces)

    def _drain(self) -> None:
        """Read what was written before the message at hand was sent."""
        if not self._process.pipes.has_written():
            return
        for stream, pipe in self._process.pipes.outputs.items():
            self._drain_pipe(pipe, partial(self._on_output, stream))

    def _drain_pipe(self, pipe: Pipe, take: Take) -> None:
        for _ in range(_DRAIN_CHUNKS):
            if not self._read_chunk(pipe, take):
                break

    # -- its end ---------------------------------------------------------------------------------

    def _end(self, death: Death) -> None:
        """Say, once, why the worker is gone or has to go."""
        if self._gone:
            return
        self._drain_all()
        self._forget()
        self._events.died(self._explained(death))
        self._tell_ready()

    def _drain_all(self) -> None:
        self._drain()
        self._drain_pipe(self._process.pipes.stacks, self._on_stacks)

    def _explained(self, death: Death) -> Death:
        """Return a death with what the worker itself said last."""
        reason = death.reason
        if not self.ready and self._last_words.strip():
            reason = before_it_was_ready(reason, self._last_words)
        stacks = tuple(self._stacks.of_crash(self._last_words))
        return replace(death, reason=reason, stacks=stacks)

    def _forget(self) -> None:
        """Stop watching; nothing of this worker is reported any more."""
        if self._gone:
            return
        self._gone = True
        process = self._process
        channels = [each.fileno() for each in (process.main, process.control, process.life)]
        for fd in [*channels, *(pipe.fileno() for pipe in process.pipes)]:
            if fd >= 0:
                self._driver.unwatch(fd)

    def _tell_ready(self) -> None:
        callbacks, self._on_ready = self._on_ready, []
        for callback in callbacks:
            callback()
