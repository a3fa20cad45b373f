"""Loads ahead what is loaded late as a rule: in a worker that nobody waits for yet."""

from __future__ import annotations

from relive.worker.library import standard
from relive.worker.own import own

_LATE = (
    "relive.worker.tracing.aside",
    "relive.worker.tracing.tracer",
    "relive.worker.live_definitions",
    "relive.worker.modules_by_file",
    "relive.worker.patches",
    "relive.worker.redefine.engine",
)
"""What a first evaluation or redefinition, and questions after it, would make somebody wait for."""
_HOLDING = (
    "relive.worker.holding.holding",
    "relive.worker.held.pauses",
    "relive.worker.holding.hook",
    "relive.worker.holding.preparing",
)
"""The same where errors can be held."""
_LIBRARY = ("dis", "traceback")
"""The same of the library."""


def load(*, holds: bool) -> None:
    """Load it, and nothing else: nothing is made of it, so the worker is as good as new.

    Args:
        holds: whether this Python is one whose errors can be held.
    """
    for name in (*_LATE, *(_HOLDING if holds else ())):
        own(name)
    for name in _LIBRARY:
        standard(name)
