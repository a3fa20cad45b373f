"""What messages say of results that are no longer true, and of running them again.

As in `protocol.py`: a field with a default may be absent.
"""

from __future__ import annotations

from lsprotocol.types import Range

from relive.lsp.protocol import Evaluation, Redefinition
from relive.lsp.quick_attrs import message

STALE = "relive/stale"
FRESH = "relive/fresh"
EVALUATED = "relive/evaluated"


@message
class StaleParams:
    """`relive/stale`: results that are no longer true, as what they came from is another now."""

    uri: str
    results: list[str]
    """By `StatementResult.id`. One that is stale for another reason than before comes again."""
    reasons: list[str]
    """Of each why, in words, as "`rate` was assigned again"."""


@message
class FreshParams:
    """`relive/fresh`: results that were stale, and are true again."""

    uri: str
    results: list[str]


@message
class EvaluatedParams:
    """`relive/evaluated`: an evaluation has ended that this client has not asked for."""

    uri: str | None
    """The document whose text ran; null for text that stands in none."""
    token: str
    """That of its other notifications."""
    evaluation: Evaluation


@message
class LeftCode:
    """Code that was not run again, or a name that was left, and is not what a fresh run gives."""

    uri: str
    range: Range
    why: str


@message
class Rerun:
    """What was run again, in this order, and what could not be."""

    ran: list[Evaluation]
    left: list[LeftCode]


@message
class UpToDate:
    """What brought a file up to date."""

    redefinition: Redefinition | None
    """Null: the process had not loaded the file."""
    ran: list[Evaluation]
    left: list[LeftCode]
    needs_restart: bool
    """Whether only a fresh process can give what a fresh run of the file would."""
