"""Sessions that hold errors and let each go at once, for running other tests on dressed code.

With RELIVE_TEST_HOLDING set, every session of the tests is one. A test then finds what it would
without: the code it is about is compiled for holding, and its errors take the way through a hold.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from relive.session import session as module
from relive.session.answers import Evaluation
from relive.session.settings import Settings


class LettingGo(module.Session):
    """A session as any other, to whoever evaluates in it."""

    def __init__(self, *about: Any, settings: Settings | None = None, **options: Any) -> None:
        """Make a session that holds errors."""
        holding = replace(settings or Settings(), hold_errors="workspace")
        super().__init__(*about, settings=holding, **options)

    def evaluate(self, *about: Any, **options: Any) -> Evaluation:
        """Evaluate, with every error let go."""
        told = super().evaluate(*about, **options)
        while told.status == "held":
            told = _whole(told, self.resume("abandon"))
        return told


def _whole(held: Evaluation, rest: Evaluation) -> Evaluation:
    """Return the answer that there would have been without a hold."""
    results, output = (*held.results, *rest.results), (*held.output, *rest.output)
    return replace(rest, results=results, output=output)


def install() -> None:
    """Have all tests use such sessions."""
    module.Session = LettingGo  # type: ignore[misc]
