"""One end of a conversation in JSON-RPC: requests and their answers, over any way to send bytes."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable
from typing import Any

from relive.lsp.frames import FrameReader, frame

Json = dict[str, Any]

_CANCELLED = -32800
_NOT_FOUND = -32601
_INTERNAL = -32603


class RefusedError(Exception):
    """The daemon does not carry a request out; the message says why."""


class DaemonGoneError(Exception):
    """The daemon does not answer any more."""


class Client:
    """Messages to and from a daemon. What it says unasked goes to who has asked to hear it."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._frames = FrameReader()
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._listeners: dict[str, list[Callable[[Json], None]]] = {}
        self._answering: dict[str, Callable[[Json], Awaitable[Any]]] = {}
        self._asked: dict[Any, asyncio.Task[None]] = {}
        self.lost: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done once the daemon is gone."""

    def listen(self, method: str, listener: Callable[[Json], None]) -> None:
        """Have `listener` told of each notification of that name."""
        self._listeners.setdefault(method, []).append(listener)

    def answer(self, method: str, how: Callable[[Json], Awaitable[Any]]) -> None:
        """Have `how` answer the daemon's requests of that name."""
        self._answering[method] = how

    def notify(self, method: str, params: Any) -> None:
        """Tell the daemon something."""
        self._write({"method": method, "params": params})

    async def request(self, method: str, params: Any) -> Any:
        """Ask the daemon, and return its answer.

        Raises:
            RefusedError: it says that it cannot do that.
            DaemonGoneError: it is not there to answer.
        """
        if self.lost.done():
            raise DaemonGoneError
        number = next(self._ids)
        answer = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._write({"id": number, "method": method, "params": params})
            return await answer
        except asyncio.CancelledError:
            self.notify("$/cancelRequest", {"id": number})
            raise
        finally:
            del self._waiting[number]

    async def execute(self, command: str, argument: Json | None = None) -> Any:
        """Have the daemon run a command; raises as `request` does."""
        params = {"command": command, "arguments": [argument or {}]}
        return await self.request("workspace/executeCommand", params)

    def receive(self, data: bytes) -> None:
        """Take what has arrived, cut anywhere.

        Raises:
            FrameError: it is no conversation in JSON-RPC.
        """
        for body in self._frames.feed(data):
            self._take(json.loads(body))

    def end(self) -> None:
        """Take note that the daemon is gone: who waits for an answer gets none."""
        if self.lost.done():
            return
        self.lost.set_result(None)
        for task in self._asked.values():
            task.cancel()
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(DaemonGoneError())

    def _take(self, message: Json) -> None:
        if "method" not in message:
            self._take_answer(message)
        elif "id" in message:
            self._take_request(message)
        elif message["method"] == "$/cancelRequest":
            task = self._asked.get(message["params"]["id"])
            if task is not None:
                task.cancel()
        else:
            for listener in self._listeners.get(message["method"], ()):
                listener(message["params"])

    def _take_answer(self, message: Json) -> None:
        answer = self._waiting.get(message["id"])
        if answer is None or answer.done():  # who asked has given up
            return
        if "error" in message:
            answer.set_exception(RefusedError(message["error"]["message"]))
        else:
            answer.set_result(message.get("result"))

    def _take_request(self, message: Json) -> None:
        number = message["id"]
        task = asyncio.ensure_future(self._answer(number, message))
        self._asked[number] = task
        task.add_done_callback(lambda _: self._asked.pop(number))

    async def _answer(self, number: Any, message: Json) -> None:
        how = self._answering.get(message["method"])
        if how is None:
            self._fail(number, _NOT_FOUND, f"A console has no {message['method']}.")
            return
        try:
            self._write({"id": number, "result": await how(message["params"])})
        except asyncio.CancelledError:
            self._fail(number, _CANCELLED, "withdrawn")
        except Exception as error:
            self._fail(number, _INTERNAL, str(error))
            raise

    def _fail(self, number: Any, code: int, message: str) -> None:
        self._write({"id": number, "error": {"code": code, "message": message}})

    def _write(self, message: Json) -> None:
        if not self.lost.done():
            self._send(frame(json.dumps({"jsonrpc": "2.0", **message}).encode()))
