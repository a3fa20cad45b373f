"""Names in the editor: completion, hover and signature help of what the live process knows.

Other language servers show what the text alone tells. So of live names those are left out that the
text tells too, unless the setting `relive.names` says `all`; where that is not known soon enough,
nothing is shown. All of it is off by default.
"""

from __future__ import annotations

import re

from lsprotocol import types

from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, file_of
from relive.lsp.naming.live import BusyError, active_parameter, described, inserted, options
from relive.lsp.naming.static import Read, StaticView
from relive.session.naming import Described, Option, Where
from relive.source.positions import Position, Range
from relive.source.written import Chain, Written, call_at, chain_at, written_at

_TRIGGERS = [".", "[", '"', "'"]
_NEVER_STATIC = ("key", "column")
"""Keys and columns are data: a text that has them does not tell which there are."""
_KINDS = {
    "value": types.CompletionItemKind.Variable,
    "function": types.CompletionItemKind.Function,
    "method": types.CompletionItemKind.Method,
    "class": types.CompletionItemKind.Class,
    "module": types.CompletionItemKind.Module,
    "property": types.CompletionItemKind.Property,
    "key": types.CompletionItemKind.Field,
    "column": types.CompletionItemKind.Field,
    "parameter": types.CompletionItemKind.Variable,
}


def register(daemon: Daemon) -> None:
    """Offer them to editors."""
    feature = EditorNames(daemon)
    on = daemon.server.on
    triggers = types.CompletionOptions(trigger_characters=_TRIGGERS)
    on(types.TEXT_DOCUMENT_COMPLETION, feature.complete, triggers)
    on(types.TEXT_DOCUMENT_HOVER, feature.hover)
    calls = types.SignatureHelpOptions(trigger_characters=["(", ","])
    on(types.TEXT_DOCUMENT_SIGNATURE_HELP, feature.signature, calls)
    daemon.at_end.append(feature.static.close)


class EditorNames:
    """Answers the editor."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self.static = StaticView()

    async def complete(self, params: types.CompletionParams) -> types.CompletionList | None:
        """Return how the text can go on, as far as nobody else shows it."""
        at = self._place(params)
        written = None if at is None else written_at(*at[1:])
        if at is None or written is None:
            return None
        document, text, position = at
        session = self._daemon.sessions.existing(document.uri)
        if session is None or session.info.pid is None:
            return None
        try:
            found = await options(session, Where(document.file), written, text, position)
        except BusyError:
            return types.CompletionList(is_incomplete=True, items=[])
        shown = await self._unknown_elsewhere(document, position, written, found.items)
        items = [self._item(each, document, written, position) for each in shown or ()]
        incomplete = found.incomplete or shown is None
        return types.CompletionList(is_incomplete=incomplete, items=items)

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """Return what a name stands for."""
        at = self._place(params)
        chain = None if at is None else chain_at(*at[1:])
        if at is None or chain is None:
            return None
        found = await self._described(at[0], chain[0])
        if found is None or found.kind != "value":  # of functions the text tells the same
            return None
        about = [found.type, *([] if found.size is None else [found.size])]
        told = f"{_fenced(found.text)}\n\n{_plain(', '.join(about))} — live"
        content = types.MarkupContent(types.MarkupKind.Markdown, told)
        range_ = self._daemon.codec.range_to_client(at[0].table, chain[1])
        return types.Hover(content, range_)

    async def signature(self, params: types.SignatureHelpParams) -> types.SignatureHelp | None:
        """Return how what is called here can be called, where only the process knows it."""
        at = self._place(params)
        call = None if at is None else call_at(*at[1:])
        if at is None or call is None:
            return None
        found = await self._described(at[0], call.chain)
        if found is None or found.parameters is None or self._is_defined_here(at[0], found):
            return None
        label = f"{found.name or call.chain.name}({', '.join(found.parameters)})"
        parameters = [types.ParameterInformation(each) for each in found.parameters]
        told = types.SignatureInformation(label, found.doc, parameters)
        active = active_parameter(list(found.parameters), call)
        return types.SignatureHelp([told], 0, active)

    def _is_defined_here(self, document: Document, found: Described) -> bool:
        """Whether the text of the document tells how it is called."""
        if self._daemon.configuration.names == "all":
            return False
        heads = (f"def {found.name}(", f"class {found.name}")
        return any(head in document.text for head in heads)

    def _place(
        self, params: types.CompletionParams | types.HoverParams | types.SignatureHelpParams
    ) -> tuple[Document, str, Position] | None:
        if self._daemon.configuration.names == "off":
            return None
        document = self._daemon.documents.get(params.text_document.uri)
        position = self._daemon.codec.position(document.table, params.position)
        return document, document.text, position

    async def _described(self, document: Document, chain: Chain) -> Described | None:
        session = self._daemon.sessions.existing(document.uri)
        if session is None or session.info.pid is None:
            return None
        try:
            return await described(session, Where(document.file), chain)
        except BusyError:
            return None

    async def _unknown_elsewhere(
        self, document: Document, position: Position, written: Written, found: tuple[Option, ...]
    ) -> list[Option] | None:
        """Return those that the text does not tell; None: that is not known yet."""
        asked = self._daemon.configuration.names == "all" or not found
        if asked or all(each.kind in _NEVER_STATIC for each in found):
            return list(found)
        configuration, folder = self._daemon.configuration, file_of(_folder(self._daemon, document))
        interpreter = configuration.interpreter_of(folder)
        read = Read(document.text, position, document.file, folder, interpreter)
        static = await self.static.options(read)
        if static is None:
            return None
        known = {each.label.rstrip("=") for each in static}
        return [
            each
            for each in found
            if each.kind in _NEVER_STATIC or each.label.rstrip("=") not in known
        ]

    def _item(
        self, option: Option, document: Document, written: Written, position: Position
    ) -> types.CompletionItem:
        range_ = self._daemon.codec.range_to_client(document.table, Range(written.start, position))
        text = inserted(option, written)
        return types.CompletionItem(
            label=option.label,
            kind=_KINDS[option.kind],
            detail=option.detail,
            label_details=types.CompletionItemLabelDetails(description="live"),
            filter_text=text,
            text_edit=types.TextEdit(range_, text),
        )


def _folder(daemon: Daemon, document: Document) -> str:
    session = daemon.sessions.existing(document.uri)
    return (session.folder if session is not None else None) or ""


def _fenced(text: str) -> str:
    fence = "`" * (max(map(len, re.findall("`+", text)), default=2) + 1)
    return f"{fence}python\n{text}\n{fence}"


def _plain(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]()<>#+.!|-])", r"\\\1", text)
