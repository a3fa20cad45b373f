"""The whole text of a value: bounded only by what an editor can take."""

from __future__ import annotations

from relive.worker.render import bounded_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MAX_TEXT = 20_000_000
_MAX_ESCAPED = 5_000_000
"""Of a text with other characters than ASCII: each takes up to twelve bytes on its way."""
_MAX_DEPTH = 50
_SECONDS = 10.0
"""Asked for by hand, it may take as long as a person waits; it can be interrupted."""


def whole_text(value: Any) -> dict[str, Any]:
    """Return the text and whether something is left out of it."""
    text, whole = bounded_repr(value, _MAX_TEXT, _SECONDS, _MAX_DEPTH)
    if len(text) > _MAX_ESCAPED and not text.isascii():
        text, whole = f"{text[:_MAX_ESCAPED]}… {len(text):,} characters in all", False
    return {"text": text, "truncated": not whole}
