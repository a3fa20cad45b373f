"""Pictures are sent as they are at the moment: a figure that was shown may change later."""

from __future__ import annotations

import sys

from relive.worker.offers import PICTURES, draws
from relive.worker.own import own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.channel import Channel

_MAX_SIZE = 50_000_000
"""Characters of all pictures of one evaluation."""


class Displays:
    """Sends pictures of values and of what user code shows."""

    def __init__(self, channel: Channel, owner: Callable[[], int | None]) -> None:
        """Make the owner of what is left to send; `owner` tells which evaluation asks for it."""
        self._channel = channel
        self._owner = owner
        self._running: int | None = None
        self._span: Any = None
        self._left = _MAX_SIZE
        self.are_sent = True
        """Whether anything is shown: not what is only tried."""

    def begin(self, evaluation: int) -> None:
        """Note that an evaluation begins."""
        self._running, self._span, self._left = evaluation, None, _MAX_SIZE

    def put_away(self) -> Callable[[], None]:
        """Let the evaluation that runs be, and return what takes it up again."""
        state = self._running, self._span, self._left

        def bring_back() -> None:
            self._running, self._span, self._left = state

        return bring_back

    def at(self, span: Any) -> None:
        """Note which statement begins."""
        self._span = span

    def wants(self, value: Any, mimes: list[str], *, is_last: bool) -> bool:
        """Whether a picture is to be sent: of what draws on a figure, only at the end."""
        has_picture = any(mime in PICTURES for mime in mimes)
        return has_picture and (is_last or not draws(value))

    def show_value(self, value: Any, ref: str) -> None:
        """Send a picture of a result's value."""
        picture = own("relive.worker.viewing.mimes").picture
        self._send(picture(value), ref)

    def show_figure(self, figure: Any) -> None:
        """Send a picture of a figure that user code shows, on whatever thread."""
        if not self._channel.is_dropped:
            self._send(own("relive.worker.viewing.mimes").drawing(figure, "image/png"), None)

    def _send(self, picture: dict[str, Any] | None, ref: str | None) -> None:
        if picture is None or not self.are_sent:
            return
        size = len(picture["data"])
        if size > self._left:
            sys.stderr.write("[a picture is left out: too many, or too large]\n")
            return
        self._left -= size
        number = self._owner()
        span = self._span if number == self._running else None
        about = {"op": "display", "id": number, "span": span, "ref": ref}
        self._channel.send({**about, "displays": [picture]})
