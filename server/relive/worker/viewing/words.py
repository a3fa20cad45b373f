"""Why a value cannot be shown in some way, in words."""

from __future__ import annotations

_MAX_TEXT = 500


class NoViewError(Exception):
    """The value cannot be shown so; its message says why."""


def in_words(failure: BaseException) -> str:
    """Return what an exception says, whatever its own code does."""
    try:
        return f"{type(failure).__name__}: {failure}"[:_MAX_TEXT]
    except BaseException:
        return "an exception that cannot be shown"
