"""What messages say of names that are being written: how they can go on, and what they are.

As in `protocol.py`: a field with a default may be absent.
"""

from __future__ import annotations

from typing import Literal

from lsprotocol.types import Position, Range

from relive.lsp.quick_attrs import message

COMPLETE = "relive.complete"
SIGNATURE = "relive.signature"
DESCRIBE = "relive.describe"

CompletionKind = Literal[
    "value", "function", "method", "class", "module", "property", "key", "column", "parameter",
    "keyword",
]  # fmt: skip
Source = Literal["live", "static"]
"""Whether the process knows it, or it follows from the text alone."""


@message
class CompleteParams:
    """Argument of `relive.complete`: how a text can go on.

    Nothing is evaluated: no property, no call. While the process is busy, it is not asked.
    """

    text: str
    position: Position
    """In the text."""
    uri: str | None = None
    """In whose module the text is meant to run; absent: the scratch module."""
    hold: int | None = None
    """With `frame`: which error that is held; absent: the innermost."""
    frame: int | None = None
    """A frame that is held, in which the text is meant to run; 0 is the innermost."""


@message
class SignatureParams(CompleteParams):
    """Argument of `relive.signature`: the call that a position is in."""


@message
class DescribeParams(CompleteParams):
    """Argument of `relive.describe`: what stands at a position."""


@message
class Completion:
    """A way for the text to go on."""

    label: str
    kind: CompletionKind
    detail: str | None
    """Its type, or a function's signature."""
    from_: Source
    insert: str | None = None
    """What is written instead of `label`, such as a key in its quotes."""


@message
class CompletionAnswer:
    """All ways that are known."""

    items: list[Completion]
    incomplete: bool
    """Whether there are others, which a longer text would find."""
    busy: bool
    """Whether the process could not be asked, because something runs in it."""
    range: Range
    """What of the text an item takes the place of."""


@message
class CallSignature:
    """How something can be called."""

    label: str
    """As `f(a, b=1)`."""
    parameters: list[str]
    """Each as it stands in `label`."""
    doc: str | None
    from_: Source
    active_parameter: int | None = None
    """The number of the one that the position is at; absent: at none."""


@message
class SignatureAnswer:
    """The signatures of what is called at the position: the process's, else the text's."""

    signatures: list[CallSignature]
    busy: bool
    incomplete: bool
    """Whether the text is still being read: who asks once more may be told."""


@message
class NameDescription:
    """What a name, or a chain of attributes and keys, stands for."""

    expression: str
    text: str
    """The value, as far as it is known without its own code; of what only the text tells, the
    definition."""
    type: str
    kind: CompletionKind
    from_: Source
    signature: str | None = None
    doc: str | None = None
    size: str | None = None
    length: int | None = None


@message
class DescribeAnswer:
    """What is known of what stands at a position."""

    found: NameDescription | None
    busy: bool
    incomplete: bool
    """As of signatures."""
    range: Range | None = None
    """Of the expression in the text."""
