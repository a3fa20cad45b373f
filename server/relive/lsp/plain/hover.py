"""The whole value of a statement, over it."""

from __future__ import annotations

import re

from lsprotocol import types

from relive.lsp.daemon import Daemon
from relive.lsp.plain.values import Noted, results_in
from relive.lsp.rpc import Handler


class Hover:
    """Answers with the value of the statement, and what else is known of what stands there."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def at(self, others: Handler, params: types.HoverParams) -> types.Hover | None:
        """Return what there is to say of a place."""
        document = self._daemon.documents.get(params.text_document.uri)
        line = params.position.line
        here = [
            each
            for each in results_in(self._daemon, document)
            if each.whole and each.range.start.line <= line <= each.range.end.line
        ]
        other: types.Hover | None = await others(params)
        if not here:
            return other
        parts = [] if other is None else [_text_of(other)]
        parts += [_fenced(each) for each in here]
        content = types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(parts))
        return types.Hover(content, here[0].range if other is None else other.range)


def _text_of(hover: types.Hover) -> str:
    return hover.contents.value if isinstance(hover.contents, types.MarkupContent) else ""


def _fenced(noted: Noted) -> str:
    fence = "`" * (max(map(len, re.findall("`+", noted.whole)), default=2) + 1)
    return f"{fence}text\n{noted.whole}\n{fence}"
