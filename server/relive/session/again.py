"""What runs again on the way back: which error it is about is known only once its turn comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from relive.session.answers import Evaluation
from relive.session.evaluating import Evaluating
from relive.session.events import Event
from relive.session.holds import NOTHING_HELD, Holds, Refused
from relive.session.requests import EvaluateRequest, InFrame, ResumeRequest
from relive.session.resuming import Done, Resuming
from relive.session.settings import Settings
from relive.session.wishes import Wishes


def nobody(event: Event) -> None:
    """Tell nobody: what runs again has been told of before."""


class EvaluatingAgain(Evaluating):
    """An evaluation that runs again; if it ran in a held frame, in that of the innermost error."""

    def __init__(
        self,
        number: int,
        holds: Holds,
        request: EvaluateRequest,
        settings: Settings,
        wishes: Wishes,
        done: Callable[[Evaluation], None],
        workspace: str,
    ) -> None:
        super().__init__(number, request, settings, wishes, nobody, done, workspace)
        self._holds = holds

    def message(self) -> dict[str, Any]:
        """See Job."""
        inside, innermost = self.request.inside, self._holds.innermost
        if isinstance(inside, InFrame) and innermost is not None:
            inside = replace(inside, hold=innermost.number)
            self.request = replace(self.request, inside=inside)
        return super().message()


class ResumingAgain(Resuming):
    """What was held going on as it did before."""

    def __init__(
        self, number: int, holds: Holds, held: Evaluating, request: ResumeRequest, done: Done
    ) -> None:
        super().__init__(number, None, held, request, nobody, done)
        self._holds = holds

    def message(self) -> dict[str, Any]:
        """See Job."""
        self.hold = self._holds.of(self.subject)
        if self.hold is not None and self.hold.job is not None:
            self.take_up(self.hold.job)
        return super().message()

    def _refusal(self, why: str) -> Refused:
        """Return why it does not go on; what is not held has come to its end without that."""
        return NOTHING_HELD if self.hold is None else super()._refusal(why)
