"""The whole text of a value: bounded only by what an editor can take.

Arrays and frames leave out of their own `repr` what does not fit on a screen; here they are asked
for all of it, up to a number of cells.
"""

from __future__ import annotations

import sys

from relive.worker.libraries import kind_of
from relive.worker.render import bounded_repr
from relive.worker.timelimit import within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_MAX_TEXT = 20_000_000
_MAX_ESCAPED = 5_000_000
"""Of a text with other characters than ASCII: each takes up to twelve bytes on its way."""
_MAX_DEPTH = 50
_MAX_CELLS = 50_000
"""Of an array or a frame: libraries take up to a tenth of a millisecond for each."""
_SECONDS = 10.0
"""Asked for by hand, it may take as long as a person waits; it can be interrupted."""


def whole_text(value: Any) -> dict[str, Any]:
    """Return the text and whether something is left out of it."""
    make = _WHOLE.get(kind_of(value) or "")
    if make is None:
        text, whole = bounded_repr(value, _MAX_TEXT, _SECONDS, _MAX_DEPTH)
    else:
        text, whole = within(_SECONDS, make, value)
    if len(text) > _MAX_ESCAPED and not text.isascii():
        text, whole = f"{text[:_MAX_ESCAPED]}… {len(text):,} characters in all", False
    elif len(text) > _MAX_TEXT + _MAX_DEPTH:
        text, whole = f"{text[:_MAX_TEXT]}… {len(text):,} characters in all", False
    return {"text": text, "truncated": not whole}


def _pandas(value: Any) -> tuple[str, bool]:
    rows, columns = len(value), value.shape[1] if len(value.shape) > 1 else 1
    if not rows or not columns:
        return str(repr(value)), True
    kept = _rows(columns)
    return _with_count(value.iloc[:kept].to_string(), kept, rows)


def _polars(value: Any) -> tuple[str, bool]:
    rows, columns = len(value), value.shape[1] if len(value.shape) > 1 else 1
    kept = _rows(columns)
    config = sys.modules["polars"].Config
    with config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=10_000, fmt_str_lengths=10_000):
        return _with_count(str(value[:kept]), kept, rows)


def _array(value: Any) -> tuple[str, bool]:
    options = sys.modules["numpy"].printoptions
    if value.size <= _MAX_CELLS:
        with options(threshold=_MAX_CELLS + 1):
            return str(repr(value)), True
    kept = _rows(value.size // len(value))
    with options(threshold=sys.maxsize):
        return _with_count(str(repr(value[:kept])), kept, len(value))


def _rows(columns: int) -> int:
    return max(_MAX_CELLS // max(columns, 1), 1)


def _with_count(text: str, kept: int, rows: int) -> tuple[str, bool]:
    whole = kept >= rows
    return text if whole else f"{text}\n… {rows:,} rows in all, of which these are {kept:,}", whole


_WHOLE: dict[str, Callable[[Any], tuple[str, bool]]] = {
    "pandas frame": _pandas,
    "pandas series": _pandas,
    "polars frame": _polars,
    "polars series": _polars,
    "numpy array": _array,
}
