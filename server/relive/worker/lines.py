"""The lines of a text as `linecache` holds them, cut when somebody asks: nobody may ever."""

from __future__ import annotations

from _collections_abc import Sequence  # loaded already, which `collections` is not
from io import StringIO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.wire.texts import LateText


class Lines(Sequence):  # type: ignore[type-arg] # not to be subscripted in Python 3.9's way
    """Lines with their line feeds; the last one has one too."""

    def __init__(self, text: LateText) -> None:
        self._text = text
        self._lines: list[str] | None = None

    @property
    def _cut(self) -> list[str]:
        if self._lines is None:
            self._lines = StringIO(f"{self._text.text}\n", newline="\n").readlines()
        return self._lines

    def __getitem__(self, place: Any) -> Any:
        return self._cut[place]

    def __len__(self) -> int:
        return len(self._cut)
