"""What fault tests do with a session: evaluate, see that it goes on, act when something is printed."""

from __future__ import annotations

import os
from collections.abc import Callable

from relive.session.answers import Evaluation
from relive.session.events import Event, OutputReady
from relive.session.session import Session


def value(evaluation: Evaluation) -> str:
    """Return the text of the last value of an evaluation that went well."""
    assert evaluation.status == "ok", evaluation.error
    last = evaluation.results[-1].value
    assert last is not None
    return last.text


def printed(evaluation: Evaluation, stream: str = "stdout") -> str:
    """Return what an evaluation wrote to a stream."""
    return "".join(chunk.text for chunk in evaluation.output if chunk.stream == stream)


def goes_on(session: Session, *, generation: int = 1) -> bool:
    """Whether a following evaluation works, in the same worker or in the given one."""
    return value(session.evaluate("1 + 1")) == "2" and session.info().generation == generation


class Watched:
    """A session whose listener lets a test act on what the program prints, and keeps all events."""

    def __init__(self, make_session: Callable[..., Session], *args: object, **more: object) -> None:
        self.events: list[Event] = []
        self._on_text: dict[str, list[Callable[[], object]]] = {}
        self.session = make_session(*args, listener=self._hear, **more)

    def when_printed(self, text: str, action: Callable[[], object]) -> None:
        """Call `action` once, when output with `text` in it comes."""
        self._on_text.setdefault(text, []).append(action)

    def evaluate_and_interrupt(
        self, code: str, file: str | os.PathLike[str] | None = None
    ) -> Evaluation:
        """Evaluate `code`, and interrupt it as soon as it prints `here`."""
        self.when_printed("here", self.session.interrupt)
        return self.session.evaluate(code, file)

    def _hear(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, OutputReady):
            for text in [text for text in self._on_text if text in event.chunk.text]:
                for action in self._on_text.pop(text):
                    action()
