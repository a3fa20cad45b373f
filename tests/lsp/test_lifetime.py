"""The end of the daemon: however it comes, no process of ours is left."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from checkpoints.conftest import copies_of
from lsp.conftest import StartClient
from lsp.driver import DAEMON, DEADLINE_S, Client, wait_for_end_of
from lsp.joining import socket_of
from relive.lsp.frames import frame

STUBBORN = """
import atexit, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGINT, signal.SIG_IGN)
atexit.register(time.sleep, 600)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
child.pid
"""


def worker(client: Client) -> int:
    client.execute("relive.evaluateText", {"text": "1"})
    return int(client.execute("relive.session", {})["pid"])


def leave_politely(client: Client) -> None:
    assert client.stop() == 0


def close_the_stream(client: Client) -> None:
    assert client.process.stdin is not None
    client.process.stdin.close()
    assert client.wait_for_exit() == 0


def exit_without_shutdown(client: Client) -> None:
    client.notify("exit", None)
    assert client.wait_for_exit() == 1


def terminate(client: Client) -> None:
    client.process.terminate()
    assert client.wait_for_exit() == 0


def interrupt(client: Client) -> None:
    client.process.send_signal(signal.SIGINT)
    assert client.wait_for_exit() == 0


def kill(client: Client) -> None:
    client.process.kill()
    client.wait_for_exit()


def send_garbage(client: Client) -> None:
    client.send_bytes(b"Content-Length: soon\r\n\r\n{}")
    client.wait_for_exit()


ENDS = [
    leave_politely,
    close_the_stream,
    exit_without_shutdown,
    terminate,
    interrupt,
    kill,
    send_garbage,
]
End = Callable[[Client], None]


@pytest.mark.parametrize("end", ENDS)
def test_an_idle_worker_ends_with_the_daemon(fresh_client: Client, end: End) -> None:
    pid = worker(fresh_client)
    end(fresh_client)
    wait_for_end_of(pid)


@pytest.mark.parametrize("end", ENDS)
def test_a_busy_worker_ends_with_the_daemon(fresh_client: Client, end: End) -> None:
    pid = worker(fresh_client)
    fresh_client.command("relive.evaluateText", {"text": "print('it runs')\nwhile True: pass"})
    fresh_client.wait_for_notification("relive/output", lambda p: "it runs" in p["text"])
    end(fresh_client)
    wait_for_end_of(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="no checkpoints on this system")
@pytest.mark.parametrize("end", [leave_politely, kill])
def test_parked_copies_of_a_worker_end_with_the_daemon(fresh_client: Client, end: End) -> None:
    settings = {"settings": {"relive": {"checkpoints": "auto"}}}
    fresh_client.notify("workspace/didChangeConfiguration", settings)
    worker(fresh_client)
    copies = copies_of(worker(fresh_client))  # made after the first, before this was answered
    assert copies
    end(fresh_client)
    for each in copies:
        wait_for_end_of(each)


@pytest.mark.parametrize("end", [leave_politely, close_the_stream])
def test_L11_L12_a_stubborn_worker_and_its_children_end_with_the_daemon(
    fresh_client: Client, end: End
) -> None:
    pid = worker(fresh_client)
    answer = fresh_client.execute("relive.evaluateText", {"text": STUBBORN})
    child = int(answer["results"][-1]["value"]["text"])
    end(fresh_client)
    wait_for_end_of(pid)
    wait_for_end_of(child)


def test_the_daemon_ends_with_the_editor_though_its_stream_stays_open(
    start_client: StartClient,
) -> None:
    editor = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    client = start_client()
    client.initialize(process_id=editor.pid)
    pid = worker(client)
    editor.communicate(b"\n")
    client.wait_for_exit()
    wait_for_end_of(pid)


def test_an_editor_of_another_machine_is_not_waited_for(start_client: StartClient) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    client = start_client()
    client.initialize(process_id=gone.pid)
    assert client.execute("relive.session", {})["state"] == "idle"


def test_requests_under_way_are_answered_at_shutdown(fresh_client: Client) -> None:
    worker(fresh_client)
    running = fresh_client.command("relive.evaluateText", {"text": "while True: pass"})
    fresh_client.wait_for_notification("relive/session", lambda p: p["state"] == "busy")
    assert fresh_client.stop() == 0
    assert len(fresh_client.responses(running)) == 1


def test_a_client_that_does_not_read_does_not_keep_the_daemon() -> None:
    reading, writing = os.pipe()
    process = subprocess.Popen(DAEMON, stdin=subprocess.PIPE, stdout=writing)
    os.close(writing)
    assert process.stdin is not None
    process.stdin.write(request(1, "initialize", {"capabilities": {}, "processId": None}))
    unknown = {"command": "x" * 60_000}  # what it is answered with names it
    for number in range(2, 40):
        process.stdin.write(request(number, "workspace/executeCommand", unknown))
    seen = b""
    while b'"id": 2' not in seen:
        seen += os.read(reading, 65536)
    process.stdin.close()
    assert process.wait(DEADLINE_S) == 0
    os.close(reading)


def request(number: int, method: str, params: Any) -> bytes:
    message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    return frame(json.dumps(message).encode())


def open_in(pid: int) -> Iterator[str]:
    """Yield what a process has open; what it closes meanwhile, such as a file it reads, is not."""
    for descriptor in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):
            yield os.readlink(f"/proc/{pid}/fd/{descriptor}")


def test_S5_one_socket_listens_and_no_port(fresh_client: Client) -> None:
    """What it is that listens, and for whom, is in `test_rendezvous.py`."""
    pids = {worker(fresh_client), fresh_client.process.pid}
    owned = {name for pid in pids for name in open_in(pid)}
    sockets = {name[len("socket:[") : -1] for name in owned if name.startswith("socket:[")}
    with open("/proc/net/unix", encoding="ascii") as table:
        rows = [line.split() for line in table][1:]
    listening_flag = 0x10000
    listening = [row for row in rows if row[6] in sockets and int(row[3], 16) & listening_flag]
    assert [row[7] for row in listening] == [socket_of(fresh_client)]
    for name in ("tcp", "tcp6", "udp", "udp6"):
        with open(f"/proc/net/{name}", encoding="ascii") as table:
            assert not {line.split()[9] for line in table} & sockets
