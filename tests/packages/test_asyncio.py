"""asyncio: servers with connections open, coroutines and callbacks under way."""

from __future__ import annotations

import pytest

from packages.conftest import OpenModule
from packages.live import Edit

APP = '''\
import asyncio


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(b"echo " + data)


async def answer(line):
    return b"answer " + line


async def handle(reader, writer):
    while line := await reader.readline():
        writer.write(await answer(line))
    writer.close()


async def handle_once(reader, writer):
    line = await reader.readline()
    writer.write(b"once " + line)
    writer.close()


async def slow(gate):
    await gate.wait()
    return "old"


class Counter:
    def __init__(self):
        self.count = 0

    async def all(self):
        while True:
            self.count += 1
            yield self.step(self.count)

    def step(self, count):
        return count


def tick(seen):
    seen.put_nowait("tick")
    asyncio.get_running_loop().call_soon(tick, seen)


async def ask(port, line):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(line)
    told = await reader.readline()
    writer.close()
    return told


def port_of(server):
    return server.sockets[0].getsockname()[1]


class Line:
    """A connection that stays open."""

    @classmethod
    async def to(cls, server):
        self = cls()
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port_of(server))
        return self

    async def ask(self, line):
        self.writer.write(line)
        return await self.reader.readline()
'''

OPEN = """
async def serve(protocol):
    return await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
echoing = await serve(Echo)
handling = await asyncio.start_server(handle, "127.0.0.1", 0)
once = await asyncio.start_server(handle_once, "127.0.0.1", 0)
echo, line = await Line.to(echoing), await Line.to(handling)
gate = asyncio.Event()
waiting = asyncio.ensure_future(slow(gate))
numbers = Counter()
stream = numbers.all()
await anext(stream)
[await echo.ask(b"a\\n"), await line.ask(b"a\\n")]
"""

EDITS = {
    "protocol with a client connected": Edit(
        'b"echo "', 'b"ECHO "', "await echo.ask(b'b\\n')", "b'ECHO b\\n'"
    ),
    "method added to a protocol": Edit(
        "    def data_received(self, data):\n",
        "    def reply(self, data):\n        self.transport.write(b'new ' + data)\n\n    def data_received(self, data):\n        return self.reply(data)\n",
        "await echo.ask(b'b\\n')",
        "b'new b\\n'",
    ),
    "coroutine that a handler under way calls": Edit(
        'b"answer "', 'b"reply "', "await line.ask(b'b\\n')", "b'reply b\\n'"
    ),
    "handler, for a new connection": Edit(
        'b"once "', 'b"twice "', "await ask(port_of(once), b'b\\n')", "b'twice b\\n'"
    ),
    "method that an asynchronous generator under way calls": Edit(
        "return count\n", "return -count\n", "await anext(stream) < 0", "True"
    ),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_asyncio_server_with_connections_open_follows(program: OpenModule, edit: Edit) -> None:
    program(APP, OPEN).follows(edit)


def test_a_coroutine_under_way_ends_in_the_code_it_began_with(program: OpenModule) -> None:
    live = program(APP, OPEN)
    live.edit('return "old"', 'return "new"')
    assert live.run("gate.set()\n[await waiting, await slow(gate)]") == "['old', 'new']"


def test_a_handler_under_way_keeps_its_loop_and_new_connections_get_the_new_one(
    program: OpenModule,
) -> None:
    live = program(APP, OPEN)
    live.edit(
        "        writer.write(await answer(line))\n", "        writer.write(b'new ' + line)\n"
    )
    assert (
        live.run("[await line.ask(b'b\\n'), await ask(port_of(handling), b'b\\n')]")
        == "[b'answer b\\n', b'new b\\n']"
    )


def test_a_callback_of_the_event_loop_that_schedules_itself(program: OpenModule) -> None:
    live = program(
        APP,
        "seen = asyncio.Queue()\nasync def start(): tick(seen)\nawait start()\nawait seen.get()",
    )
    live.edit(
        'seen.put_nowait("tick")\n    asyncio',
        'seen.put_nowait("tock") if not seen.qsize() else None\n    asyncio',
    )
    assert live.run("while await seen.get() == 'tick': pass\nawait seen.get()") == "'tock'"
    live.edit("    asyncio.get_running_loop().call_soon(tick, seen)\n", "")


CONNECTED = """
import asyncio
async def answer(reader, writer):
    while line := await reader.readline():
        writer.write(line)
    writer.close()
server = await asyncio.start_server(answer, "127.0.0.1", 0)
reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
async def ask(line):
    writer.write(line)
    return await reader.readline()
await ask(b"a\\n")
"""


def test_inside_asyncio_with_a_connection_open(library: OpenModule) -> None:
    edit = Edit(
        "            line = await self.readuntil(sep)\n",
        "            line = (await self.readuntil(sep)).upper()\n",
        "[await ask(b'b\\n'), await ask(b'b\\n')][-1]",  # a line is waited for already
        "b'B\\n'",
        "StreamReader.readline",
    )
    library("asyncio.streams", CONNECTED).follows_there_and_back(edit)
