"""Whether a console writes colours, by the variables that CPython's own REPL goes by."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from prompt_toolkit.output import ColorDepth

from console.conftest import Open
from console.driver import Terminal
from relive.console.colours import wanted
from relive.console.prompt import depth

pytestmark = pytest.mark.xdist_group("console, colours")

ASKED: dict[str, tuple[str, bool, bool]] = {
    "nothing, on a terminal": ("", True, True),
    "nothing, in a pipe": ("", False, False),
    "on": ("PYTHON_COLORS=1", False, True),
    "off": ("PYTHON_COLORS=0", True, False),
    "neither on nor off": ("PYTHON_COLORS=2", True, True),
    "none": ("NO_COLOR=1", True, False),
    "none, empty": ("NO_COLOR=", True, True),
    "forced": ("FORCE_COLOR=1", False, True),
    "forced, empty": ("FORCE_COLOR=", False, False),
    "dumb": ("TERM=dumb", True, False),
    "on before none": ("PYTHON_COLORS=1 NO_COLOR=1", True, True),
    "off before forced": ("PYTHON_COLORS=0 FORCE_COLOR=1", True, False),
    "none before forced": ("NO_COLOR=1 FORCE_COLOR=1", True, False),
    "forced before dumb": ("FORCE_COLOR=1 TERM=dumb", False, True),
    "on before dumb": ("PYTHON_COLORS=1 TERM=dumb", False, True),
}


class Stream(io.StringIO):
    """A terminal, or none."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


@pytest.mark.parametrize(("told", "is_terminal", "expected"), ASKED.values(), ids=ASKED.keys())
def test_what_is_said_first_counts(told: str, is_terminal: bool, expected: bool) -> None:
    environment = {"TERM": "xterm", **dict(each.split("=") for each in told.split())}
    assert wanted(Stream(is_terminal=is_terminal), environment) is expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"NO_COLOR": "1"}, ColorDepth.DEPTH_8_BIT),
        ({"TERM": "linux"}, ColorDepth.DEPTH_4_BIT),
        ({"PROMPT_TOOLKIT_COLOR_DEPTH": "DEPTH_24_BIT"}, ColorDepth.DEPTH_24_BIT),
        ({"PROMPT_TOOLKIT_COLOR_DEPTH": "many"}, ColorDepth.DEPTH_8_BIT),
    ],
)
def test_how_many_colours_where_some_are_wanted(told: dict[str, str], expected: ColorDepth) -> None:
    assert depth(told) is expected


def test_the_prompt_and_what_is_typed_have_colours_where_they_are_on(
    open_console: Open, folder: Path
) -> None:
    console = open_console(Terminal, folder, "--keep", "0", PYTHON_COLORS="1", NO_COLOR="1")
    assert re.search(r"\x1b\[[\d;]*35[\d;]*m$", console.until(">>> "))
    console.say("1 / 0\r")
    assert re.search(r"\x1b\[[\d;]*33[\d;]*m1", console.until("ZeroDivisionError"))
    console.until("\x1b[?2004h")
    console.say("\x04")
    assert console.end() == 0
