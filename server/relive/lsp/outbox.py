"""Notifications on their way out, in the order they were posted, those of one moment together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import attrs

from relive.lsp import protocol
from relive.session.redrawing import drawn

_OUTPUT_DELAY_S = 0.02
"""How long output waits for more of its kind. A print loop makes thousands of pieces a second, each
of which would cost the editor as much as a large one; a person does not see the delay."""

_LONG = 4096
"""Characters beyond which output that comes at once is told without what it draws over itself: a
bar that is drawn ten thousand times a second."""


class Outbox:
    """Joins pieces of output that follow each other; everything else goes on as it is."""

    def __init__(self, notify: Callable[[str, Any], None]) -> None:
        self._notify = notify
        self._waiting: list[tuple[str, Any]] = []
        self._pieces: list[str] = []
        """The texts of the output that is last in `_waiting`."""

    def post(self, method: str, params: Any) -> None:
        """Send `params` soon."""
        loop = asyncio.get_running_loop()
        if not isinstance(params, protocol.OutputParams):
            self._close_last()
            loop.call_soon(self.flush)
        elif self._joins_last(params):
            self._pieces.append(params.text)
            return
        else:
            self._close_last()
            self._pieces = [params.text]
            loop.call_later(_OUTPUT_DELAY_S, self.flush)
        self._waiting.append((method, params))

    def flush(self) -> None:
        """Send what waits, now: what is sent next must come after it."""
        self._close_last()
        waiting, self._waiting = self._waiting, []
        for method, params in waiting:
            self._notify(method, params)

    def _joins_last(self, params: protocol.OutputParams) -> bool:
        if not self._pieces:
            return False
        _, last = self._waiting[-1]
        return bool(attrs.evolve(params, text="") == attrs.evolve(last, text=""))

    def _close_last(self) -> None:
        if self._pieces:
            method, params = self._waiting[-1]
            text = "".join(self._pieces)
            if len(text) > _LONG:
                text = drawn(text)
            self._waiting[-1] = (method, attrs.evolve(params, text=text))
            self._pieces = []
