"""Pins and doctests as the client takes them."""

from __future__ import annotations

from lsprotocol import types

from relive.lsp import convert, pin_protocol
from relive.lsp.convert import Places
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document
from relive.lsp.pins.book import Book, Item
from relive.session.answers import file_uri
from relive.session.judging import Check
from relive.source.definitions import find
from relive.source.doctests import Example
from relive.source.forms import top_level_forms
from relive.source.positions import LineTable, Position, Range


def told(daemon: Daemon, book: Book) -> pin_protocol.FilePins:
    """Return what the client is told of a source file."""
    document = daemon.documents.of_file(book.file) or Document("", book.text)
    places = daemon.places(document.snapshot())
    pins_uri = None if book.pins is None else file_uri(str(book.pins.path))
    teller = _Teller(daemon, book, places, pins_uri or book.uri)
    return pin_protocol.FilePins(
        uri=book.uri,
        items=[teller.pin(each) for each in book.items],
        pins_uri=pins_uri,
        problem=book.problem,
        version=places.version,
    )


class _Teller:
    """Tells of the items of one file."""

    def __init__(self, daemon: Daemon, book: Book, places: Places, pins_uri: str) -> None:
        self._codec = daemon.codec
        self._book = book
        self._places = places
        self._pins_uri = pins_uri
        self._table = LineTable(book.text)

    def pin(self, item: Item) -> pin_protocol.Pin:
        is_pin, verdict = item.kind == "pin", item.verdict
        pairs = zip(item.group.examples, verdict.checks, strict=True)
        at = _shown_at(item, self._book.text) if is_pin else None
        return pin_protocol.Pin(
            id=item.id,
            kind=item.kind,
            uri=self._pins_uri if is_pin else self._book.uri,
            label=item.group.name or "the module",
            status=verdict.status,
            examples=[self._example(*pair) for pair in pairs],
            definition=item.definition,
            at=None if at is None else self._range(Range(at, at)),
            reason=verdict.reason,
            duration_ms=None if verdict.status == "unknown" else verdict.duration_ms,
        )

    def _example(self, example: Example, check: Check) -> pin_protocol.PinExample:
        # Whole lines: columns are the same however they are counted.
        range_ = types.Range(types.Position(example.line, 0), types.Position(example.end, 0))
        return pin_protocol.PinExample(
            range=range_,
            source=example.source.rstrip("\n"),
            expected=example.want,
            status=check.status,
            got=check.got,
            error=None if check.error is None else convert.error(check.error, self._places),
        )

    def _range(self, range_: Range) -> types.Range:
        return self._codec.range_to_client(self._table, range_)


def _shown_at(item: Item, text: str) -> Position | None:
    """Return where a pin is shown: at the definition it is of, else where its expression stands."""
    found = None if item.definition is None else find(text, item.definition)
    if found is not None:
        return found.header
    source = item.group.examples[-1].source.strip()
    table = LineTable(text)
    forms = (each for each in top_level_forms(text) if table.slice(each.range).strip() == source)
    return next((each.range.start for each in forms), None)
