"""What can be told of a value at a glance, beside its text: at most its shape is asked for."""

from __future__ import annotations

from relive.worker.bare import Kinds
from relive.worker.libraries import is_builtin, kind_of
from relive.worker.parts import has_parts
from relive.worker.timelimit import within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_MAX_TEXT = 160
_SHOWN_COLUMNS = 6
_LOOKED_AT = 20
"""Rows of a list that show whether it is one of records."""
_LISTS, _ROWS = Kinds([list, tuple]), Kinds([dict, tuple, list])


def glance(value: Any, seconds: float) -> dict[str, Any]:
    """Return the summary, and whether there is a table and parts; nothing where it fails."""
    try:
        return _glance(value) if is_builtin(value) else within(seconds, _glance, value)
    except BaseException:  # a library's value may be half made, or the user stops it
        return {"summary": None, "has_table": False, "has_children": False}


def _glance(value: Any) -> dict[str, Any]:
    kind = kind_of(value) or ""
    summary = _SUMMARIES.get(kind)
    return {
        "summary": None if summary is None else summary(value)[:_MAX_TEXT],
        "has_table": has_table(value),
        "has_children": has_parts(value),
    }


def has_table(value: Any) -> bool:
    """Whether it can be shown as rows."""
    kind = kind_of(value) or ""
    return kind in _TABLES or _is_flat_array(value, kind) or is_records(value)


def is_records(value: Any) -> bool:
    """Whether `value` is a list of records: of dicts, tuples or lists of one and the same shape."""
    if type(value) not in _LISTS or not value:
        return False
    first = value[0]
    if type(first) not in _ROWS or not first:
        return False
    shape = _shape_of(first)
    return all(type(row) is type(first) and _shape_of(row) == shape for row in value[:_LOOKED_AT])


def _shape_of(row: Any) -> Any:
    """Return the keys, if they are texts, or the length."""
    if type(row) is not dict:
        return len(row)
    return list(row) if all(type(key) is str for key in row) else [object()]


def _is_flat_array(value: Any, kind: str) -> bool:
    return kind == "numpy array" and 1 <= value.ndim <= 2


_TABLES = frozenset(["pandas frame", "pandas series", "polars frame", "polars series"])


def _pandas_frame(value: Any) -> str:
    dtypes = value.dtypes.iloc[:_SHOWN_COLUMNS]  # a slice of the frame itself may copy it
    return _frame(value, zip(dtypes.index, dtypes.array))


def _polars_frame(value: Any) -> str:
    first = value[:0, :_SHOWN_COLUMNS]
    return _frame(value, zip(first.columns, first.dtypes))


def _frame(value: Any, shown: Iterable[tuple[Any, Any]]) -> str:
    size = _table_extent(value)
    names = [f"{name} {dtype}" for name, dtype in shown]
    more = ["…"] if value.shape[1] > len(names) else []
    told = f": {', '.join(names + more)}" if names else ""
    return f"{type(value).__name__} {size}{told}"


def _series(value: Any) -> str:
    return f"{type(value).__name__} {_rows_extent(value)} {value.dtype}"


def _array(value: Any) -> str:
    return f"{value.dtype} {tuple(value.shape)}"


def _tensor(value: Any) -> str:
    place = "" if str(value.device) == "cpu" else f" on {value.device}"
    return f"{str(value.dtype).partition('.')[2]} {tuple(value.shape)}{place}"


def extent(value: Any) -> str | None:
    """Return how large a library's value is, in words; None: it is none."""
    told = _EXTENTS.get(kind_of(value) or "")
    return None if told is None else told(value)[:_MAX_TEXT]


def _table_extent(value: Any) -> str:
    rows, columns = value.shape
    return f"{rows:,} {_plural('row', rows)} × {columns:,} {_plural('column', columns)}"


def _rows_extent(value: Any) -> str:
    return f"{len(value):,} {_plural('row', len(value))}"


def _shape_extent(value: Any) -> str:
    return " × ".join(f"{each:,}" for each in value.shape) or "a single number"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


_SUMMARIES: dict[str, Callable[[Any], str]] = {
    "pandas frame": _pandas_frame,
    "pandas series": _series,
    "pandas index": _series,
    "polars frame": _polars_frame,
    "polars series": _series,
    "numpy array": _array,
    "torch tensor": _tensor,
}

_EXTENTS: dict[str, Callable[[Any], str]] = {
    "pandas frame": _table_extent,
    "pandas series": _rows_extent,
    "pandas index": _rows_extent,
    "polars frame": _table_extent,
    "polars series": _rows_extent,
    "numpy array": _shape_extent,
    "torch tensor": _shape_extent,
}
