"""The commands and messages about pins and doctests.

As in `protocol.py`: a field with a default may be absent.
"""

from __future__ import annotations

from typing import Literal

from lsprotocol.types import Position, Range

from relive.lsp.error_protocol import ErrorInfo
from relive.lsp.quick_attrs import message

PIN = "relive.pin"
UNPIN = "relive.unpin"
PINS = "relive.pins"
RUN_PINS = "relive.runPins"
SAVE_PINS = "relive.savePins"
PINS_CHANGED = "relive/pins"

CheckStatus = Literal["passed", "failed", "unknown"]


@message
class PinParams:
    """Argument of `relive.pin`. It needs `position`, `range` or `expression`."""

    uri: str
    position: Position | None = None
    """On a top-level expression, or an assignment: its value is meant."""
    range: Range | None = None
    """A selected expression."""
    expression: str | None = None
    """Text that need not stand in the document; it means what it would mean there."""
    expected: str | None = None
    """What it is to give, as its `repr` would say; absent: what it gives in the process now."""


@message
class UnpinParams:
    """Argument of `relive.unpin`: a pin is taken out of its file."""

    uri: str
    """The source file that it is of."""
    id: str


@message
class PinsParams:
    """Argument of `relive.pins`; the files of pins are read anew."""

    uri: str | None = None
    """One source file; absent: all that have pins, and all open documents with doctests."""


@message
class RunPinsParams:
    """Argument of `relive.runPins`."""

    uri: str | None = None
    """One source file; absent: all."""
    ids: list[str] | None = None
    """These alone."""


@message
class SavePinsParams:
    """Argument of `relive.savePins`: the pins of a file are written as a module for pytest."""

    uri: str


@message
class PinExample:
    """An example: what is run, and what is expected of it."""

    range: Range
    """In the file it is written in, with what it expects."""
    source: str
    expected: str
    """Empty: nothing is to be printed."""
    status: CheckStatus
    got: str | None = None
    """What it printed, its value included; of what raised: the traceback's last line."""
    error: ErrorInfo | None = None
    """What it raised without being expected to."""


@message
class Pin:
    """Examples that are tried together: a pin, or the examples of a docstring."""

    id: str
    kind: Literal["pin", "doctest"]
    uri: str
    """The file they are written in."""
    label: str
    """Of a pin: its expression's first line; of a doctest: the name of what it documents."""
    status: CheckStatus
    examples: list[PinExample]
    definition: str | None = None
    """What of the source file it is about, qualified, as `Class.method`."""
    at: Range | None = None
    """Of a pin: the line in the source file that it is shown at."""
    reason: str | None = None
    """Why it is not known."""
    duration_ms: float | None = None


@message
class FilePins:
    """The pins and doctests of a source file; `relive/pins` tells of each change of them."""

    uri: str
    """The source file."""
    items: list[Pin]
    pins_uri: str | None = None
    """Where its pins are written; absent: it can have none, as it is outside of all folders."""
    problem: str | None = None
    """Why its pins cannot be read: then none of them is in `items`."""
    version: int | None = None
    """The version of the document that places in it are in."""


@message
class PinsAnswer:
    """The pins and doctests of files."""

    files: list[FilePins]


@message
class PinAnswer:
    """What was pinned; or why it has to be said what is expected."""

    expression: str
    pin: Pin | None = None
    asks: str | None = None
    """Set when there is no value to pin: ask again with `expected`."""


@message
class LeftOutPin:
    """A pin that is not among the tests."""

    label: str
    why: str


@message
class SavedPins:
    """The tests that were written."""

    uri: str
    tests: int
    left_out: list[LeftOutPin]
