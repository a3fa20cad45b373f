"""What cannot be changed in place, and why."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from relive.worker.redefine.reading.definitions import Definition


class Refused(Exception):  # noqa: N818 - it is an outcome, not a fault
    """The change cannot be made in place; the text says why and what to do instead."""

    definition: Definition | None = None
    """What it is about, if it is about one."""
