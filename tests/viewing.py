"""Asking about values that were shown, for tests."""

from __future__ import annotations

from typing import TypeVar

from relive.session.answers import Value
from relive.session.session import Session
from relive.session.values import Gone, NoView
from relive.session.viewing import View

T = TypeVar("T")


def shown(session: Session, code: str) -> Value:
    """Return the value that `code` gives."""
    done = session.evaluate(code)
    assert done.status == "ok", done.error
    value = done.results[-1].value
    assert value is not None
    return value


def told(session: Session, view: View[T]) -> T:
    """Return the answer to a question that has one."""
    answer = session._wait(lambda done: session.submit_view(view, done))
    assert not isinstance(answer, (Gone, NoView)), answer
    return answer


def refused(session: Session, view: View[T]) -> str:
    """Return the reason why a question has no answer."""
    answer = session._wait(lambda done: session.submit_view(view, done))
    assert isinstance(answer, (Gone, NoView)), answer
    return answer.gone if isinstance(answer, Gone) else answer.reason
