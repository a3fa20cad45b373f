"""Commands whose answer nobody reads: `relive.do` answers at once, and what comes of it is said.

An editor that knows LSP alone drops a command's answer, and some stand still until it is there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import attrs
from lsprotocol import types

from relive.lsp.failures import BadArgumentError, is_defect, response_error
from relive.lsp.plain.words import Said, said_of
from relive.lsp.quick_attrs import message
from relive.lsp.rpc import Command, Server

DO = "relive.do"

Say = Callable[[Said], None]


@message
class DoParams:
    """Argument of `relive.do`: another command, with its argument."""

    command: str
    argument: dict[str, Any] = attrs.field(factory=dict)


def done_apart(command: types.Command) -> types.Command:
    """Return what carries a command of ours out without having its answer waited for."""
    argument = (command.arguments or [{}])[0]
    arguments = [{"command": command.command, "argument": argument}]
    return types.Command(command.title, DO, arguments=arguments)


class Doing:
    """Has what comes of commands said to the user."""

    def __init__(self, server: Server, say: Say) -> None:
        self._server = server
        self._say = say
        self._under_way: set[asyncio.Task[None]] = set()
        for name, command in list(server.protocol.commands.items()):
            told = partial(self._told, name, command)
            server.protocol.commands[name] = Command(command.params, told)
        server.on_command(DO, DoParams, self._do)

    def stop(self) -> None:
        """Say no more: the client is gone."""
        for task in self._under_way:
            task.cancel()

    async def _told(self, name: str, command: Command, params: Any) -> Any:
        answer = await command.handler(params)
        said = said_of(name, answer)
        if said is not None:
            self._say(said)
        return answer

    async def _do(self, params: DoParams) -> None:
        if params.command == DO:
            raise BadArgumentError(f"{DO} takes another command.")
        asked = types.ExecuteCommandParams(params.command, [params.argument])
        # What is wrong with the argument is for who sent it: that much is waited for.
        answer = self._server.protocol.lsp_workspace__execute_command(asked)
        task = asyncio.ensure_future(self._carry_out(answer))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _carry_out(self, answer: Any) -> None:
        try:
            await answer
        except Exception as error:  # whatever it is, it is for the user, who waits for something
            kind = types.MessageType.Error if is_defect(error) else types.MessageType.Warning
            self._say(Said(kind, response_error(error).message))
