"""A daemon that is asked over LSP, as an editor asks it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from relive.lsp.frames import FrameReader, frame


class Daemon:
    """A daemon with one document open."""

    def __init__(
        self,
        file: Path,
        text: str,
        settings: dict[str, Any] | None = None,
        interpreter: str | None = None,
        server: tuple[str, ...] = ("-m", "relive"),
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *server], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._ids, self._frames = count(1), FrameReader()
        self.uri = file.as_uri()
        self._version = 1
        folder = {"uri": file.parent.as_uri(), "name": "folder"}
        options = {"interpreter": interpreter, "settings": settings or {}}
        hello = {"processId": None, "rootUri": None, "capabilities": {}}
        self._ask(
            "initialize", {**hello, "workspaceFolders": [folder], "initializationOptions": options}
        )
        self._send("initialized", {})
        item = {"uri": self.uri, "languageId": "python", "version": 1, "text": text}
        self._send("textDocument/didOpen", {"textDocument": item})

    def command(self, name: str, **argument: Any) -> Any:
        """Return the answer to a command about the document."""
        return self._answer(self.begin(name, **argument))

    def begin(self, name: str, **argument: Any) -> int:
        """Send a command about the document; return the number of the request."""
        params = {"command": f"relive.{name}", "arguments": [{"uri": self.uri, **argument}]}
        number = next(self._ids)
        self._send("workspace/executeCommand", params, id=number)
        return number

    def all_answers(self, requests: list[int]) -> None:
        """Return when all of these requests have their answers."""
        left = set(requests)
        while left:
            left.difference_update(each.get("id") for each in self._receive())

    def save(self, text: str, method: str) -> Any:
        """Tell that the document was saved, as edited; return the next notification of a kind."""
        self._send("textDocument/didSave", {"textDocument": {"uri": self.uri}, "text": text})
        while True:
            for message in self._receive():
                if message.get("method") == method:
                    return message["params"]

    def edit(self, line: int, begin: int, end: int, text: str) -> None:
        """Tell of an edit within a line, as of a key that was pressed."""
        self._version += 1
        ends = {"line": line, "character": begin}, {"line": line, "character": end}
        change = {"range": {"start": ends[0], "end": ends[1]}, "text": text}
        document = {"uri": self.uri, "version": self._version}
        self._send("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})

    def end(self) -> None:
        """Have it end, and wait for that."""
        self._ask("shutdown", None)
        self._send("exit", None)
        self._process.communicate()

    def _ask(self, method: str, params: Any) -> Any:
        number = next(self._ids)
        self._send(method, params, id=number)
        return self._answer(number)

    def _answer(self, number: int) -> Any:
        while True:
            for message in self._receive():
                if message.get("id") == number and "method" not in message:
                    return message["result"]

    def _send(self, method: str, params: Any, **more: Any) -> None:
        assert self._process.stdin
        message = {"jsonrpc": "2.0", "method": method, "params": params, **more}
        self._process.stdin.write(frame(json.dumps(message).encode()))
        self._process.stdin.flush()

    def _receive(self) -> Iterator[Any]:
        assert self._process.stdout
        data = self._process.stdout.read1(1 << 16)  # type: ignore[attr-defined]
        if not data:
            sys.exit("the daemon has ended")
        return map(json.loads, list(self._frames.feed(data)))
