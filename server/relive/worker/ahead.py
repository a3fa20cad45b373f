"""Loads ahead what is loaded late as a rule: in a worker that nobody waits for yet."""

from __future__ import annotations

from relive.worker.own import own

_LATE = (
    "relive.worker.holding.holding",
    "relive.worker.tracing.tracer",
    "relive.worker.live_definitions",
    "relive.worker.patches",
)
"""What a first evaluation, and the questions after it, would load while somebody waits."""


def load() -> None:
    """Load it, and nothing else: nothing is made of it, so the worker is as good as new."""
    for name in _LATE:
        own(name)
