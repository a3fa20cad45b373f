"""JSON-RPC over a connection, with a promise pygls does not make: one answer to each request.

What is done differently from pygls, and why:

- Only the top level of a message is looked at for `jsonrpc`; user data with such a key is data.
- Parameters that do not decode, results that do not encode, and handlers that raise anything,
  `SystemExit` included, end in an error response.
- A request before `initialize` or after `shutdown` is refused, not dropped.
- Non-finite numbers go out as strings: bare `NaN` is not JSON.
- Handlers start in the order of their messages, each before the next message is looked at, so
  that a handler sees the documents as they were when its request was sent.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import math
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from functools import partial
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from relive import __version__
from relive.lsp import protocol, startup_protocol
from relive.lsp.converter import make_converter
from relive.lsp.failures import BadArgumentError, BadMessageError, is_defect, response_error
from relive.lsp.transport import Connection
from relive.source.quick_dataclasses import dataclass

P = TypeVar("P")
MessageId = int | str
Handler = Callable[[Any], Awaitable[Any]]
"""Answers a message, with its parameters."""

_OWN_REQUESTS: dict[str, type] = {protocol.TARGET: protocol.TargetParams}
_OWN_ANSWERS: dict[str, type] = {
    protocol.INPUT: protocol.InputAnswer,
    startup_protocol.STARTUP: startup_protocol.StartupAnswer,
}

_DOCUMENT_METHODS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
)
"""Ours alone: pygls divides lines at form feeds and other characters that editors do not."""

_to_json = json.JSONEncoder(allow_nan=False).encode
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Command:
    """One name of `workspace/executeCommand`."""

    params: type
    handler: Callable[[Any], Awaitable[Any]]


class HandlerExitError(Exception):
    """A handler asked the process to end; that is not for a handler to decide."""


class Protocol(LanguageServerProtocol):
    """Takes messages, runs their handlers and sends what comes of them."""

    _server: Server

    def __init__(self, server: Server, converter: Any) -> None:
        super().__init__(server, converter)
        for method in _DOCUMENT_METHODS:
            del self.fm.builtin_features[method]
        self.commands: dict[str, Command] = {}
        self._initialized = False
        self._running: dict[MessageId, asyncio.Task[Any]] = {}
        """The handlers of requests that have no answer yet."""
        self._notified: set[asyncio.Task[Any]] = set()
        """The handlers of notifications; the event loop itself does not keep tasks alive."""

    # -- taking messages -----------------------------------------------------------------------

    def receive(self, body: bytes) -> None:
        """Take one message. Whatever is wrong with it, the next one can be taken."""
        message: Any = None
        try:
            message = _decode(body)
            _check_shape(message)
            if "method" not in message:
                self._take_response(message)
            elif "id" in message:
                self._take_request(message)
            else:
                self._take_notification(message)
        except BadMessageError as error:
            _log.warning("a message that is not understood: %s", error)
            is_request = isinstance(message, dict) and "method" in message
            self._send_error(message.get("id") if is_request else None, error)
        except Exception:  # a defect of ours; the connection is worth more than this message
            _log.exception("a message was lost")

    def _take_request(self, message: dict[str, Any]) -> None:
        request_id, method = message["id"], message["method"]
        if not isinstance(request_id, (int, str)):
            raise BadMessageError("The id of a request is a number or a text.")
        try:
            self._check_phase(method)
            handler = self._get_handler(method)
            params = self._params(method, message.get("params"))
        except Exception as error:
            self._send_error(request_id, error)
            return
        self._initialized = True  # `_check_phase` let nothing but `initialize` come first
        task = asyncio.ensure_future(_call(handler, params))
        self._running[request_id] = task
        task.add_done_callback(partial(self._answer, request_id))

    def _take_notification(self, message: dict[str, Any]) -> None:
        method = message["method"]
        if method == types.CANCEL_REQUEST:
            self._cancel(message.get("params"))
        elif self._initialized or method == types.EXIT:
            try:
                handler = self._get_handler(method)
                params = self._params(method, message.get("params"))
            except Exception as error:
                _log.info("%s is ignored: %s", method, response_error(error).message)
                return
            task = asyncio.ensure_future(_call(handler, params))
            self._notified.add(task)
            task.add_done_callback(partial(self._notification_ended, method))

    def _notification_ended(self, method: str, task: asyncio.Task[Any]) -> None:
        self._notified.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            details = error if is_defect(error) else None
            _log.error("%s failed: %s", method, error, exc_info=details)

    def _take_response(self, message: dict[str, Any]) -> None:
        request_id = message.get("id")
        if not isinstance(request_id, (int, str)):
            raise BadMessageError("The id of a response is that of a request.")
        future = self._request_futures.pop(request_id, None)
        if future is None or future.done():
            return
        try:
            future.set_result(self._result(message))
        except Exception as error:
            future.set_exception(error)

    def _result(self, message: dict[str, Any]) -> Any:
        if "error" in message:
            raise BadMessageError(f"The client answered with an error: {message['error']!r}")
        kind = self._result_types.pop(message["id"], None)
        result = message.get("result")
        return result if kind is None else self._converter.structure(result, kind)

    def _check_phase(self, method: str) -> None:
        if self._shutdown:
            raise BadMessageError("The server is shutting down.")
        if method == types.INITIALIZE:
            if self._initialized:
                raise BadMessageError("The server is initialized already.")
        elif not self._initialized:
            code = types.ErrorCodes.ServerNotInitialized
            raise BadMessageError("`initialize` comes first.", int(code))

    def _params(self, method: str, data: Any) -> Any:
        kind: Any = _OWN_REQUESTS.get(method)
        if kind is None and method in types.METHOD_TO_TYPES:
            kind = types.METHOD_TO_TYPES[method][2]
        return None if kind is None else self._structure({} if data is None else data, kind)

    def _structure(self, data: Any, kind: type[P]) -> P:
        try:
            return self._converter.structure(data, kind)
        except Exception as error:  # the converter raises whatever the data makes go wrong
            raise BadArgumentError.of(error) from error

    def _cancel(self, params: Any) -> None:
        request_id = params.get("id") if isinstance(params, dict) else None
        if isinstance(request_id, (int, str)) and request_id in self._running:
            self._running[request_id].cancel()

    # -- sending -------------------------------------------------------------------------------

    def _answer(self, request_id: MessageId, task: asyncio.Task[Any]) -> None:
        self._running.pop(request_id, None)
        if task.cancelled():
            self._send_error(request_id, asyncio.CancelledError())
        elif (error := task.exception()) is not None:
            self._send_error(request_id, error)
        else:
            try:
                self._send_data({"jsonrpc": "2.0", "id": request_id, "result": task.result()})
            except Exception as failure:
                self._send_error(request_id, failure)

    def _send_error(self, request_id: Any, error: BaseException) -> None:
        if is_defect(error):
            _log.error("request %r failed", request_id, exc_info=error)
        answer = response_error(error)
        self._send_data({"jsonrpc": "2.0", "id": request_id, "error": answer})

    def _send_data(self, data: Any) -> None:
        if isinstance(self.writer, Connection):
            self.writer.write(self._encode(data))

    def backlog(self) -> int:
        """Return how many bytes wait for the client to read them."""
        return self.writer.backlog if isinstance(self.writer, Connection) else 0

    def _encode(self, message: Any) -> bytes:
        data = self._converter.unstructure(message)
        try:
            text = _to_json(data)
        except ValueError:
            text = _to_json(_finite(data))
        return text.encode("ascii")  # all else is escaped, lone surrogates too

    def get_result_type(self, method: str) -> Any:  # type: ignore[override] # pygls caches its own
        """Return the type of the answer the client gives to `method`."""
        return _OWN_ANSWERS.get(method)

    # -- the life of the connection, differently from pygls ---------------------------------------

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *_: Any) -> Any:
        """Refuse further requests and give up those under way."""
        self._shutdown = True
        self.give_up()

    def give_up(self) -> None:
        """Have what is asked for answered now, without waiting for what comes of it."""
        for task in list(self._running.values()):
            if task is not asyncio.current_task():
                task.cancel()

    @lsp_method(types.EXIT)
    def lsp_exit(self, *_: Any) -> Any:
        """End the process."""
        self._server.stop(0 if self._shutdown else 1)

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    def lsp_workspace__execute_command(self, params: types.ExecuteCommandParams) -> Any:
        """Run one of our commands, its one argument decoded to the type it asks for."""
        command = self.commands.get(params.command)
        if command is None:
            known = ", ".join(sorted(self.commands))
            raise BadArgumentError(f"There is no command {params.command!r}. There are: {known}.")
        arguments = params.arguments or [{}]
        if len(arguments) != 1:
            raise BadArgumentError(f"{params.command} takes one object as its only argument.")
        return command.handler(self._structure(arguments[0], command.params))


class Server(LanguageServer):
    """The language server of one connection."""

    protocol: Protocol

    def __init__(self) -> None:
        super().__init__(
            "relive", __version__, protocol_cls=Protocol, converter_factory=make_converter
        )
        self._ended: asyncio.Future[int] | None = None

    def on(self, method: str, handler: Callable[[P], Any], options: Any = None) -> None:
        """Have `handler` answer `method`."""
        # A partial, because pygls marks what it registers and a bound method takes no marks.
        self.feature(method, options)(partial(handler))

    def on_command(
        self, name: str, params: type[P], handler: Callable[[P], Awaitable[Any]]
    ) -> None:
        """Have `handler` carry out the command `name`, and advertise it."""
        self.command(name)(partial(handler))
        self.protocol.commands[name] = Command(params, handler)

    def around(self, method: str, handler: Callable[[Handler, P], Awaitable[Any]]) -> None:
        """Have `handler` answer `method`: it is given who did until now, and may ask that."""
        features = self.protocol.fm.features
        features[method] = partial(handler, partial(_call, features[method]))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log it: a failure of ours is no reason for a popup."""
        _log.error("%s: %s", source, error)

    async def serve(self, connection: Connection) -> int:
        """Serve until the client goes or says `exit`; return the exit code."""
        loop = asyncio.get_running_loop()
        self._ended = loop.create_future()
        intake = Intake(loop, self.protocol.receive)
        self.protocol.set_writer(connection, include_headers=False)
        connection.start(loop, intake.take, self.stop)
        try:
            return await self._ended
        finally:
            intake.close()

    def give_up(self) -> None:
        """Have no handler go on: nobody waits for its answer."""
        self.protocol.give_up()

    def stop(self, code: int = 0) -> None:
        """End `serve`."""
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(code)


