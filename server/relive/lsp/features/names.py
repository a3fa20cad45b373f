"""Names that are being written: `relive.complete`, `relive.signature` and `relive.describe`."""

from __future__ import annotations

from typing import cast

from relive.lsp import files
from relive.lsp import names_protocol as messages
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, file_of
from relive.lsp.failures import RefusedError
from relive.lsp.folder_session import FolderSession
from relive.lsp.naming.live import BusyError, described, inserted, options
from relive.lsp.naming.signatures import Signature, of_live, of_text
from relive.lsp.naming.static import (
    Read,
    StaticDescription,
    StaticView,
    begin_of_word,
)
from relive.session.naming import Described, Option, Options, Where
from relive.source.positions import Position, Range, Table
from relive.source.written import Call, Chain, Written, call_at, chain_at, written_at


def register(daemon: Daemon) -> None:
    """Offer what is known of names to the client."""
    feature = NamesFeature(daemon)
    daemon.at_end.append(feature.static.close)
    on_command = daemon.server.on_command
    on_command(messages.COMPLETE, messages.CompleteParams, feature.complete)
    on_command(messages.SIGNATURE, messages.SignatureParams, feature.signature)
    on_command(messages.DESCRIBE, messages.DescribeParams, feature.describe)


class NamesFeature:
    """Answers the commands."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self.static = StaticView()

    async def complete(self, params: messages.CompleteParams) -> messages.CompletionAnswer:
        """Return how a text can go on: what the process knows, then what the text alone tells."""
        text, position, table = self._place(params)
        written = written_at(text, position)
        start = position if written is None else written.start
        found, busy = Options((), incomplete=False), False
        session, where = self._where(params)
        if written is not None:
            try:
                found = await options(session, where, written, text, position)
            except BusyError:
                busy = True
        items = [_completion(each, written) for each in found.items]
        static, incomplete = await self._static(session, params, text, position, written)
        line, column = position
        begin = begin_of_word(table.line(line), column)
        if static:
            start = (line, begin)
        known, prefix = {each.label for each in items}, table.line(line)[begin:column]
        items += [each for each in static if each.label not in known and _is_meant(each, prefix)]
        range_ = self._daemon.codec.range_to_client(table, Range(start, position))
        return messages.CompletionAnswer(items, found.incomplete or incomplete, busy, range_)

    async def _static(
        self,
        session: FolderSession,
        params: messages.CompleteParams,
        text: str,
        position: Position,
        written: Written | None,
    ) -> tuple[list[messages.Completion], bool]:
        """Return what the text tells, and whether it is still being read."""
        if written is not None and written.kind == "key":
            return [], False
        read = self._read(session, params, text, position)
        told = [] if read is None else await self.static.options(read)
        return [_static_completion(each) for each in told or ()], told is None

    async def signature(self, params: messages.SignatureParams) -> messages.SignatureAnswer:
        """Return how what is called at the position can be called."""
        text, position, _ = self._place(params)
        call = call_at(text, position)
        if call is None:
            return messages.SignatureAnswer([], busy=False, incomplete=False)
        found, busy = await self._described(params, call.chain)
        known: list[Signature] | None = of_live(found, call.chain.name)
        if not known:
            read = self._read(self._where(params)[0], params, text, position)
            static = [] if read is None else await self.static.signatures(read)
            known = None if static is None else of_text(static)
        told = [_signature(each, call) for each in known or ()]
        return messages.SignatureAnswer(told, busy, incomplete=known is None)

    async def describe(self, params: messages.DescribeParams) -> messages.DescribeAnswer:
        """Return what stands at the position."""
        text, position, table = self._place(params)
        at = chain_at(text, position)
        if at is None:
            return messages.DescribeAnswer(None, busy=False, incomplete=False)
        expression, range_ = table.slice(at[1]), self._daemon.codec.range_to_client(table, at[1])
        found, busy = await self._described(params, at[0])
        if found is not None:
            told = _description(found, expression)
            return messages.DescribeAnswer(told, busy, incomplete=False, range=range_)
        read = self._read(self._where(params)[0], params, text, at[1].end)
        static = [] if read is None else await self.static.descriptions(read)
        if not static:
            return messages.DescribeAnswer(None, busy, incomplete=static is None)
        told = _static_description(static[0], expression)
        return messages.DescribeAnswer(told, busy, incomplete=False, range=range_)

    def _read(
        self,
        session: FolderSession,
        params: messages.CompleteParams,
        text: str,
        position: Position,
    ) -> Read | None:
        """Return what is to be read for a place of a text; None: nothing, as nothing has run.

        It may be more code for a module, which knows the names of what its file says so far.
        """
        if session.info.pid is None:  # not before somebody has asked for something to run here
            return None
        path = None if params.uri is None else file_of(params.uri)
        folder = file_of(session.folder) if session.folder else ""
        interpreter = self._daemon.configuration.interpreter_of(folder)
        read = Read(text, position, path, folder, interpreter)
        above = self._text_of(path)
        return read if above is None or above == text else read.below(above)

    def _text_of(self, path: str | None) -> str | None:
        """Return what a file says: its open document, else the disk."""
        document = self._daemon.documents.of_file(path)
        if document is not None:
            return document.text
        return None if path is None else files.read(path)

    async def _described(
        self, params: messages.CompleteParams, chain: Chain
    ) -> tuple[Described | None, bool]:
        """Return what a chain stands for, and whether the process had no time to say so."""
        session, where = self._where(params)
        try:
            return await described(session, where, chain), False
        except BusyError:
            return None, True

    def _place(self, params: messages.CompleteParams) -> tuple[str, Position, Table]:
        table = Document("", params.text).table
        return table.text, self._daemon.codec.position(table, params.position), table

    def _where(self, params: messages.CompleteParams) -> tuple[FolderSession, Where]:
        session = self._daemon.sessions.chosen(params.uri)
        file = None if params.uri is None else file_of(params.uri)
        if params.frame is None:
            return session, Where(file)
        hold = session.hold(params.hold)
        if hold is None:
            raise RefusedError("No frame is held. Leave out `frame` for the names of a module.")
        return session, Where(file, (hold.number, params.frame))


def _completion(option: Option, written: Written | None) -> messages.Completion:
    is_key = option.kind in ("key", "number")
    kind = cast(messages.CompletionKind, "key" if is_key else option.kind)
    text = option.label if written is None else inserted(option, written)
    insert = None if text == option.label and not is_key else text
    return messages.Completion(option.label, kind, option.detail, "live", insert)


def _static_completion(option: Option) -> messages.Completion:
    kind = cast(messages.CompletionKind, option.kind)
    return messages.Completion(option.label, kind, None, "static")


def _is_meant(option: messages.Completion, prefix: str) -> bool:
    """Whether a word that begins so can be it: private ones are wanted by their first letter."""
    return option.label.startswith(prefix) and (prefix != "" or not option.label.startswith("_"))


def _signature(found: Signature, call: Call) -> messages.CallSignature:
    parameters, active = list(found.parameters), found.active(call)
    return messages.CallSignature(found.label, parameters, found.doc, found.source, active)


def _description(found: Described, expression: str) -> messages.NameDescription:
    signature = None
    if found.parameters is not None and found.name:
        signature = f"{found.name}({', '.join(found.parameters)})"
    return messages.NameDescription(
        expression=expression,
        text=found.text,
        type=found.type,
        kind=cast(messages.CompletionKind, found.kind),
        from_="live",
        signature=signature,
        doc=found.doc,
        size=found.size,
        length=found.length,
    )


def _static_description(found: StaticDescription, expression: str) -> messages.NameDescription:
    signature = found.signature
    return messages.NameDescription(
        expression=expression,
        text=found.text,
        type=found.type,
        kind=cast(messages.CompletionKind, found.kind),
        from_="static",
        signature=None if signature is None else of_text([signature])[0].label,
        doc=found.doc,
    )
