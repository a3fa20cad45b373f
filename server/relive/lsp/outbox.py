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


_MOST_WAITING = 8 * 1024 * 1024
"""Bytes that wait for the client to read, beyond which output is left out, and that is said."""


class Outbox:
    """Joins pieces of output that follow each other; everything else goes on as it is."""

    def __init__(self, notify: Callable[[str, Any], None], backlog: Callable[[], int]) -> None:
        """`backlog` tells how many bytes wait for the client to read them."""
        self._notify = notify
        self._backlog = backlog
        self._left_out = 0
        """Characters of output that were not sent, of which nothing was said yet."""
        self._waiting: list[tuple[str, Any]] = []
        self._is_due = False
        """Whether what waits is sent in the next turn."""
        self._pieces: list[str] = []
        """The texts of the output that is last in `_waiting`."""

    def tell_by(self, notify: Callable[[str, Any], None]) -> None:
        """Have `notify` tell the client from now on."""
        self._notify = notify

    def post(self, method: str, params: Any) -> None:
        """Send `params` soon."""
        if not isinstance(params, protocol.OutputParams):
            self._close_last()
            self._flush_soon()
        elif self._joins_last(params):
            self._pieces.append(params.text)
            return
        else:
            self._close_last()
            self._pieces = [params.text]
            asyncio.get_running_loop().call_later(_OUTPUT_DELAY_S, self.flush)
        self._waiting.append((method, params))

    def _flush_soon(self) -> None:
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._flush_due)

    def _flush_due(self) -> None:
        self._is_due = False
        self.flush()

    def flush(self) -> None:
        """Send what waits, now: what is sent next must come after it."""
        self._close_last()
        waiting, self._waiting = self._waiting, []
        for method, params in waiting:
            self._send(method, params)

    def _send(self, method: str, params: Any) -> None:
        if isinstance(params, protocol.OutputParams) and self._backlog() > _MOST_WAITING:
            self._left_out += len(params.text)
            return
        if self._left_out:
            said = protocol.OutputParams(None, "stderr", _said_of(self._left_out))
            self._left_out = 0
            self._notify(protocol.OUTPUT, said)
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


def _said_of(characters: int) -> str:
    return (
        f"\n[{characters:,} characters of output are left out here: they were not read in time]\n"
    )
