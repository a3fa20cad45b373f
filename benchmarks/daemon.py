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
        self.pid = self._process.pid
        self._ids, self._frames = count(1), FrameReader()
        self._answers: dict[int, Any] = {}
        """Those that have come and that nobody has taken yet."""
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
        return self.answer(self.begin(name, **argument))

    def begin(self, name: str, **argument: Any) -> int:
        """Send a command about the document; return the number of the request."""
        params = {"command": f"relive.{name}", "arguments": [{"uri": self.uri, **argument}]}
        number = next(self._ids)
        self._send("workspace/executeCommand", params, id=number)
        return number

    def all_answers(self, requests: list[int]) -> None:
        """Return when all of these requests have their answers."""
        for each in requests:
            self.answer(each)

    def has_answered(self, request: int) -> bool:
        """Whether the answer has come, as far as anything was read."""
        return request in self._answers

    def answer(self, request: int) -> Any:
        """Return the answer to a request, once it has come."""
        while request not in self._answers:
            for message in self._receive():
                if "id" in message and "method" not in message:
                    if "error" in message:
                        sys.exit(f"the daemon refuses: {message['error']}")
                    self._answers[message["id"]] = message["result"]
        return self._answers.pop(request)

    def hover(self, line: int, character: int) -> Any:
        """Return what a hover says."""
        position = {"line": line, "character": character}
        params = {"textDocument": {"uri": self.uri}, "position": position}
        return self._ask("textDocument/hover", params)

    def save(self, method: str) -> Any:
        """Tell that the document was saved, as edited; return the next notification of a kind."""
        self._send("textDocument/didSave", {"textDocument": {"uri": self.uri}})
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
        return self.answer(number)

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
