"""`python -m relive`: the words around the server."""

from __future__ import annotations

import subprocess
import sys

import pytest

from lsp.conftest import StartClient
from relive import __version__


def relive(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "relive", *arguments],
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_help_lists_the_commands() -> None:
    done = relive("--help")
    assert done.returncode == 0
    assert "lsp" in done.stdout


def test_version() -> None:
    assert relive("--version").stdout == f"relive {__version__}\n"


def test_an_unknown_command_is_refused() -> None:
    done = relive("fly")
    assert done.returncode == 2
    assert "fly" in done.stderr


def test_help_does_not_load_the_server() -> None:
    code = (
        "import sys, relive.__main__ as m\n"
        "try: m.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print([n for n in sys.modules if n.split('.')[0] in ('pygls', 'lsprotocol', 'asyncio')])"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.endswith("[]\n")


@pytest.mark.parametrize("arguments", [(), ("lsp",), ("--stdio",), ("lsp", "--stdio")])
def test_the_server_is_the_default(start_client: StartClient, arguments: tuple[str, ...]) -> None:
    client = start_client([sys.executable, "-m", "relive", *arguments])
    client.initialize()
    assert client.stop() == 0
