"""The standard streams of user code.

Descriptors 1 and 2 are pipes that the daemon reads directly. So output costs the worker one
write, survives its crash, and keeps its order relative to the results: what was written before a
message was sent is in the pipe when the daemon reads the message. Nothing here runs a thread.
Standard input asks the daemon, line by line; descriptor 0 itself is at end of file.
"""

from __future__ import annotations

import builtins
import io
import sys
from _thread import allocate_lock, get_ident

from relive.worker.origins import Origins
from relive.worker.outlets import Outlet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.channel import Channel
    from relive.worker.interrupt import Interrupts


_python_input = builtins.input


class Streams:
    """The streams of user code, put together."""

    def __init__(
        self, channel: Channel, interrupts: Interrupts, has_tasks: Callable[[], bool]
    ) -> None:
        self.questions = Questions(channel)
        self._outlets = [
            Outlet(stream, fd, interrupts)
            for fd, stream in ((1, sys.stdout), (2, sys.stderr))
            if isinstance(stream, io.TextIOWrapper)
        ]
        self._origins = Origins(self._outlets, has_tasks)

    def install(self) -> None:
        """Set up the streams, `input` and what asks for passwords."""
        for outlet in self._outlets:
            outlet.stream.reconfigure(
                encoding="utf-8", errors="backslashreplace", line_buffering=True, newline="\n"
            )
        self._origins.install()
        vars(sys)["stdin"] = vars(sys)["__stdin__"] = self.questions.stdin = _stdin(self.questions)
        builtins.input = self.questions.input
        sys.modules["getpass"] = _LazyGetpass(self.questions)  # type: ignore[assignment]

    def start_over(self) -> None:
        """Forget the threads there were: this process is a copy, which has none of them."""
        self.questions.start_over_alone()
        self._origins.forget_threads()

    def begin(self, evaluation: int, *, terminal: bool) -> None:
        """Have what is written be the evaluation's, which begins."""
        self.questions.start_over()
        self._origins.begin(evaluation)
        for outlet in self._outlets:
            outlet.be_terminal(terminal)

    def evaluation(self) -> int | None:
        """Return the number of the evaluation that this thread or task is of."""
        return self._origins.number()

    def put_away(self) -> Callable[[], None]:
        """Let the evaluation that runs be, and return what takes it up again."""
        flush()
        origins, questions = self._origins.put_away(), self.questions.put_away()

        def bring_back() -> None:
            flush()
            origins()
            questions()

        return bring_back

    def begin_statement(self) -> None:
        """Have what is written be a later statement's than what was."""
        for outlet in self._outlets:
            outlet.begin_statement()

    def end(self) -> None:
        """Write out what the evaluation has left in buffers: it has ended."""
        flush()
        self._origins.end()


def flush() -> None:
    """Write out what user code left in the buffers of its streams, which may be anything."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            continue  # closed, replaced or None: no concern of ours


class Questions:
    """Asks the user through the daemon. One question at a time, from whatever thread.

    The answer comes on the control channel, whose thread always listens; an answer to a question
    that was interrupted meanwhile is dropped by its number. A question that an interrupt has ended
    gets the end of input when it is put again: so a debugger, which does that, is left.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.stdin: object = None
        """The standard input that asks here."""
        self.unasked: int | None = None
        """The thread whose questions meet the end of input, as nobody sees what it runs."""
        self._asking = allocate_lock()
        self._number = 0
        self._answered = allocate_lock()
        self._answer: dict[str, Any] = {}
        self._interrupted: str | None = None
        self.gave_up = False
        """Whether the evaluation was given the end of input because of an interrupt."""

    def start_over(self) -> None:
        """Forget what was interrupted: another evaluation begins."""
        self._interrupted, self.gave_up = None, False

    def put_away(self) -> Callable[[], None]:
        """Forget what was interrupted, and return what brings it back."""
        state = self._interrupted, self.gave_up
        self.start_over()

        def bring_back() -> None:
            self._interrupted, self.gave_up = state

        return bring_back

    def start_over_alone(self) -> None:
        """Forget who was asking: it was a thread that this process has not."""
        self._asking = allocate_lock()

    def ask(self, prompt: str, *, password: bool = False) -> str | None:
        """Return the line the user gave, or None for end of file."""
        flush()
        if prompt == self._interrupted:
            self.gave_up = True
        if self._channel.is_dropped or self.gave_up or self.unasked == get_ident():
            return None
        try:
            return self._ask(prompt, password)
        except BaseException:  # nothing but an interrupt, or the user's refusal, ends the wait so
            self._interrupted = prompt
            raise

    def _ask(self, prompt: str, password: bool) -> str | None:
        with self._asking:
            self._number += 1
            self._answered = allocate_lock()
            self._answered.acquire()
            question = {"question": self._number, "prompt": prompt, "password": password}
            self._channel.send({"op": "input", **question})
            self._answered.acquire()
            if self._answer["cancelled"]:
                raise KeyboardInterrupt
            text: str | None = self._answer["text"]
            return text

    def answer(self, message: dict[str, Any]) -> None:
        """Hand the answer to the thread that asked; called on the control thread."""
        if message["question"] == self._number and self._answered.locked():
            self._answer = message
            self._answered.release()

    def input(self, prompt: object = "", /) -> str:
        """Read a line from the user, or from what code has put in the place of `sys.stdin`."""
        if sys.stdin is not self.stdin:
            return _python_input(prompt)
        answer = self.ask(str(prompt))
        if answer is None:
            raise EOFError("no input was given")
        return answer


class _Typed(io.RawIOBase):
    """What the user types, as bytes: the bottom of `sys.stdin`."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions
        self._rest = b""

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 0

    def readinto(self, buffer: Any, /) -> int:
        """Fill in what is left of the latest line, or ask for one; 0 at end of file."""
        if not self._rest:
            answer = self._questions.ask("")
            self._rest = b"" if answer is None else f"{answer}\n".encode("utf-8", "surrogatepass")
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def _stdin(questions: Questions) -> io.TextIOWrapper:
    typed = io.BufferedReader(_Typed(questions))
    return io.TextIOWrapper(typed, encoding="utf-8", errors="surrogatepass", line_buffering=True)


_GETPASS_FUNCTIONS = ("getpass", "unix_getpass", "win_getpass", "fallback_getpass")
"""All that ask, some by the terminal the daemon was started in: none of them may."""


class _LazyGetpass:
    """Stands for the `getpass` module until it is used: its prompts go to the editor, masked."""

    def __init__(self, questions: Questions) -> None:
        self.__dict__.update(__name__="getpass", _questions=questions)

    def __getattr__(self, name: str) -> Any:
        module = self._load()
        return getattr(module, name)

    def _load(self) -> Any:
        import importlib

        questions: Questions = self.__dict__["_questions"]
        del sys.modules["getpass"]
        module: Any = importlib.import_module("getpass")

        def getpass(prompt: str = "Password: ", *_stream: object, **_more: object) -> str:
            answer = questions.ask(str(prompt), password=True)
            if answer is None:
                raise EOFError("no password was given")
            return answer

        for name in _GETPASS_FUNCTIONS:
            setattr(module, name, getpass)
        return module
