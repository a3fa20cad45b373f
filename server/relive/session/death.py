"""How a worker ended, in words and as the error of what it was running."""

from __future__ import annotations

from dataclasses import dataclass

from relive.session.answers import Error, Frame
from relive.session.stacks import Line, Stack, formatted
from relive.source.positions import Range

_TYPE = "WorkerDied"


@dataclass(frozen=True)
class Death:
    """The end of a worker, or the reason why it never began."""

    reason: str
    """What happened to it, as one says it of the worker."""
    stacks: tuple[Stack, ...] = ()
    """What its threads were at, if it could still say."""

    def words(self, running: Line | None) -> str:
        """Return what happened and where; `running` is the statement that ran."""
        place = self._place(running)
        if place is not None:
            return f"{self.reason} in {place.in_words()}"
        return self.reason if running is None else f"{self.reason}, running {running.in_words()}"

    def error(self, running: Line | None, document: str | None) -> Error:
        """Return it as the error of the evaluation that ran; `document` is the text of its file."""
        stack, file = self._stack(), None if running is None else running.file
        lines = () if stack is None else stack.lines
        place = self._place(running) or running
        texts = (document or "").split("\n")
        return Error(
            type=_TYPE,
            message=f"the worker {self.words(running)}",
            frames=tuple(_frame(each, texts if each.file == file else []) for each in lines),
            range=_range(place) if place is not None and place.file == file else None,
            traceback=formatted(list(self.stacks)),
        )

    def _stack(self) -> Stack | None:
        return next((stack for stack in self.stacks if stack.is_current), None)

    def _place(self, running: Line | None) -> Line | None:
        stack = self._stack()
        return None if stack is None else stack.place(None if running is None else running.file)


def unable(reason: str) -> Error:
    """Return the error of a request that no worker has begun, or will."""
    return Error(_TYPE, reason)


def _range(line: Line) -> Range:
    return Range((line.line, 0), (line.line, 0))


def _frame(line: Line, texts: list[str]) -> Frame:
    text = texts[line.line].strip() if line.line < len(texts) else ""
    return Frame(None if line.file.startswith("<") else line.file, line.name, line.line, text)
