"""What evaluations do outside of the process, which no checkpoint takes back: told at once.

Loaded when that is first wanted: the hook by which it is heard of makes code slower that calls such
as `id` very often, and stays for good.
"""

from __future__ import annotations

import os
import sys

from relive.worker.keeping.effects import Effects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_OWN_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_UNDONE = frozenset(("os.putenv", "os.unsetenv", "os.chdir", "builtins.input"))
"""These change the process, which goes back, or nothing."""
_MOST = 20
"""Acts that are told of one evaluation."""


class Acts(Effects):
    """Listens from `begin` to `end`."""

    def __init__(
        self, evaluation: Callable[[], int | None], send: Callable[[dict[str, Any]], None]
    ) -> None:
        """Be ready to listen; `evaluation` tells whose doing it is."""
        self._evaluation = evaluation
        self._send = send
        self._of: int | None = None
        super().__init__()

    def _take(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _UNDONE:
            super()._take(event, arguments)

    def _note(self, path: Any) -> None:
        """See Effects: what is only read needs no undoing."""

    def _act(self, words: str) -> None:
        evaluation = self._evaluation()
        if evaluation is None or _is_ours():
            return
        if evaluation != self._of:
            self._of, self.acts = evaluation, []
        if words not in self.acts and len(self.acts) < _MOST:
            self.acts.append(words)
            self._send({"op": "acted", "id": evaluation, "what": words})


def _is_ours() -> bool:
    """Whether it is Relive that does it: then the innermost frame below the hook is its own."""
    frame = sys._getframe()
    while frame is not None and frame.f_code.co_filename in _HOOK:
        frame = frame.f_back  # type: ignore[assignment]
    return frame is not None and frame.f_code.co_filename.startswith(_OWN_FOLDER)


_HOOK = (__file__, sys.modules[Effects.__module__].__file__)
