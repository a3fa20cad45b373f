"""What user code waits to be told by `input()`, whoever is there to be asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from relive.session.events import Event, Started, StateChanged
from relive.session.requests import InputRequest, Reply
from relive.source.quick_dataclasses import dataclass


class Asks(Protocol):
    """Can ask a user."""

    def ask(self, request: InputRequest, reply: Reply) -> None:
        """Have the user give a line."""


@dataclass(eq=False)
class Question:
    """One line that is wanted."""

    request: InputRequest
    reply: Reply
    asked_of: object = None
    """None: nobody is there."""


class Questions:
    """The questions of a session: each is asked of one, and of another when that one is gone."""

    def __init__(self, whom: Callable[[int | None], Asks | None]) -> None:
        self._whom = whom
        self._open: list[Question] = []

    def ask(self, request: InputRequest, reply: Reply) -> None:
        """Ask somebody, now or once there is somebody."""
        question = Question(request, reply)
        self._open.append(question)
        self._put(question)

    def joined(self) -> None:
        """Ask what nobody could be asked until now."""
        self._ask_again(None)

    def left(self, asked: object) -> None:
        """Ask others what this one was asked."""
        self._ask_again(asked)

    def heard(self, event: Event) -> None:
        """Forget the questions of an evaluation that has ended, as by an interrupt."""
        match event:
            case Started(evaluation):
                self._open = [each for each in self._open if _is_of(each, evaluation)]
            case StateChanged(info) if info.state != "busy":
                self._open = [each for each in self._open if each.request.evaluation is None]

    def _ask_again(self, asked: object) -> None:
        for question in [each for each in self._open if each.asked_of is asked]:
            self._put(question)

    def _put(self, question: Question) -> None:
        whom = question.asked_of = self._whom(question.request.evaluation)
        if whom is None:
            return

        def answered(text: str | None, *, cancelled: bool = False) -> None:
            if question in self._open and question.asked_of is whom:
                self._open.remove(question)
                question.reply(text, cancelled=cancelled)

        whom.ask(question.request, answered)


def _is_of(question: Question, evaluation: int) -> bool:
    return question.request.evaluation in (None, evaluation)
