"""Pins and doctests: `relive.pin` and the commands like it, and `relive/pins`."""

from __future__ import annotations

from relive.lsp import pin_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import file_of
from relive.lsp.failures import RefusedError
from relive.lsp.pins import pinning, telling
from relive.lsp.pins.board import PinBoard
from relive.lsp.pins.book import Item
from relive.lsp.pins.pinning import AsksError, place_of_pins
from relive.lsp.pins.saving import save
from relive.session.events import StateChanged, Touched
from relive.session.trying import Tried, TryRequest
from relive.source import pin_files


def register(daemon: Daemon) -> None:
    """Offer pins and doctests to the client."""
    feature = Pins(daemon)
    daemon.sessions.listen(feature.board.on_event, StateChanged, Touched)
    on_command = daemon.server.on_command
    on_command(pin_protocol.PIN, pin_protocol.PinParams, feature.pin)
    on_command(pin_protocol.UNPIN, pin_protocol.UnpinParams, feature.unpin)
    on_command(pin_protocol.PINS, pin_protocol.PinsParams, feature.pins)
    on_command(pin_protocol.RUN_PINS, pin_protocol.RunPinsParams, feature.run)
    on_command(pin_protocol.SAVE_PINS, pin_protocol.SavePinsParams, feature.save)


class Pins:
    """The commands."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self.board = PinBoard(
            daemon.sessions,
            daemon.documents,
            daemon.configuration,
            daemon.outbox.post,
            lambda book: telling.told(daemon, book),
        )

    async def pin(self, params: pin_protocol.PinParams) -> pin_protocol.PinAnswer:
        """Pin an expression with what it gives, or what is said to be expected."""
        expression = pinning.expression_of(self._daemon, params)
        book = self.board.book(params.uri)
        pin_file = place_of_pins(book.pins, params.uri)
        if params.expected is None:
            tried = await self._try(params.uri, expression)
            try:
                want = pinning.wanted(tried, self._daemon.configuration.pins.seconds)
            except AsksError as why:
                return pin_protocol.PinAnswer(expression, asks=str(why))
            pinning.pinned(pin_file, expression, want, tried)
        else:
            want = pinning.expected_by_user(params.expected)
            pinning.pinned(pin_file, expression, want, None)
        book = self.board.book(params.uri)
        item = next(each for each in book.items if _is_of(each, expression))
        await self.board.run(book, [item])
        told = telling.told(self._daemon, book)
        return pin_protocol.PinAnswer(
            expression, next(each for each in told.items if each.id == item.id)
        )

    async def unpin(self, params: pin_protocol.UnpinParams) -> None:
        """Take a pin out of its file."""
        book = self.board.book(params.uri)
        pin_file = place_of_pins(book.pins, params.uri)
        item = next((each for each in book.items if each.id == params.id), None)
        if item is None or item.kind != "pin":
            raise RefusedError("There is no such pin any more.")
        pin_file.write(pin_files.without(pin_file.read(), item.group))
        self.board.tell(self.board.book(params.uri))

    async def pins(self, params: pin_protocol.PinsParams) -> pin_protocol.PinsAnswer:
        """Return what there is, as it is written now."""
        books = self.board.books() if params.uri is None else [self.board.book(params.uri)]
        told = [self.board.tell(each) for each in books]
        shown = params.uri is not None
        return pin_protocol.PinsAnswer(
            [each for each in told if shown or each.items or each.problem]
        )

    async def run(self, params: pin_protocol.RunPinsParams) -> pin_protocol.PinsAnswer:
        """Try pins and doctests."""
        books = self.board.books() if params.uri is None else [self.board.book(params.uri)]
        told = []
        for book in books:
            items = book.of(params.ids)
            if items or params.uri is not None:
                await self.board.run(book, items)
                told.append(telling.told(self._daemon, book))
        return pin_protocol.PinsAnswer(told)

    async def save(self, params: pin_protocol.SavePinsParams) -> pin_protocol.SavedPins:
        """Write the pins of a file as tests."""
        book = self.board.book(params.uri)
        # What one prints, and what is its value, is known when it has run.
        await self.board.run(book, [each for each in book.items if each.is_untried_pin])
        return save(book, place_of_pins(book.pins, params.uri))

    async def _try(self, uri: str, expression: str) -> Tried:
        request = TryRequest(
            file_of(uri), (expression + "\n",), self._daemon.configuration.pins.seconds
        )
        return await self._daemon.sessions.of_document(uri).try_examples(request)


def _is_of(item: Item, expression: str) -> bool:
    return item.kind == "pin" and item.group.sources.strip() == expression.strip()
