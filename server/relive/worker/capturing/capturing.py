"""Captures calls, and tells of those that are kept."""

from __future__ import annotations

import sys

from relive.worker.capturing.inside import InsideCall, inside
from relive.worker.capturing.monitoring import Monitoring
from relive.worker.capturing.recorder import Recorder
from relive.worker.capturing.tracing import Tracing
from relive.worker.own import own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.capturing.call import Call
    from relive.worker.channel import Channel
    from relive.worker.interrupt import Interrupts
    from relive.worker.late_image import LateImage

_MOST_KEPT = 100
"""Calls of one function."""


class Capturing:
    """The owner of what is captured."""

    def __init__(
        self,
        channel: Channel,
        image: LateImage,
        interrupts: Interrupts,
        main: int,
        evaluation: Callable[[], int | None],
    ) -> None:
        self._channel = channel
        self._image = image
        self._is_told = False
        """Whether the daemon knows that calls have ended since it last asked."""
        self._is_due = False
        self.recorder = Recorder(interrupts, main, evaluation, self._tell)
        has_monitoring = hasattr(sys, "monitoring")
        self.hears: Any = (Monitoring if has_monitoring else Tracing)(self.recorder)

    def want(self, wishes: list[dict[str, Any]]) -> None:
        """Capture these functions' calls, and no others'."""
        wanted = {
            (each["file"], each["name"]): max(1, min(each["keep"], _MOST_KEPT)) for each in wishes
        }
        self.recorder.start_over()
        if wanted == {key: each.calls.maxlen for key, each in self.recorder.targets.items()}:
            return
        self.recorder.want(wanted)
        self.hears.refresh()

    def told(self) -> dict[str, Any]:
        """Return all that is captured, as the wire's."""
        self._is_told = False
        targets = list(self.recorder.targets.values())
        functions = [
            {
                "file": each.file,
                "name": each.name,
                "calls": each.count,
                "why": self.hears.problem,
            }
            for each in targets
        ]
        calls = [self._told_call(call) for target in targets for call in target.every()]
        return {"functions": functions, "calls": calls}

    def inside(self, call: int, *, again: bool) -> InsideCall:
        """Return what text runs in that is about a call.

        Raises:
            CallGone: it is not kept any more.
        """
        return inside(self.recorder.call(call), again=again)

    def _told_call(self, call: Call) -> dict[str, Any]:
        return {**call.told(), "text": self._text_of(call)}

    def _text_of(self, call: Call) -> list[Any] | None:
        """Return the live definition that a call ran, if it is still what runs."""
        try:
            texts = own("relive.worker.capturing.texts")
            found: list[Any] | None = texts.text_of(self._image.now, call.code)
        except Exception:  # the text that it reads may be anything
            return None
        return found

    def _tell(self) -> None:
        """Say once that there is news; a finaliser may end a call in the midst of a message."""
        self._is_due = not self._is_told
        if self._is_due and not self._channel.is_sending:
            self.tell_what_is_due()

    def tell_what_is_due(self) -> None:
        """Say that there is news, if that could not be said at once."""
        if self._is_due:
            self._is_due, self._is_told = False, True
            self._channel.send({"op": "calls_captured"})
