"""The last line of a terminal that says where its cursor is: without that, there is no such line."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.conftest import Open
from console.driver import Console, Terminal

pytestmark = pytest.mark.xdist_group("console, last line")

ASKS_PLACE, PLACE = "\x1b[6n", "\x1b[1;1R"


def at_prompt(console: Console) -> None:
    """Wait until a prompt has asked where it is, and say so."""
    console.until(ASKS_PLACE)
    console.say(PLACE)


def test_the_argument_that_is_due_is_marked(open_console: Open, folder: Path) -> None:
    console = open_console(Terminal, folder, "--keep", "0", NO_COLOR="1", PROMPT_TOOLKIT_NO_CPR="0")
    at_prompt(console)
    console.say("def priced(amount, rate=2): return amount * rate\r\r")
    at_prompt(console)
    console.say("priced('(', ")
    console.until("priced(amount, \x1b[0;1;4;7mrate=2\x1b[0;7m)")
    console.say("3)\r")
    console.until("'((('\n")
    at_prompt(console)
    console.say("\x04")
    assert console.end() == 0
