"""What values print while we only look at them: kept apart from the program's output."""

from __future__ import annotations

import sys
from _thread import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MAX_KEPT = 200_000
"""Characters: what prints without an end is not kept without one."""


class Quiet:
    """While it lasts, this thread writes to us instead of to the standard streams."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._printed: list[str] = []
        self._room = _MAX_KEPT

    def __enter__(self) -> Quiet:
        self._theirs = sys.stdout, sys.stderr
        self._ours = _Stream(sys.stdout, self.print), _Stream(sys.stderr, self.keep)
        sys.stdout, sys.stderr = self._ours
        return self

    def __exit__(self, *_exc: object) -> None:
        # What has put its own stream there meanwhile keeps it.
        if sys.stdout is self._ours[0]:
            sys.stdout = self._theirs[0]
        if sys.stderr is self._ours[1]:
            sys.stderr = self._theirs[1]

    @property
    def text(self) -> str:
        """What was written so far."""
        return "".join(self._pieces)

    @property
    def printed(self) -> str:
        """What was written to the standard output so far."""
        return "".join(self._printed)

    def print(self, text: str) -> None:
        """Take what was written to the standard output."""
        self._printed.append(self.keep(text))

    def keep(self, text: str) -> str:
        """Take what was written, as far as there is room; return as much."""
        kept = text[: self._room]
        self._pieces.append(kept)
        self._room -= len(kept)
        return kept


class _Stream:
    """Stands for a stream; other threads go on writing to that one."""

    def __init__(self, theirs: Any, keep: Any) -> None:
        self._theirs = theirs
        self._keep = keep
        self._thread = get_ident()

    def write(self, text: str) -> Any:
        if get_ident() != self._thread:
            return self._theirs.write(text)
        self._keep(text)
        return len(text)

    def flush(self) -> None:
        if get_ident() != self._thread:
            self._theirs.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._theirs, name)
