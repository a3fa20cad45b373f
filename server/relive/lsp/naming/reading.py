"""The process that reads texts, as the daemon has it: started when asked, a question at a time."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from typing import TYPE_CHECKING

from relive.lsp.naming.questions import Question, Rows

if TYPE_CHECKING:
    from relive.lsp.naming.static import Read

_MAX_LINE = 4_000_000
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1])\n"
    "from relive.lsp.naming.reader import main; main()"
)


class Reading:
    """Passes questions on, and answers back."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._free = asyncio.Lock()
        self._number = 0

    async def ask(self, question: Question, read: Read) -> Rows | None:
        """Return what the text tells; None: it could not be read."""
        line, column = read.position
        asked = {
            "question": question,
            "text": read.text,
            "line": line,
            "column": column,
            "path": read.path,
            "folder": read.folder,
            "interpreter": read.interpreter,
        }
        async with self._free:
            self._number += 1
            return await self._answer({"id": self._number, **asked})

    def end(self) -> None:
        """End the process; the next question starts another."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.kill()

    async def _answer(self, asked: dict[str, object]) -> Rows | None:
        process = await self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            await process.stdin.drain()
            rows: Rows | None = json.loads(await process.stdout.readline())["rows"]
        except (OSError, ValueError):  # it has ended, and is started again for the next question
            self.end()
            return None
        return rows

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
