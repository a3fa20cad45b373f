"""Consoles beside each other, and beside an editor, in one session."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.conftest import Open
from console.driver import Console, Terminal
from lsp.driver import Client, place, wait_for_end_of
from relive.console import daemons

pytestmark = pytest.mark.xdist_group("console, joining")

PROMPT = "\x1b[?2004h"


@pytest.fixture
def editor(
    tmp_path: Path, folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    """An editor's daemon, which consoles find."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home))
    client = Client(tmp_path / "log")
    client.initialize(folder)
    yield client
    client.leave()


def test_two_consoles_are_in_one_session(open_console: Open, folder: Path) -> None:
    one = open_console(Terminal, folder, "--keep", "0", NO_COLOR="1")
    one.until(">>> ")
    one.say("here = 6 * 7; import os; print('pid', os.getpid(), '!')\r")
    one.until("pid ")
    worker = int(one.until(" !"))
    one.until(PROMPT)

    other = open_console(Terminal, folder / "shop", "--keep", "0", NO_COLOR="1")
    other.until("joined process ")
    other.until(">>> ")
    other.say("here + 1\r")
    other.until("43\n")
    one.until(">>> here + 1\n")
    one.until("=> 43\n")

    one.say("input('wh' + 'o? ')\r")
    one.until("who? ")
    other.say("'af' 'ter'\r")
    one.say("me\r")
    other.until("'me'\n")
    other.until("'after'\n")
    other.until(PROMPT)
    other.say("1 / 0\r")
    one.until("=> ZeroDivisionError: division by zero\n")
    one.until(PROMPT)

    one.say("\x04")
    assert one.end() == 0
    other.say("here\r")
    other.until("42\n")
    other.say("%shutdown\r")
    assert other.end() == 0
    wait_for_end_of(worker)


def test_a_console_joins_the_daemon_of_an_editor(
    editor: Client, open_console: Open, folder: Path
) -> None:
    text = "amount = 6\namount * 7\n"
    file = folder / "sums.py"
    file.write_text(text)
    uri = editor.open(file, text)
    editor.evaluate(uri, "file")
    console = open_console(Terminal, folder, "--module", "sums", NO_COLOR="1")
    console.until("joined process ")
    console.until(PROMPT)
    console.say("amount\r")
    console.until("6\n")
    told = editor.wait_for_notification("relive/asked", lambda told: told["text"] == "amount")
    ended = editor.wait_for_notification(
        "relive/evaluated", lambda each: each["token"] == told["token"]
    )
    assert ended["evaluation"]["results"][0]["value"]["text"] == "6"

    editor.evaluate(uri, "form", position=place(text, "amount * 7"))
    console.until("sums.py:2 => 42\n")
    console.until(PROMPT)  # until then the terminal takes keys for what runs
    console.say("\x04")
    assert console.end() == 0
    assert editor.evaluate(uri, "form", position=place(text, "amount * 7"))["status"] == "ok"


def test_a_pipe_joins_what_runs_and_leaves_it_running(open_console: Open, folder: Path) -> None:
    one = open_console(Console, folder)
    one.say("mine = 'written'\nmine\n")
    one.until("'written'\n")
    other = open_console(Console, folder)
    other.say("mine + ' by one'\n")
    other.until("'written by one'\n")
    one.leave()
    other.say("mine + ' and left'\n")
    other.until("'written and left'\n")
    other.leave()


def test_a_console_whose_daemon_ends_as_it_joins_starts_another(
    open_console: Open, folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = open_console(Console, folder)
    one.say("'is there'\n")
    one.until("'is there'\n")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home))
    (daemon,) = daemons.running(folder)
    os.kill(daemon.pid, signal.SIGSTOP)
    other = open_console(Console, folder)
    other.say("'goes ' + 'on'\n")
    other.until(f"joined process {daemon.pid} in ")
    os.kill(daemon.pid, signal.SIGKILL)
    other.until("'goes on'\n")
    other.leave()
    assert other.process.returncode == 0
    assert one.end() == 1
