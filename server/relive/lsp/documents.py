"""The texts open in the editor, and where things of an older text are in them now.

Lines end at CRLF, CR and LF and nowhere else, as in the editor: `str.splitlines`, which pygls
uses, also divides at form feeds, U+0085, U+2028 and others, after which every edit would land in
the wrong place.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from lsprotocol import types
from pygls.uris import to_fs_path

from relive.lsp.edits import Edit, no_edit, position_after, range_after, replacement
from relive.lsp.encoding import Codec
from relive.lsp.failures import RefusedError
from relive.source import margins
from relive.source.positions import (
    BYTE_ORDER_MARK,
    Position,
    Range,
    Table,
    range_of,
    with_line_feeds,
)

_LINE_END = re.compile(r"\r\n|\r|\n")


class Document:
    """A text that changes."""

    def __init__(self, uri: str, text: str, version: int | None = None) -> None:
        self.uri = uri
        """As the client writes it."""
        self.version = version
        self.on_disk: str | None = None
        """What the file held when the editor last read or wrote it, as far as is known."""
        self.written: str | None = None
        """What the editor last wrote, while no other program is known to have written since."""
        self.saving: types.TextDocumentSaveReason | None = None
        """Why the editor is about to write the file; None: it is not."""
        self._text = text.removeprefix(BYTE_ORDER_MARK)
        """With the newlines the client sees; everybody else reads `table`."""
        self._last_edit = no_edit()

    @cached_property
    def table(self) -> Table:
        """The text as the rest of the daemon knows it: lines, newlines normalised to LF."""
        return margins.table(with_line_feeds(self._text) if self._has_returns else self._text)

    @cached_property
    def _has_returns(self) -> bool:
        """Whether there are newlines that the rest of the daemon does not know."""
        return "\r" in self._text

    @property
    def text(self) -> str:
        """The text with LF newlines."""
        return self.table.text

    @property
    def is_saved(self) -> bool:
        """Whether the file says what the document says, unless another program has changed it."""
        return self.on_disk == self.text

    @property
    def file(self) -> str:
        """What the session calls this document: an absolute path, or the URI if it is no file."""
        return file_of(self.uri)

    def snapshot(self) -> Snapshot:
        """Return the document as it is now, to find its places again later."""
        return Snapshot(self, self.table, self._last_edit)

    def once(self, text: str) -> Snapshot:
        """Return a text that it had once as a snapshot, whose places are told as they are now."""
        since = no_edit()
        since.next = replacement(text.split("\n"), self.text.split("\n"))
        return Snapshot(self, margins.table(text), since)

    def change(
        self,
        changes: list[types.TextDocumentContentChangeEvent],
        version: int | None,
        codec: Codec,
    ) -> None:
        """Apply the client's changes in order; beyond the text is its nearest place."""
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                edit = self._replace_part(codec.range(self.table, change.range), change.text)
            else:
                edit = self._replace_all(change.text)
            self._last_edit.next = edit
            self._last_edit = edit
        self.version = version

    def _replace_part(self, range_: Range, text: str) -> Edit:
        if self._has_returns or "\r" in text:
            return self._replace_beside_returns(range_, text)
        begin, end = self.table.offset(range_.start), self.table.offset(range_.end)
        self._set_text(margins.edited(self._text, begin, end, text))
        self._has_returns = False  # as before; to look for them takes reading all of the text
        return Edit(range_.start, range_.end, range_of(text, range_.start).end)

    def _replace_beside_returns(self, range_: Range, text: str) -> Edit:
        """Replace a part where an edit may join a CR and an LF, or part them."""
        begin, end = self._offset(range_.start), self._offset(range_.end)
        self._set_text(self._text[:begin] + text + self._text[end:])
        return Edit(range_.start, range_.end, self._position(begin + len(text)))

    def _replace_all(self, text: str) -> Edit:
        old = self.text.split("\n")
        self._set_text(text.removeprefix(BYTE_ORDER_MARK))
        return replacement(old, self.text.split("\n"))

    def _set_text(self, text: str) -> None:
        self._text = text
        self.__dict__.pop("table", None)
        self.__dict__.pop("_has_returns", None)

    def _offset(self, position: Position) -> int:
        line, column = position
        if line == 0:
            return column
        ends = _LINE_END.finditer(self._text)
        return next(islice(ends, line - 1, None)).end() + column

    def _position(self, offset: int) -> Position:
        """Return the place of `offset`. Looked up, because an edit may join a CR and an LF."""
        line = start = 0
        for end in _LINE_END.finditer(self._text):
            if end.end() > offset:
                break
            line, start = line + 1, end.end()
        return self.table.clamp((line, offset - start))


class Snapshot:
    """A document as it was at one moment."""

    def __init__(self, document: Document, table: Table, last_edit: Edit) -> None:
        self.document = document
        self.table = table
        self._last_edit = last_edit
        """The last edit that is in `table`; those after it are what has happened since."""

    def position_now(self, position: Position) -> Position:
        """Return where `position` of this snapshot is in the document as it stands."""
        later = self._last_edit.next
        return position if later is None else position_after(later, position)

    def range_now(self, range_: Range) -> Range:
        """Return where `range_` of this snapshot is in the document as it stands."""
        later = self._last_edit.next
        return range_ if later is None else range_after(later, range_)


class Mark:
    """A place in a document that goes along with its edits."""

    def __init__(self, snapshot: Snapshot, range_: Range) -> None:
        self.document = snapshot.document
        self._range = range_
        self._last_edit = snapshot._last_edit
        """The last edit that `_range` has gone along with; it holds none of the texts."""

    @property
    def now(self) -> Range:
        """Where it is in the document as it stands."""
        later = self._last_edit.next
        if later is not None:
            self._range = range_after(later, self._range)
            self._last_edit = self.document._last_edit  # each edit is looked at once
        return self._range


class Documents:
    """The open documents."""

    def __init__(self) -> None:
        self._by_key: dict[str, Document] = {}
        self._by_file: dict[str, Document] = {}

    def open(self, item: types.TextDocumentItem) -> Document:
        """Take `item` as it is in the editor."""
        document = Document(item.uri, item.text, item.version)
        self._by_key[_key(item.uri)] = document
        self._by_file[document.file] = document
        return document

    def change(self, params: types.DidChangeTextDocumentParams, codec: Codec) -> Document:
        """Apply an edit made in the editor; return its document."""
        identifier = params.text_document
        document = self.get(identifier.uri)
        document.change(list(params.content_changes), identifier.version, codec)
        return document

    def close(self, uri: str) -> Document | None:
        """Forget the document and return it, if it was open."""
        document = self._by_key.pop(_key(uri), None)
        if document is not None:
            self._by_file.pop(document.file, None)
        return document

    def get(self, uri: str) -> Document:
        """Return the open document of `uri`."""
        document = self._by_key.get(_key(uri))
        if document is None:
            raise RefusedError(f"{uri} is not open in the editor. Open the file and try again.")
        return document

    def of_file(self, file: str | None) -> Document | None:
        """Return the open document that a session knows as `file`."""
        return None if file is None else self._by_file.get(file)

    def all(self) -> list[Document]:
        """Return the open documents, in the order they were opened."""
        return list(self._by_key.values())


@lru_cache(maxsize=4096)
def file_of(uri: str) -> str:
    """Return the absolute path of a `file:` URI, and any other URI as it is.

    It is asked for by everything that happens in a document, several times for each evaluation.
    """
    path = to_fs_path(uri)
    return uri if path is None else str(Path(path))


def _key(uri: str) -> str:
    return unquote(uri)  # clients differ in what they escape
