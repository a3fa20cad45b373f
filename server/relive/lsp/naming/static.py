"""What a text by itself tells of how it can go on, read in a process of its own.

It is started when it is first asked. Who writes does not wait for it: what is not read in time is
not known yet. A text is read as it is without the word that is being written, so that one answer
serves all letters of it, also those that are typed before it is there.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass, replace

from relive.source.positions import Position

_BUDGET_S = 0.3
"""Beyond that an editor's list, others' names in it, would be felt to be late."""
_MAX_LINE = 4_000_000
_WORD = re.compile(r"[^\W\d]\w*$")
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1])\n"
    "from relive.lsp.naming.reader import main; main()"
)


@dataclass(frozen=True)
class Read:
    """A text, and where it is read."""

    text: str
    position: Position
    path: str | None
    folder: str
    interpreter: str | None


@dataclass(frozen=True)
class StaticOption:
    """What a text can go on with."""

    label: str
    kind: str


class StaticView:
    """Asks the process that reads."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._asked: asyncio.Task[list[StaticOption] | None] | None = None
        self._of: Read | None = None
        """What is asked, or was last."""
        self._number = 0

    async def options(self, read: Read) -> list[StaticOption] | None:
        """Return what the word that ends at a place can be; None: it is not known yet."""
        read = _without_word(read)
        asked = self._asked
        if asked is None or self._of != read or (asked.done() and not _gave(asked)):
            if asked is not None and not asked.done():
                await asyncio.wait({asked}, timeout=_BUDGET_S)
                if not asked.done() or self._asked is not asked:
                    return None
            self._of = read
            self._asked = asked = asyncio.get_running_loop().create_task(self._ask(read))
        try:
            return await asyncio.wait_for(asyncio.shield(asked), _BUDGET_S)
        except asyncio.TimeoutError:
            return None

    def close(self) -> None:
        """End the process."""
        if self._asked is not None:
            self._asked.cancel()
        self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()

    async def _ask(self, read: Read) -> list[StaticOption] | None:
        process = await self._started()
        self._number += 1
        line, column = read.position
        asked = {
            "id": self._number,
            "text": read.text,
            "line": line,
            "column": column,
            "path": read.path,
            "folder": read.folder,
            "interpreter": read.interpreter,
        }
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            await process.stdin.drain()
            told = json.loads(await process.stdout.readline())
        except (OSError, ValueError):  # it has ended, and is started again for the next question
            self._end()
            return None
        items = told["items"]
        return None if items is None else [StaticOption(*each) for each in items]

    async def _started(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            path = json.dumps(sys.path)
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-c", _START, path),
                stdin=PIPE,
                stdout=PIPE,
                stderr=DEVNULL,
                limit=_MAX_LINE,
            )
        return self._process


def _without_word(read: Read) -> Read:
    """Return a text without the letters of a word that stand before the place."""
    lines, (number, column) = read.text.split("\n"), read.position
    line = lines[number]
    begin = begin_of_word(line, column)
    lines[number] = line[:begin] + line[column:]
    return replace(read, text="\n".join(lines), position=(number, begin))


def begin_of_word(line: str, column: int) -> int:
    """Return where the word begins that ends at a place of a line."""
    return len(_WORD.sub("", line[:column]))


def _gave(asked: asyncio.Task[list[StaticOption] | None]) -> bool:
    return not asked.cancelled() and asked.exception() is None and asked.result() is not None
