"""A language server on pygls that answers a command with nothing, and a save with as little.

What the library itself takes.
"""

from __future__ import annotations

from typing import Any

from pygls.lsp.server import LanguageServer

_server = LanguageServer("nothing", "1")


@_server.command("relive.evaluateText")
def _nothing(*_arguments: Any) -> None:
    return None


@_server.feature("textDocument/didSave")
def _saved(*_arguments: Any) -> None:
    _server.protocol.notify("relive/redefined", {"redefinition": {"definitions": []}})


if __name__ == "__main__":
    _server.start_io()
