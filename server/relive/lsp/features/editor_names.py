"""Names in the editor: completion, hover and signature help of what the live process knows.

Other language servers show what the text alone tells. So of live names those are left out that the
text tells too; where that is not known soon enough, nothing is shown. For editors without another
one the setting `relive.names` says `all`: then what only the text tells is shown as well, behind
what the process knows. A client that says nothing of the setting gets none of it.
"""

from __future__ import annotations

import re

from lsprotocol import types

from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, file_of
from relive.lsp.folder_session import FolderSession
from relive.lsp.naming.live import BusyError, described, inserted, meant, options
from relive.lsp.naming.signatures import Signature, of_live, of_text
from relive.lsp.naming.static import Read, StaticDescription, StaticView
from relive.session.naming import Described, Option, Options, Where
from relive.source.positions import Position, Range
from relive.source.quick_dataclasses import dataclass
from relive.source.written import Chain, Written, call_at, chain_at, written_at

_TRIGGERS = [".", "[", '"', "'"]
_NEVER_STATIC = "column"
"""Columns are data: a text that has them does not tell which there are."""
_KINDS = {
    "value": types.CompletionItemKind.Variable,
    "function": types.CompletionItemKind.Function,
    "method": types.CompletionItemKind.Method,
    "class": types.CompletionItemKind.Class,
    "module": types.CompletionItemKind.Module,
    "property": types.CompletionItemKind.Property,
    "key": types.CompletionItemKind.Field,
    "number": types.CompletionItemKind.Field,
    "column": types.CompletionItemKind.Field,
    "parameter": types.CompletionItemKind.Variable,
    "keyword": types.CompletionItemKind.Keyword,
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


@dataclass(frozen=True)
class _Place:
    """Where an editor asks."""

    document: Document
    position: Position
    session: FolderSession
    """It has a process."""
    wants_all: bool

    @property
    def where(self) -> Where:
        return Where(self.document.file)


class EditorNames:
    """Answers the editor."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self.static = StaticView()

    async def complete(self, params: types.CompletionParams) -> types.CompletionList | None:
        """Return how the text can go on, as far as nobody else shows it."""
        at = self._place(params)
        written = None if at is None else written_at(at.document.text, at.position)
        if at is None or written is None:
            return None
        try:
            found = await options(at.session, at.where, written, at.document.text, at.position)
        except BusyError:
            found = Options((), incomplete=True)
        live, static = found.items, await self._static_options(at, written, found)
        if static is None and not at.wants_all:
            live = ()
        items = [self._item(each, at, written, "live") for each in _unknown(live, static, at)]
        if at.wants_all:
            more = _others(static or [], live, written.prefix)
            items += [self._item(each, at, written, "static") for each in more]
        return types.CompletionList(found.incomplete or static is None, items)

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """Return what a name stands for."""
        at = self._place(params)
        found = None if at is None else chain_at(at.document.text, at.position)
        if at is None or found is None:
            return None
        chain, range_ = found
        told = await self._told(at, chain, range_.end)
        if told is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, told)
        return types.Hover(content, self._daemon.codec.range_to_client(at.document.table, range_))

    async def signature(self, params: types.SignatureHelpParams) -> types.SignatureHelp | None:
        """Return how what is called here can be called, as far as nobody else shows it."""
        at = self._place(params)
        call = None if at is None else call_at(at.document.text, at.position)
        if at is None or call is None:
            return None
        live = of_live(await _described(at, call.chain), call.chain.name)
        shown = await self._shown(at, live)
        told = [_information(each, each.active(call)) for each in shown]
        return types.SignatureHelp(told, 0, shown[0].active(call)) if told else None

    async def _told(self, at: _Place, chain: Chain, end: Position) -> str | None:
        live = await _described(at, chain)
        if live is not None and live.kind == "value":  # of functions the text tells the same
            return _live_text(live)
        if not at.wants_all:
            return None
        static = await self.static.descriptions(self._read(at, end))
        if static:
            return _static_text(static[0])
        return None if live is None else _live_text(live)

    async def _shown(self, at: _Place, live: list[Signature]) -> list[Signature]:
        """Return the signatures to show: the process's, unless the text tells of any; or all."""
        if bool(live) == at.wants_all:
            return live
        static = await self.static.signatures(self._read(at, at.position))
        if at.wants_all:
            return of_text(static or [])
        return live if static == [] else []

    async def _static_options(
        self, at: _Place, written: Written, found: Options
    ) -> list[Option] | None:
        """Return what the text tells, as far as it matters; None: that is not known yet."""
        if not at.wants_all and all(each.kind == _NEVER_STATIC for each in found.items):
            return []
        read = self._read(at, at.position)
        if written.kind == "key":
            keys = await self.static.keys(read, written)
            return None if keys is None else list(meant(keys, written))
        return await self.static.options(read)

    def _place(
        self, params: types.CompletionParams | types.HoverParams | types.SignatureHelpParams
    ) -> _Place | None:
        """Return where is asked; None: there is nothing to be told, and nothing is to start."""
        names = self._daemon.configuration.names
        if names == "off":
            return None
        document = self._daemon.documents.get(params.text_document.uri)
        session = self._daemon.sessions.existing(document.uri)
        if session is None or session.info.pid is None:
            return None
        position = self._daemon.codec.position(document.table, params.position)
        return _Place(document, position, session, names == "all")

    def _read(self, at: _Place, position: Position) -> Read:
        folder = file_of(at.session.folder or "")
        interpreter = self._daemon.configuration.interpreter_of(folder)
        return Read(at.document.text, position, at.document.file, folder, interpreter)

    def _item(
        self, option: Option, at: _Place, written: Written, source: str
    ) -> types.CompletionItem:
        range_ = self._daemon.codec.range_to_client(
            at.document.table, Range(written.start, at.position)
        )
        text = inserted(option, written)
        return types.CompletionItem(
            label=option.label,
            kind=_KINDS[option.kind],
            detail=option.detail,
            label_details=types.CompletionItemLabelDetails(description=source),
            filter_text=text,
            text_edit=types.TextEdit(range_, text),
        )


async def _described(at: _Place, chain: Chain) -> Described | None:
    try:
        return await described(at.session, at.where, chain)
    except BusyError:
        return None


def _unknown(live: tuple[Option, ...], static: list[Option] | None, at: _Place) -> list[Option]:
    """Return those that the text does not tell, unless all are wanted."""
    known = set() if at.wants_all else {each.label for each in static or ()}
    return [
        each for each in live if each.kind == _NEVER_STATIC or each.label.rstrip("=") not in known
    ]


def _others(static: list[Option], live: tuple[Option, ...], prefix: str) -> list[Option]:
    """Return what only the text tells: private names are wanted by their first letter."""
    known = {each.label.rstrip("=") for each in live}
    return [
        each
        for each in static
        if each.label not in known
        and each.label.startswith(prefix)
        and (prefix or not each.label.startswith("_"))
    ]


def _information(signature: Signature, active: int | None) -> types.SignatureInformation:
    parameters = [types.ParameterInformation(each) for each in signature.parameters]
    return types.SignatureInformation(signature.label, signature.doc, parameters, active)


def _live_text(found: Described) -> str:
    about = [found.type, *([] if found.size is None else [found.size])]
    return f"{_fenced(found.text)}\n\n{_plain(', '.join(about))} — live"


def _static_text(found: StaticDescription) -> str:
    signature = found.signature
    head = found.text if signature is None else of_text([signature])[0].label
    doc = [] if found.doc is None else [_plain(found.doc)]
    return "\n\n".join([_fenced(head), *doc, f"{_plain(found.type)} — static"])


def _fenced(text: str) -> str:
    fence = "`" * (max(map(len, re.findall("`+", text)), default=2) + 1)
    return f"{fence}python\n{text}\n{fence}"


def _plain(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]()<>#+.!|-])", r"\\\1", text)
