"""What is held going on: the jobs that have it resumed, and questions about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from relive.session.answers import Error, Evaluation
from relive.session.errors import MAX_ENTRIES, cut, to_local
from relive.session.evaluating import Evaluating
from relive.session.events import Event
from relive.session.holds import HeldFrame, Hold, Refused, ResumePoint
from relive.session.jobs import Job
from relive.session.record import OutputRecord
from relive.session.requests import ResumeRequest

Done = Callable[["Evaluation | Refused"], None]

_RUNS_NOT = Refused("The process has ended, and what it held with it.")


class Resuming(Evaluating):
    """An evaluation that was held, going on: its messages are the evaluation's."""

    ops = Evaluating.ops | {"refused"}

    def __init__(
        self,
        number: int,
        hold: Hold | None,
        held: Evaluating,
        request: ResumeRequest,
        listener: Callable[[Event], None],
        done: Done,
    ) -> None:
        about = held.request, held.settings, held.wishes
        super().__init__(number, *about, listener, done, held.workspace)
        self.hold = hold
        self.refused: str | None = None
        """Why it is held still."""
        self._subject = held.subject
        self._resumption = request
        self._refuse: Done = done
        self.output = OutputRecord(held.subject, listener)
        self.take_up(held)

    def take_up(self, held: Evaluating) -> None:
        """Go on with what was known of the evaluation when it was held."""
        self.output.go_on_after(held.output)
        self.go_on_after(held)

    @property
    def subject(self) -> int:
        """See Job."""
        return self._subject

    def message(self) -> dict[str, Any]:
        """See Job."""
        return _resume(self.subject, self.hold, self._resumption)

    def receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """See Job."""
        if message["op"] != "refused":
            return super().receive(message)
        self.is_done, self.refused = True, cut(message["reason"])
        return None

    def finish(self) -> None:
        """See Job."""
        if self.refused is None:
            super().finish()
            return
        self.recorded.refused(self.refused, self.duration_ms, begun=True)
        self._refuse(self._refusal(self.refused))

    def _refusal(self, why: str) -> Refused:
        return Refused(why)


class LettingGo(Job):
    """What is held on another thread going on there: whatever comes of it is not waited for."""

    may_go_beside = True
    ops = frozenset(("let_go", "refused"))

    def __init__(self, number: int, hold: Hold, request: ResumeRequest, done: Done) -> None:
        super().__init__(number)
        self.hold = hold
        self.refused: str | None = None
        self._request = request
        self._done = done

    def message(self) -> dict[str, Any]:
        """See Job."""
        return _resume(self.id, self.hold, self._request)

    def receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """See Job."""
        self.is_done = True
        if message["op"] == "refused":
            self.refused = cut(message["reason"])
        return None

    def finish(self) -> None:
        """See Job."""
        if self.refused is not None:
            self.recorded.refused(self.refused, self.duration_ms, begun=True)
            self._done(Refused(self.refused))
        else:
            self._answer("ok", None)

    def died(self, error: Error) -> None:
        """See Job."""
        self._answer("died", error)

    def _answer(self, status: Any, error: Error | None) -> None:
        answer = Evaluation(self.id, status, "", (), (), False, 0, error, self.duration_ms)
        self._done(self.recorded.evaluated(answer, begun=self.begun is not None))


def _resume(number: int, hold: Hold | None, request: ResumeRequest) -> dict[str, Any]:
    return {
        "op": "resume",
        "id": number,
        "hold": 0 if hold is None else hold.number,
        "action": request.action,
        "frame": request.frame,
        "value": request.value,
        "line": request.line,
        "document": request.document,
    }


class Framing(Job):
    """The question for the values of the frames that are held."""

    is_quiet = True
    ops = frozenset(("frames",))

    def __init__(
        self,
        number: int,
        holds: Callable[[], tuple[Hold, ...]],
        done: Callable[[tuple[HeldFrame, ...]], None],
    ) -> None:
        super().__init__(number)
        self._holds = holds
        self._done = done
        self.may_go_beside = any(hold.job is None for hold in holds())
        self._locals: dict[int, list[dict[str, Any]]] = {}

    def message(self) -> dict[str, Any]:
        """See Job."""
        return {"op": "frames", "id": self.id}

    def receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """See Job."""
        self.is_done = True
        self._locals = {each["hold"]: each["frames"] for each in message["answer"]}
        return None

    def finish(self) -> None:
        """See Job."""
        self._done(tuple(self._with_locals(f) for hold in self._holds() for f in hold.frames))

    def _with_locals(self, frame: HeldFrame) -> HeldFrame:
        told = self._locals.get(frame.hold, [])
        if frame.frame >= len(told):
            return frame
        data = told[frame.frame]
        values = tuple(map(to_local, data["locals"][:MAX_ENTRIES]))
        return replace(frame, locals=values, locals_omitted=max(data["omitted"], 0))

    def died(self, error: Error) -> None:
        """See Job."""
        self._done(())


class Pointing(Job):
    """The question where a frame that is held would go on."""

    is_quiet = True
    ops = frozenset(("resume_point",))

    def __init__(
        self,
        number: int,
        hold: Hold,
        request: ResumeRequest,
        done: Callable[[ResumePoint | Refused], None],
    ) -> None:
        super().__init__(number)
        self._hold = hold
        self._request = request
        self._done = done
        self.may_go_beside = hold.job is None
        self._answer: ResumePoint | Refused = _RUNS_NOT

    def message(self) -> dict[str, Any]:
        """See Job."""
        asked = _resume(self.id, self._hold, self._request)
        names = ("id", "hold", "frame", "line", "document")
        return {"op": "resume_point", **{name: asked[name] for name in names}}

    def receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """See Job."""
        self.is_done = True
        answer = message["answer"]
        if answer is None:
            self._answer = Refused(cut(message["reason"] or "It cannot be gone on there."))
        else:
            note = None if answer["note"] is None else cut(answer["note"])
            self._answer = ResumePoint(**{**answer, "note": note})
        return None

    def finish(self) -> None:
        """See Job."""
        self._done(self._answer)

    def died(self, error: Error) -> None:
        """See Job."""
        self._done(_RUNS_NOT)