class Intake:
    """Messages as they come, each received once the handler of the one before has started.

    The first is received at once: each turn that it waited for would cost as much as reading it.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Callable[[bytes], None]) -> None:
        self._loop = loop
        self._receive = receive
        self._waiting: deque[bytes] = deque()
        self._is_due = False
        """Whether the next turn is that of one that waits, or of the handler of the latest."""
        self._is_closed = False

    def take(self, message: bytes) -> None:
        """Take one, on the loop's thread."""
        if not self._is_closed:
            self._waiting.append(message)
            if not self._is_due:
                self._receive_next()

    def _receive_next(self) -> None:
        self._is_due = bool(self._waiting)
        if self._waiting:
            try:
                self._receive(self._waiting.popleft())
            finally:
                self._loop.call_soon(self._receive_next)  # after its handler, which is due by now

    def close(self) -> None:
        """Take no more."""
        self._waiting.clear()
        self._is_closed = True


async def _call(handler: Callable[..., Any], params: Any) -> Any:
    """Run a handler of any shape that pygls knows: function, coroutine, generator of handlers."""
    try:
        outcome = handler(params)
        if inspect.isgenerator(outcome):
            return await _drive(outcome)
        return await outcome if inspect.isawaitable(outcome) else outcome
    except (SystemExit, KeyboardInterrupt) as error:
        # In a task these would end the event loop, and with it every session.
        raise HandlerExitError(repr(error)) from error


async def _drive(steps: Generator[Any, Any, Any]) -> Any:
    value = None
    while True:
        try:
            handler, args, _ = steps.send(value)
        except StopIteration as end:
            return end.value
        value = await _call(handler, *args)


def _decode(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        code = int(types.ErrorCodes.ParseError)
        raise BadMessageError(f"The message is not JSON: {error}", code) from error


def _check_shape(message: Any) -> None:
    if not isinstance(message, dict):
        raise BadMessageError("A message is one object.")
    if message.get("jsonrpc") != "2.0":
        raise BadMessageError('A message has `"jsonrpc": "2.0"`.')
    if not isinstance(message.get("method", ""), str):
        raise BadMessageError("The method of a message is a text.")


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_finite(value) for value in data]
    if isinstance(data, float) and not math.isfinite(data):
        return str(data)
    return data
