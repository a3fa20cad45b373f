"""A console in a real terminal: what is edited, interrupted, asked, and what comes meanwhile."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import struct
import termios
from pathlib import Path

import pytest

from console.conftest import Open
from console.driver import Terminal
from lsp.driver import wait_for_end_of

pytestmark = pytest.mark.xdist_group("console, terminal")

CTRL_C, CTRL_D = "\x03", "\x04"


@pytest.fixture(scope="module")
def terminal(open_console: Open, folder: Path) -> Terminal:
    """One console for stories that each leave it at its prompt."""
    console = open_console(Terminal, folder, "--keep", "0", NO_COLOR="1", PAGER="cat")
    assert isinstance(console, Terminal)
    console.until(">>> ")
    return console


def say(terminal: Terminal, text: str) -> None:
    """Type text and Enter: once more than the text has, and none is left for the next prompt."""
    terminal.say(text + "\r")


def at_prompt(terminal: Terminal) -> str:
    """Return what was written until the prompt reads again."""
    return terminal.until("\x1b[?2004h")


def test_tab_knows_the_language_before_anything_has_run(terminal: Terminal) -> None:
    terminal.say("isinst\t")
    terminal.until("ance")
    say(terminal, "(1, int)")
    terminal.until("True\n")
    at_prompt(terminal)


def test_a_block_is_typed_and_recalled(terminal: Terminal) -> None:
    say(terminal, "for each in 'ab':\rprint(each * 3)\r")
    terminal.until("aaa\nbbb\n")
    at_prompt(terminal)
    say(terminal, "\x1b[A\r")
    terminal.until("aaa\nbbb\n")
    at_prompt(terminal)


def test_no_colours_where_none_are_wanted(terminal: Terminal) -> None:
    say(terminal, "len('x' * 7)")
    assert not re.search(r"\x1b\[[\d;]*3\d", terminal.until("7\n"))
    at_prompt(terminal)


def test_ctrl_c_interrupts_what_runs(terminal: Terminal) -> None:
    say(terminal, "import time")
    at_prompt(terminal)
    say(terminal, "for n in range(9**9):\rif n == 0: print('be' + 'gun')\rtime.sleep(0.01)\r")
    terminal.until("begun\n")
    terminal.say(CTRL_C)
    terminal.until("KeyboardInterrupt\n")
    at_prompt(terminal)


def test_ctrl_c_throws_away_what_is_typed(terminal: Terminal) -> None:
    terminal.say("if nothing:\rx" + CTRL_C)
    terminal.until("KeyboardInterrupt\n")
    at_prompt(terminal)
    say(terminal, "'still ' 'here'")
    terminal.until("'still here'\n")
    at_prompt(terminal)


def test_a_program_asks_on_the_line_it_has_begun(terminal: Terminal) -> None:
    say(terminal, "print('na', 'me', sep='', end=': '); said = input('your ')")
    terminal.until("name: your ")
    say(terminal, "Eve")
    at_prompt(terminal)
    say(terminal, "said + '!'")
    terminal.until("'Eve!'\n")
    at_prompt(terminal)


def test_a_password_is_not_shown(terminal: Terminal) -> None:
    say(terminal, "import getpass; hidden = getpass.getpass('se' + 'cret: ')")
    terminal.until("secret: ")
    say(terminal, "xyzzy")
    assert "xyzzy" not in at_prompt(terminal)
    say(terminal, "len(hidden) * 11")
    terminal.until("55\n")
    at_prompt(terminal)


def test_ctrl_c_at_a_question_interrupts_the_program(terminal: Terminal) -> None:
    say(terminal, "input('wh' + 'at? ')")
    terminal.until("what? ")
    terminal.say(CTRL_C)
    terminal.until("KeyboardInterrupt\n")
    at_prompt(terminal)


def test_what_is_written_meanwhile_stands_above_the_prompt(
    terminal: Terminal, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    os.mkfifo(go)
    say(terminal, f"import pathlib, threading; go = pathlib.Path({str(go)!r})")
    at_prompt(terminal)
    say(terminal, "def late():\rgo.read_text(); print('from ' + 'afar')\r")
    at_prompt(terminal)
    say(terminal, "threading.Thread(target=late).start()")
    at_prompt(terminal)
    terminal.say("'ty' 'ped")
    terminal.until("ped")
    go.write_text("")
    terminal.until("from afar\n")
    say(terminal, "'")
    terminal.until("'typed'\n")
    at_prompt(terminal)


def test_help_leaves_what_is_typed(terminal: Terminal) -> None:
    terminal.say("'un' 'har\x1bOP")
    terminal.until("%rewind [yes]")
    say(terminal, "med'")
    terminal.until("'unharmed'\n")
    at_prompt(terminal)


def test_tab_completes_by_what_the_process_knows(terminal: Terminal) -> None:
    say(terminal, "class Shelf: alphabetical = 6 * 7\r")
    at_prompt(terminal)
    say(terminal, "shelf = Shelf()")
    at_prompt(terminal)
    terminal.say("shelf.alpha\t")
    terminal.until("betical")  # what was not there yet
    say(terminal, " + 1")
    terminal.until("43\n")
    at_prompt(terminal)


def test_f2_shows_what_was_typed_without_prompts(terminal: Terminal) -> None:
    say(terminal, "for n in 'xy':\rprint(n + '!')\r")
    terminal.until("x!\ny!\n")
    at_prompt(terminal)
    terminal.say("'un' 'har\x1bOQ")
    terminal.until("for n in 'xy':\n    print(n + '!')\n")
    say(terminal, "med'")
    terminal.until("'unharmed'\n")
    at_prompt(terminal)


def test_a_narrow_window_and_another_width(terminal: Terminal) -> None:
    _resize(terminal, 20)
    say(terminal, "'wide ' '日本 🐍 and quite long for this window'")
    terminal.until("'wide 日本 🐍 and quite long for this window'\n")
    _resize(terminal, 80)
    at_prompt(terminal)


def test_a_daemon_that_is_gone_is_told_and_started_again(terminal: Terminal) -> None:
    say(terminal, "value = 1")
    at_prompt(terminal)
    os.kill(_children(terminal.process.pid)[0], signal.SIGKILL)
    terminal.until("The daemon is gone, and its sessions with it.")
    terminal.until("[y/N] ")
    say(terminal, "y")
    at_prompt(terminal)
    say(terminal, "value")
    terminal.until("NameError")
    at_prompt(terminal)


def test_the_end_of_the_terminal_ends_all_of_it(terminal: Terminal) -> None:
    say(terminal, "import os; print('pid', os.getpid(), '!')")
    terminal.until("pid ")
    worker = int(terminal.until(" !"))
    daemon = _children(terminal.process.pid)[0]
    os.kill(terminal.process.pid, signal.SIGHUP)
    terminal.process.wait(60)
    wait_for_end_of(daemon)
    wait_for_end_of(worker)


def test_a_terminal_that_cannot_edit(open_console: Open, folder: Path) -> None:
    console = open_console(Terminal, folder, TERM="dumb")
    console.until(">>> ")
    console.say("if 1:\n")
    console.until("... ")
    console.say("    print('pla' + 'in')\n\n")
    console.until("plain\n>>> ")
    console.say("x = (1,\n")
    console.until("... ")
    console.say(CTRL_C)
    console.until("KeyboardInterrupt\n>>> ")
    console.say("import time\nwhile True: time.sleep(0.01)\n\n")
    console.until("... ")
    console.say(CTRL_C)
    console.until("KeyboardInterrupt\n>>> ")
    console.say("input('na' + 'me? ')\n")
    console.until("name? ")
    console.say("Eve\n")
    console.until("'Eve'\n>>> ")
    console.say(CTRL_D)
    assert console.end() == 0
    assert "\x1b" not in console.seen


def _resize(terminal: Terminal, columns: int) -> None:
    size = struct.pack("HHHH", 24, columns, 0, 0)
    fcntl.ioctl(terminal._writes, termios.TIOCSWINSZ, size)


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
