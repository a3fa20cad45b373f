"""The way to what captures calls: it is loaded when the first function is to be captured."""

from __future__ import annotations

from _thread import get_ident

from relive.worker.own import own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.channel import Channel
    from relive.worker.interrupt import Interrupts
    from relive.worker.late_image import LateImage

_NOTHING: dict[str, Any] = {"functions": [], "calls": []}


class Captures:
    """Calls of functions that are kept; while evaluations run it is entered."""

    def __init__(
        self,
        channel: Channel,
        image: LateImage,
        interrupts: Interrupts,
        evaluation: Callable[[], int | None],
    ) -> None:
        self._parts = channel, image, interrupts, get_ident(), evaluation
        self._capturing: Any = None

    def want(self, wishes: list[dict[str, Any]]) -> None:
        """Capture the calls of these functions, and no others; an evaluation begins."""
        if self._capturing is not None or wishes:
            self._load().want(wishes)

    def _load(self) -> Any:
        if self._capturing is None:
            self._capturing = own("relive.worker.capturing.capturing").Capturing(*self._parts)
        return self._capturing

    def told(self) -> dict[str, Any]:
        """Return all that is captured."""
        return _NOTHING if self._capturing is None else self._capturing.told()

    def inside(self, about: dict[str, Any]) -> Any:
        """Return what text runs in that is about a captured call; see `capturing/inside.py`."""
        return self._load().inside(about["call"], again=about["again"])

    def __enter__(self) -> None:
        if self._capturing is not None:
            self._capturing.hears.enter()

    def __exit__(self, *_error: object) -> None:
        if self._capturing is not None:
            self._capturing.hears.leave()
            self._capturing.tell_what_is_due()

    def put_away(self) -> Callable[[], None]:
        """Let the evaluation that runs be, and return what takes it up again."""
        self.__exit__()
        return self.__enter__

    def mute(self, *, on: bool) -> None:
        """Have what the main thread runs be no call of the program's, or be one again."""
        if self._capturing is not None:
            self._capturing.recorder.is_muted = on
