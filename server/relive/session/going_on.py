"""What Python callers ask of what is held: its frames, and having it go on."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import partial

from relive.session.answers import Evaluation
from relive.session.blocking import Blocking
from relive.session.holds import HeldFrame, Refused, ResumePoint
from relive.session.requests import PYTHON, ResumeAction, ResumeRequest


class NotResumedError(ValueError):
    """It cannot go on so, and is held as it was; the message says why."""


class GoingOn(Blocking):
    """The part of a session, for callers without an event loop, that errors are held in."""

    @abstractmethod
    def submit_resume(
        self, request: ResumeRequest, done: Callable[[Evaluation | Refused], None]
    ) -> None:
        """See Holding."""

    @abstractmethod
    def submit_frames(self, done: Callable[[tuple[HeldFrame, ...]], None]) -> None:
        """See Holding."""

    @abstractmethod
    def submit_resume_point(
        self, request: ResumeRequest, done: Callable[[ResumePoint | Refused], None]
    ) -> None:
        """See Holding."""

    @abstractmethod
    def _catch_up(self) -> None:
        """See Telling."""

    def frames(self) -> tuple[HeldFrame, ...]:
        """Return the frames of all that is held, with their values: the innermost first."""
        self._catch_up()
        return self._wait(self.submit_frames)

    def resume(
        self,
        action: ResumeAction,
        frame: int = 0,
        *,
        value: str | None = None,
        line: int | None = None,
        hold: int | None = None,
        document: str | None = None,
    ) -> Evaluation:
        """Have what is held go on, and return what comes of its evaluation from there.

        Args:
            action: `retryStatement` enters the new code at the statement that failed, or at
                `line`; `restartFrame` runs the frame from its start; `return` leaves it with the
                value of an expression, evaluated in the frame; `abandon` lets the error pass.
            frame: which of the stack's; 0 is the innermost.
            value: of `return`: the expression.
            line: of `retryStatement`: where to go on, 0-based.
            hold: which error; None: the last one.
            document: of `retryStatement` in top-level code: the text that its file has now.

        Raises:
            NotResumedError: it cannot be done, and is held still.
        """
        request = ResumeRequest(action, frame, value, line, hold, document, PYTHON)
        answer: Evaluation | Refused = self._wait(partial(self.submit_resume, request))
        return _done(answer)

    def resume_point(
        self,
        frame: int = 0,
        line: int | None = None,
        hold: int | None = None,
        *,
        document: str | None = None,
    ) -> ResumePoint:
        """Return where `retryStatement` would go on, as `resume` has it.

        Raises:
            NotResumedError: nowhere.
        """
        about = line, hold, document, PYTHON
        ask = partial(
            self.submit_resume_point, ResumeRequest("retryStatement", frame, None, *about)
        )
        answer: ResumePoint | Refused = self._wait(ask)
        if isinstance(answer, Refused):
            raise NotResumedError(answer.reason)
        return answer


def _done(answer: Evaluation | Refused) -> Evaluation:
    if isinstance(answer, Refused):
        raise NotResumedError(answer.reason)
    return answer
