"""An evaluation under way, as one client is told of it."""

from __future__ import annotations

import asyncio
from dataclasses import field
from time import monotonic
from typing import Literal

from lsprotocol import types

from relive.lsp import protocol
from relive.lsp.convert import Places
from relive.lsp.documents import Mark
from relive.session import answers
from relive.session.requests import EvaluateRequest
from relive.source.positions import Range
from relive.source.quick_dataclasses import dataclass


@dataclass
class Run:
    """An evaluation that has no answer yet."""

    places: Places
    uri: str | None
    """The document whose text runs; None for text that stands in none."""
    target: Range | None
    only: Range | None
    """The statement, if there is just one: then no word comes that it begins."""
    token: str | None
    code: str
    """How its text begins."""
    id: int = 0
    request: EvaluateRequest | None = None
    """What it is, if it was not asked for by this client."""
    statement: Range | None = None
    """What runs now."""
    started: float | None = None
    """When it left the queue."""
    ticking: asyncio.TimerHandle | None = field(default=None, repr=False)
    held: tuple[str, str] | None = None
    """The error that it was held at last: its type, and what it says."""

    @property
    def state(self) -> Literal["queued", "running"]:
        """What it is doing."""
        return "queued" if self.started is None else "running"

    @property
    def elapsed_ms(self) -> float:
        """How long it has run."""
        return 0.0 if self.started is None else round((monotonic() - self.started) * 1000, 3)

    def fails_anew(self, told: protocol.Evaluation) -> bool:
        """Whether it failed, and not only because the error that it was held at passes."""
        error, before = told.error, self.held
        if error is None or told.status not in ("error", "held"):
            return False
        self.held = (error.type, error.message) if told.status == "held" else None
        return told.status == "held" or (error.type, error.message) != before

    def mark(self, range_: Range | None) -> Mark | None:
        """Return a part of its text as a place that goes along with edits."""
        return None if range_ is None or self.uri is None else self.places.mark(range_)

    def place(self, range_: Range, origin: answers.Origin) -> Mark | None:
        """Return a statement that ran, if it stands in an open document."""
        if origin == "requested":
            return self.mark(range_)
        return self.places.module.mark(range_) if self.places.module.uri else None

    @property
    def target_now(self) -> types.Range | None:
        """Where the code it was asked to run is by now."""
        return None if self.target is None else self.places.range(self.target)
