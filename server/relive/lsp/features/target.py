"""What a command would take, without running it: `relive/target`."""

from __future__ import annotations

from relive.lsp import protocol
from relive.lsp.daemon import Daemon
from relive.lsp.targets import find_code


def register(daemon: Daemon) -> None:
    """Answer questions for targets."""

    def target(params: protocol.TargetParams) -> protocol.Target | None:
        document, codec = daemon.documents.get(params.uri), daemon.codec
        code = find_code(params, document, codec)
        if code is None:
            return None
        return protocol.Target(
            range=codec.range_to_client(document.table, code.range),
            kind=code.kind,
            name=code.name,
            next=None if code.next is None else codec.to_client(document.table, code.next),
        )

    daemon.server.on(protocol.TARGET, target)
