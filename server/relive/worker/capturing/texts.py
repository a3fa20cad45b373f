"""Which text a captured call ran, if it is still what the function runs."""

from __future__ import annotations

from relive.worker.names import nested
from relive.worker.redefine.reading.codes import same_code

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from relive.worker.image import Image


def text_of(image: Image, code: CodeType) -> list[Any] | None:
    """Return name, first line and mark of the live definition that `code` is of, or is in."""
    around = image.around(code.co_filename, code, code.co_firstlineno - 1)
    if around is None:
        return None
    live = [each for outer in around.codes for each in nested(outer)]
    if live and not any(each is code or same_code(each, code) for each in live):
        return None  # it was made from an earlier text
    return [around.name, around.line, around.fingerprint]
