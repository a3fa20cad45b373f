"""Fixtures: a workspace, and consoles that end with their test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.driver import Console

Open = Callable[..., Console]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a module of its own."""
    made = tmp_path_factory.mktemp("workspace")
    made.joinpath("shop").mkdir()
    made.joinpath("shop", "__init__.py").write_text("")
    made.joinpath("shop", "prices.py").write_text(
        "RATE = 3\n\n\ndef price(n):\n    return n * RATE\n"
    )
    made.joinpath("shop", "parts.py").write_text(
        "def part(n):\n    return 10 // n\n\n\n"
        "def total(numbers):\n    found = 0\n    for each in numbers:\n"
        "        found += part(each)\n    return found\n"
    )
    made.joinpath("connected.py").write_text(  # what has it open ends for good: it has no copy
        "import socket\n\nopened = socket.socket()\n"
    )
    return made


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the consoles of a module keep what is theirs, and find each other."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def open_console(home: Path) -> Iterator[Open]:
    """Opens consoles that the tests of a module share."""
    opened: list[Console] = []

    def start(kind: type[Console], folder: Path, *arguments: str, **environment: str) -> Console:
        environment = {"XDG_STATE_HOME": str(home), "XDG_RUNTIME_DIR": str(home), **environment}
        console = kind(folder, "--python", sys.executable, *arguments, **environment)
        opened.append(console)
        return console

    yield start
    for console in opened:
        console.close()
