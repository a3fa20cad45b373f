"""How a worker ended, in words and as the error of what it was running."""

from __future__ import annotations

import signal

from relive.session.answers import Error, Frame
from relive.session.stacks import Line, Stack, formatted
from relive.source.positions import Range
from relive.source.quick_dataclasses import dataclass
from relive.wire import LOST_CHANNEL_STATUS

_TYPE = "WorkerDied"
_TOO_OLD = (
    "its Python is too old: code runs in CPython 3.9 or newer; "
    "choose another in relive.session.pythonPath"
)
"""Said for a Python that cannot even read the check in the worker's `__main__.py`, as 2.7."""


@dataclass(frozen=True)
class Death:
    """The end of a worker, or the reason why it never began."""

    reason: str
    """What happened to it, as one says it of the worker."""
    stacks: tuple[Stack, ...] = ()
    """What its threads were at, if it could still say."""
    notes: tuple[str, ...] = ()
    """What else there is to say of it."""

    def words(self, running: Line | None) -> str:
        """Return what happened and where; `running` is the statement that ran."""
        return "; ".join((self._what_and_where(running), *self.notes))

    def _what_and_where(self, running: Line | None) -> str:
        place = self._place(running)
        if place is not None:
            return f"{self.reason} in {place.in_words()}"
        return self.reason if running is None else f"{self.reason}, running {running.in_words()}"

    def error(self, running: Line | None, document: str | None) -> Error:
        """Return it as the error of the evaluation that ran; `document` is the text of its file."""
        stack, file = self._stack(), None if running is None else running.file
        lines = () if stack is None else stack.lines
        place = self._place(running) or running
        return Error(
            type=_TYPE,
            message=f"the worker {self.words(running)}",
            frames=tuple(frame_of(each, running, document) for each in lines),
            range=_range(place) if place is not None and place.file == file else None,
            traceback=formatted(list(self.stacks)),
        )

    def _stack(self) -> Stack | None:
        return next((stack for stack in self.stacks if stack.is_current), None)

    def _place(self, running: Line | None) -> Line | None:
        stack = self._stack()
        return None if stack is None else stack.place(None if running is None else running.file)


def died_of(status: int, peak_kb: int, left: tuple[str, ...]) -> Death:
    """Return the death of a worker that ended by itself.

    Args:
        status: its exit status, or the number of the signal that killed it, below zero.
        peak_kb: the most memory it had.
        left: processes it had started, which were ended with it.
    """
    notes = []
    if status == -signal.SIGKILL:
        notes.append(f"memory may have run out, of which it had taken {peak_kb // 1024} MB")
    if left:
        notes.append(f"ended with it, as it had started them: {', '.join(left)}")
    return Death(how_it_ended(status), notes=tuple(notes))


def before_it_was_ready(reason: str, last_words: str) -> str:
    """Say how a worker ended that was never ready, with what it said last."""
    *_, line = last_words.strip().splitlines()
    if line.startswith("SyntaxError: ") and "__main__.py" in last_words:  # the first it reads
        line = _TOO_OLD
    return f"{reason} before it was ready: {line}"


def how_it_ended(status: int) -> str:
    """Say what an exit status means, or the number of a signal, below zero."""
    if status == LOST_CHANNEL_STATUS:
        return "lost its connection: the code it ran closed descriptors that are not its own"
    if status >= 0:
        return f"exited with status {status}"
    return f"was killed by signal {-status} ({_signal_name(-status)})"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return "unknown"


def unable(reason: str) -> Error:
    """Return the error of a request that no worker has begun, or will."""
    return Error(_TYPE, reason)


def _range(line: Line) -> Range:
    return Range((line.line, 0), (line.line, 0))


def frame_of(line: Line, running: Line | None, document: str | None) -> Frame:
    """Return a line of a stack as a frame; `document` is the text of the file that runs."""
    is_known = running is not None and line.file == running.file
    texts = (document or "").split("\n") if is_known else []
    text = texts[line.line].strip() if line.line < len(texts) else ""
    file = None if line.file.startswith("<") else line.file
    return Frame(file, line.name, line.line, text, own=line.is_users)
