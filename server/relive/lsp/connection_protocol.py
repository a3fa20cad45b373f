"""What messages say of the other connections that a daemon serves.

As in `protocol.py`: a field with a default may be absent.
"""

from __future__ import annotations

from lsprotocol.types import Range

from relive.lsp.error_protocol import ErrorInfo
from relive.lsp.protocol import OutputParams, StatementResult
from relive.lsp.quick_attrs import message

ASKED = "relive/asked"
SHOWN = "relive.shown"
SHUT_DOWN = "relive.shutDown"


@message
class ShutDownParams:
    """Argument of `relive.shutDown`: the daemon ends, with all its sessions and connections."""


@message
class AskedParams:
    """`relive/asked`: another connection has asked for an evaluation, or has it go on."""

    id: int
    token: str
    """That of its progress, output and results, and of the `relive/evaluated` that it ends with:
    `other:<connection>:<id>`, or what it was asked for with by this client, if that was held."""
    text: str
    """The code, the first 10,000 characters of it."""
    uri: str | None
    """The file in whose module it runs; null: the scratch module."""
    range: Range | None
    """Where it stood in that file; null: it stands in none."""


@message
class ShownParams:
    """Argument of `relive.shown`: the results that stand in open documents."""

    uri: str | None = None
    """One document; absent: all."""


@message
class ShownResult:
    """What a statement gave that still stands there, where that is by now."""

    id: str
    """By `StatementResult.id`; of a statement that failed, what that would have been."""
    uri: str
    evaluation: int
    token: str
    """What `relive/resolved` calls it by."""
    range: Range
    result: StatementResult | None
    """Null: it failed."""
    error: ErrorInfo | None
    stale: str | None
    """Why it is not true any more, in words; null: it is."""
    at: float
    """When it came, in seconds since 1970."""
    version: int | None
    """The version of the document that `range` is in."""
    died: bool | None = None
    """Present: the process ended in it, as `error` says."""


@message
class Shown:
    """What a client that was not there has missed."""

    results: list[ShownResult]
    output: list[OutputParams]
    """What was written while nobody had the session: told once."""
    output_dropped: int
    """Characters of it before those, which were not kept."""
