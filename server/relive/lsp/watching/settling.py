"""Reading changed files once they are whole.

Programs write files in pieces, and some empty them first. What is read is taken when two looks, a
moment apart, find the same; a file that changes on and on is left for the next batch. Of a file
that is open, the editor's text is what the user sees: unsaved text wins over the disk, and
an editor that is about to show the new text is waited for.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Literal

from relive.lsp.files import Undecodable

LOOKS = 20
"""How often a file is looked at before it is taken as it is, or given up for now."""

PAUSE_S = 0.1
"""Between two looks. Writers that pause longer within a file are rare."""

Stand = Literal["shown", "behind", "unsaved", "own"]
"""How the editor stands to what a file holds: it shows just that, or has the file not open; it has
not read it yet; it has unsaved text; it has written it itself."""

LEFT_ALONE = ("unsaved", "own")
"""How the editor stands to what is none of our business."""

Read = Callable[[list[str]], Awaitable[dict[str, "str | Undecodable | None"]]]


class Settling:
    """The looks at the files of one batch."""

    def __init__(
        self,
        read: Read,
        stand: Callable[[str, str], Stand],
        pause: Callable[[], Awaitable[None]],
    ) -> None:
        """Prepare to look.

        Args:
            read: gives the texts of files, or what is none; None for one that cannot be read.
            stand: says how the editor stands to a text of a file.
            pause: waits between two looks.
        """
        self.texts: dict[str, str] = {}
        """The files that are whole."""
        self.undecodable: dict[str, Undecodable] = {}
        """Those that are whole, and no text."""
        self.looked_at: set[str] = set()
        """All that was looked at."""
        self.restless: set[str] = set()
        """Those that were still being written at the last look: they are for another batch."""
        self._read = read
        self._stand = stand
        self._pause = pause

    async def look_at(self, files: Iterable[str]) -> None:
        """Look until all is decided; what is gone or is not another program's is dropped."""
        waiting = sorted(set(files) - self.restless)
        self.looked_at.update(waiting)
        before: dict[str, str | Undecodable | None] = {}
        for left in reversed(range(LOOKS)):
            now = await self._read(waiting)
            waiting = [
                file
                for file in waiting
                if not self._is_decided(file, before.get(file), now[file], last=left == 0)
            ]
            before = now
            if not waiting:
                break
            if left:
                await self._pause()
        self.restless.update(waiting)

    def _is_decided(
        self,
        file: str,
        before: str | Undecodable | None,
        now: str | Undecodable | None,
        *,
        last: bool,
    ) -> bool:
        self.texts.pop(file, None)
        self.undecodable.pop(file, None)
        if now is None:
            return True  # its definitions stay: that a file is gone is no order to remove them
        if isinstance(now, Undecodable):
            if now == before:
                self.undecodable[file] = now
            return now == before
        stand = self._stand(file, now)
        if stand in LEFT_ALONE:
            return True
        if now != before:
            return False
        if not last and (stand == "behind" or not now.strip()):
            return False
        self.texts[file] = now
        return True
