"""A language client for tests: raw frames to a real daemon, and a timeline of all that came.

Every wait is for a message or for the end of a process and has a deadline; nothing sleeps.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from lsp.nursery import Born
from relive.lsp import rendezvous
from relive.lsp.frames import FrameReader, frame

DEADLINE_S = 60.0
"""For one wait, on a loaded machine. Only a failing test ever waits this long."""

MANUAL, AFTER_DELAY, FOCUS_OUT = 1, 2, 3
"""Why an editor saves, as LSP numbers it."""

DAEMON = (sys.executable, "-m", "relive")

Message = dict[str, Any]

Start = Callable[[Path], "subprocess.Popen[bytes] | Born"]
"""Starts a daemon whose standard error is a file."""


def started(command: Sequence[str]) -> Start:
    """Start a program."""

    def start(stderr: Path) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        with stderr.open("wb") as log:
            return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log)

    return start


ANEW = started(DAEMON)


class RequestError(Exception):
    """The daemon answered with an error."""

    def __init__(self, error: Message) -> None:
        super().__init__(error["message"])
        self.code = error["code"]


class Client:
    """One daemon and what passed between it and us."""

    process: subprocess.Popen[bytes] | Born

    usual: ClassVar[Message] = {}
    """Settings that it sends with all others; see `ending`."""

    def __init__(self, stderr: Path, start: Start = ANEW) -> None:
        self._prepare(stderr)
        self.process = start(stderr)
        self._reader.start()

    def _prepare(self, stderr: Path) -> None:
        self.timeline: list[Message] = []
        """Every message from the daemon, in order."""
        self.answers_to: dict[str, Callable[[Any], Any]] = {}
        """How requests from the daemon are answered, by method; one without an entry is not."""
        self.expects_defects = False
        """Whether the daemon is one that logs tracebacks."""
        self.folders: list[str] = []
        """The URIs of the folders it has opened."""
        self._opened: set[str] = set()
        self._stderr = stderr
        self._ids = itertools.count(1)
        self._arrived = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read, daemon=True)

    # -- sending -------------------------------------------------------------------------------

    def send_bytes(self, data: bytes) -> None:
        """Send `data` as it is."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: Any) -> None:
        """Send `message` as one frame."""
        self.send_bytes(frame(json.dumps(message).encode()))

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        if method == "workspace/didChangeConfiguration":
            params = self._with_usual(params)
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def _with_usual(self, params: Any) -> Any:
        """Return the parameters of a change of settings with what is usual; odd ones as they are."""
        match params:
            case {"settings": {"relive": dict(settings)}} if len(params["settings"]) == 1:
                return {"settings": {"relive": {**self.usual, **settings}}}
            case {"settings": None}:
                return {"settings": {"relive": self.usual}} if self.usual else params
        return params

    def request(self, method: str, params: Any) -> int:
        """Send a request; return its id."""
        request_id = next(self._ids)
        self.send({"jsonrpc": "2.0", "id": request_id, "method": method, "params": params})
        return request_id

    def command(self, name: str, argument: Any) -> int:
        """Send a command; return the id of the request."""
        params = {"command": name, "arguments": [argument]}
        return self.request("workspace/executeCommand", params)

    # -- waiting -------------------------------------------------------------------------------

    def wait_for(self, accepts: Callable[[Message], bool], what: str, after: int = 0) -> Message:
        """Return the first message from place `after` of the timeline on that `accepts`."""

        def find() -> Message | None:
            return next((item for item in self.timeline[after:] if accepts(item)), None)

        with self._arrived:
            self._arrived.wait_for(lambda: self._ended or find() is not None, DEADLINE_S)
            found = find()
        assert found is not None, f"no {what}; the daemon's log:\n{self.log()}"
        return found

    def wait_for_notification(
        self, method: str, accepts: Callable[[Any], bool] = lambda _: True, after: int = 0
    ) -> Any:
        """Return the parameters of the first such notification."""
        return self.wait_for(
            lambda item: item.get("method") == method and accepts(item["params"]), method, after
        )["params"]

    def response(self, request_id: Any, after: int = 0) -> Message:
        """Return the response to a request, whatever it says."""
        return self.wait_for(
            lambda item: "method" not in item and item.get("id") == request_id,
            f"response to {request_id!r}",
            after,
        )

    def result(self, request_id: int) -> Any:
        """Return the result of a request.

        Raises:
            RequestError: the daemon refused.
        """
        response = self.response(request_id)
        if "error" in response:
            raise RequestError(response["error"])
        return response["result"]

    def call(self, method: str, params: Any) -> Any:
        """Send a request and return its result."""
        return self.result(self.request(method, params))

    def execute(self, name: str, argument: Any) -> Any:
        """Send a command and return its result."""
        return self.result(self.command(name, argument))

    def wait_for_exit(self) -> int:
        """Wait until the daemon has ended; return its exit code."""
        return self.process.wait(DEADLINE_S)

    @contextlib.contextmanager
    def suspended(self) -> Iterator[None]:
        """Keep the daemon from running: what is done meanwhile it sees at one moment."""
        os.kill(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)

    # -- what was seen -------------------------------------------------------------------------

    def seen(self, method: str) -> list[Any]:
        """Return the parameters of all such notifications so far."""
        return [item["params"] for item in self.timeline if item.get("method") == method]

    def responses(self, request_id: Any) -> list[Message]:
        """Return all responses to a request so far: never more than one."""
        return [
            item for item in self.timeline if "method" not in item and item.get("id") == request_id
        ]

    def place_of(self, message: Message) -> int:
        """Return the place of `message` in the timeline."""
        return next(n for n, item in enumerate(self.timeline) if item is message)

    def log(self) -> str:
        """Return what the daemon wrote to its standard error."""
        return self._stderr.read_text(encoding="utf-8", errors="replace")

    # -- a session with the daemon --------------------------------------------------------------

    def initialize(
        self,
        *folders: Path,
        encodings: Sequence[str] = (),
        options: Any = None,
        process_id: int | None = None,
        shows_documents: bool = False,
        only: Message | None = None,
    ) -> Message:
        """Say hello; return the server's capabilities. `only`: all that this client can do."""
        self.folders = [folder.as_uri() for folder in folders]
        if self.usual and (options is None or isinstance(options, dict)):
            settings = {**self.usual, **((options or {}).get("settings") or {})}
            options = {**(options or {}), "settings": settings}
        text_document = {
            "codeAction": {"disabledSupport": True, "isPreferredSupport": True},
            "codeLens": {"dynamicRegistration": False},
            "synchronization": {"willSave": True, "didSave": True},
        }
        capabilities: Message = {
            "workspace": {
                "applyEdit": True,
                "codeLens": {"refreshSupport": True},
                "workspaceFolders": True,
                "didChangeWatchedFiles": {"dynamicRegistration": True},
            },
            "textDocument": text_document,
        }
        if shows_documents:
            capabilities["window"] = {"showDocument": {"support": True}}
        if encodings:
            capabilities["general"] = {"positionEncodings": list(encodings)}
        result = self.call(
            "initialize",
            {
                "processId": process_id,
                "rootUri": folders[0].as_uri() if folders else None,
                "capabilities": capabilities if only is None else only,
                "workspaceFolders": [
                    {"uri": folder.as_uri(), "name": folder.name} for folder in folders
                ],
                "initializationOptions": options,
            },
        )
        self.notify("initialized", {})
        capabilities = result["capabilities"]
        assert isinstance(capabilities, dict)
        return capabilities

    def open(self, document: Path | str, text: str) -> str:
        """Open a document with `text`, which need not be on disk; return its URI."""
        uri = document if isinstance(document, str) else document.as_uri()
        self._opened.add(uri)
        item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, *changes: Message, version: int = 2) -> None:
        """Edit a document."""
        document = {"uri": uri, "version": version}
        params = {"textDocument": document, "contentChanges": list(changes)}
        self.notify("textDocument/didChange", params)

    def save(self, uri: str, reason: int | None = MANUAL) -> None:
        """Say that the editor has written a document; None: as an editor that gives no reason."""
        document = {"uri": uri}
        if reason is not None:
            params = {"textDocument": document, "reason": reason}
            self.notify("textDocument/willSave", params)
        self.notify("textDocument/didSave", {"textDocument": document})

    def evaluate(self, uri: str, scope: str, **more: Any) -> Message:
        """Run a part of a document and return the answer."""
        answer = self.execute("relive.evaluate", {"uri": uri, "scope": scope, **more})
        assert isinstance(answer, dict)
        return answer

    def configure(self, **settings: Any) -> None:
        """Have these settings, and of all others their defaults."""
        self.notify("workspace/didChangeConfiguration", {"settings": {"relive": settings}})

    def start_over(self) -> None:
        """Make the daemon as good as new: no documents, a fresh worker, an empty timeline."""
        for uri in self._opened:
            self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        self._opened.clear()
        self.answers_to.clear()
        self.execute("relive.restart", {})
        self.timeline.clear()

    def stop(self) -> int:
        """Say goodbye; return the exit code."""
        self.call("shutdown", None)
        self.notify("exit", None)
        return self.wait_for_exit()

    def leave(self) -> None:
        """Close our side, on which the daemon ends, if it has not yet."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        try:
            self.wait_for_exit()
        finally:
            self.process.kill()
            self.process.wait()
            self._reader.join(DEADLINE_S)
            self.process.stdout.close()

    def _receive(self) -> bytes:
        assert self.process.stdout is not None
        return os.read(self.process.stdout.fileno(), 65536)

    def _read(self) -> None:
        frames = FrameReader()
        while data := self._receive():
            for body in frames.feed(data):
                self._take(json.loads(body, parse_constant=_refuse_constant))
        with self._arrived:
            self._ended = True
            self._arrived.notify_all()

    def _take(self, message: Message) -> None:
        with self._arrived:
            self.timeline.append(message)
            self._arrived.notify_all()
        if "id" in message and message.get("method") in self.answers_to:
            answer = self.answers_to[message["method"]](message.get("params"))
            with contextlib.suppress(BrokenPipeError, ValueError):  # the daemon is leaving
                self.send({"jsonrpc": "2.0", "id": message["id"], "result": answer})


class Joined(Client):
    """Another connection to a daemon that runs, by its socket."""

    def __init__(self, stderr: Path, path: str) -> None:
        self._prepare(stderr)
        self.peer = rendezvous.connect(path)
        self._reads = threading.Event()
        self._reads.set()
        self._reader.start()

    def send_bytes(self, data: bytes) -> None:
        """Send `data` as it is."""
        self.peer.sendall(data)

    def hang_up(self) -> None:
        """End the connection without a word."""
        with contextlib.suppress(OSError):  # the daemon has
            self.peer.shutdown(socket.SHUT_RDWR)
        self._reader.join(DEADLINE_S)
        self.peer.close()

    def wait_until_hung_up(self) -> None:
        """Wait until the daemon has ended the connection."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: self._ended, DEADLINE_S), self.log()

    def stop_reading(self) -> None:
        """Take no message any more, as one that is suspended."""
        self._reads.clear()

    def go_on_reading(self) -> None:
        """Take what has come meanwhile."""
        self._reads.set()

    def leave(self) -> None:
        """End the connection; the daemon stays."""
        self.hang_up()

    def _receive(self) -> bytes:
        self._reads.wait(DEADLINE_S)
        try:
            return self.peer.recv(65536)
        except OSError:
            return b""


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def place(text: str, mark: str, *, end: bool = False) -> Message:
    """Return the LSP position, in UTF-16 units, of `mark` in `text`, or of its end."""
    offset = text.index(mark) + (len(mark) if end else 0)
    before = text[:offset].replace("\r\n", "\n").split("\n")
    return {"line": len(before) - 1, "character": len(before[-1].encode("utf-16-le")) // 2}


def span(text: str, first: str, last: str | None = None) -> Message:
    """Return the LSP range from the begin of `first` to the end of `last`, or of `first`."""
    return {"start": place(text, first), "end": place(text, last or first, end=True)}


def wait_for_end_of(pid: int) -> None:
    """Wait until the process `pid` is gone."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        ready, _, _ = select.select([handle], [], [], DEADLINE_S)
        assert ready, f"process {pid} is still there"
    finally:
        os.close(handle)
