"""The page about the protocol names all that there is: what it leaves out nobody can use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "protocol.md").read_text()
LSP = ROOT / "server" / "relive" / "lsp"
SETTINGS = re.findall(r'_read\(\s*settings,\s*"([\w.]+)"', (LSP / "configuration.py").read_text())
METHODS = {
    name
    for file in LSP.rglob("*.py")
    for name in re.findall(r'^[A-Z_]+ = "(relive[./]\w+)"', file.read_text(), re.MULTILINE)
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_each_setting_that_is_read_is_named(setting: str) -> None:
    assert f"`{setting}`" in PAGE


@pytest.mark.parametrize("method", sorted(METHODS))
def test_each_command_and_message_is_named(method: str) -> None:
    assert f"`{method}`" in PAGE or f"`{method} " in PAGE
