"""Sessions with an error that is held, for tests of what can be done then. Their code is that of `job.py`."""

from __future__ import annotations

from pathlib import Path

from conftest import VERSIONS
from relive.session.answers import Evaluation
from relive.session.session import Session

HOLDING = [each for each in VERSIONS if int(each.split(".")[1]) in (11, 12, 13)]
"""The Pythons that can hold errors."""


def define(session: Session, text: str) -> None:
    """Have the process run these definitions, as the text of the file."""
    Path(session.home, "job.py").write_text(text)
    assert session.evaluate(text, file="job.py").status == "ok"


def held(session: Session, code: str) -> Evaluation:
    """Evaluate code whose error is held."""
    answer = session.evaluate(code, file="job.py")
    assert answer.status == "held", answer
    return answer


def let_go(session: Session) -> None:
    """Abandon all that is held."""
    while session.info().holds:
        session.resume("abandon")
