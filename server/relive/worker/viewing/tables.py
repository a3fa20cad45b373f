"""Values that are tables: what their columns are, some of their rows, and the order of all of them.

Only the rows that are asked for are taken out and made text of, so a table of ten million rows
opens as one of ten does. Rows are asked for by a slice, or by an array of positions when sorted.
"""

from __future__ import annotations

import sys
from math import isnan

from relive.worker.glances import is_records
from relive.worker.libraries import kind_of
from relive.worker.viewing.words import NoViewError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from relive.worker.viewing.cells import Cells

INDEX = -1
"""In the place of a column's number."""
_ABSENT = object()


class Table:
    """What all tables have: rows without labels, unless they say otherwise."""

    total = 0
    columns = 0
    """How many there are of each."""
    index_names: tuple[Any, ...] = (None,)

    def name(self, column: int) -> Any:
        """Return what a column is called."""
        return column

    def dtype(self, column: int) -> Any:
        """Return what it holds."""
        return ""

    def is_numeric(self, column: int) -> bool:
        """Whether it holds numbers."""
        return getattr(self.dtype(column), "kind", "O") in "iufc"

    def labels(self, rows: Any) -> Iterable[tuple[Any, ...]]:
        """Return the labels of some rows, one for each level of the index."""
        positions = range(self.total)[rows] if type(rows) is slice else rows
        return [(int(position),) for position in positions]

    def cells(self, rows: Any, column: int) -> Iterable[Any]:
        """Return the cells of some rows in one column."""
        raise NotImplementedError

    def order(self, column: int, descending: bool) -> Any:
        """Return the positions of all rows, sorted; what is missing comes last."""
        raise NotImplementedError

    def whole_order(self, descending: bool) -> Any:
        """Return the positions by the index, which is the order there is."""
        positions = range(self.total)
        return positions[::-1] if descending else positions


class PandasTable(Table):
    """A data frame, or a series as its only column."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self.total, self.columns = frame.shape
        self.index_names = tuple(frame.index.names)

    def name(self, column: int) -> Any:
        """See Table."""
        label = self._frame.columns[column]
        return " / ".join(map(str, label)) if type(label) is tuple else label

    def dtype(self, column: int) -> Any:
        """See Table."""
        return self._frame.dtypes.iloc[column]

    def labels(self, rows: Any) -> Iterable[tuple[Any, ...]]:
        """See Table."""
        index = self._frame.index
        labels = index[rows]
        return list(labels) if index.nlevels > 1 else [(label,) for label in labels]

    def cells(self, rows: Any, column: int) -> Iterable[Any]:
        """See Table."""
        cells: Iterable[Any] = self._frame.iloc[rows, column].array
        return cells

    def order(self, column: int, descending: bool) -> Any:
        """See Table."""
        series = sys.modules["pandas"].Series(self._frame.iloc[:, column].array)
        ordered = series.sort_values(ascending=not descending, kind="stable", na_position="last")
        return ordered.index.to_numpy()

    def whole_order(self, descending: bool) -> Any:
        """See Table."""
        positions = sys.modules["pandas"].Series(range(self.total), index=self._frame.index)
        ordered = positions.sort_index(ascending=not descending, kind="stable")
        return ordered.to_numpy()


class PolarsTable(Table):
    """A data frame of polars, or a series as its only column."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame
        self.total, self.columns = frame.shape

    def name(self, column: int) -> Any:
        """See Table."""
        return self._frame.columns[column]

    def dtype(self, column: int) -> Any:
        """See Table."""
        return self._frame.dtypes[column]

    def is_numeric(self, column: int) -> bool:
        """See Table."""
        return bool(self.dtype(column).is_numeric())

    def cells(self, rows: Any, column: int) -> Iterable[Any]:
        """See Table."""
        cells: Iterable[Any] = self._frame.to_series(column)[rows].to_list()
        return cells

    def order(self, column: int, descending: bool) -> Any:
        """See Table."""
        return self._frame.to_series(column).arg_sort(descending=descending, nulls_last=True)


class ArrayTable(Table):
    """An array of one or two dimensions; the fields of its records are columns."""

    def __init__(self, array: Any) -> None:
        self._array = array
        self._fields = array.dtype.names if array.ndim == 1 else None
        self.total = array.shape[0]
        self.columns = array.shape[1] if array.ndim == 2 else len(self._fields or (0,))

    def name(self, column: int) -> Any:
        """See Table."""
        return self._fields[column] if self._fields else column

    def dtype(self, column: int) -> Any:
        """See Table."""
        return self._column(column).dtype

    def cells(self, rows: Any, column: int) -> Iterable[Any]:
        """See Table."""
        cells: Iterable[Any] = self._column(column)[rows]
        return cells

    def order(self, column: int, descending: bool) -> Any:
        """See Table."""
        cells = self._column(column)
        order = cells.argsort(kind="stable")
        if not descending:
            return order
        missing = int((cells != cells).sum())  # noqa: PLR0124 - NaN, which comes last and stays there
        known = self.total - missing
        return sys.modules["numpy"].concatenate([order[:known][::-1], order[known:]])

    def _column(self, column: int) -> Any:
        if self._fields:
            return self._array[self._fields[column]]
        return self._array[:, column] if self._array.ndim == 2 else self._array


class RecordTable(Table):
    """A list of dicts, or of tuples or lists of one length."""

    def __init__(self, rows: Any) -> None:
        self._rows = rows
        first = rows[0]
        self._keys = list(first) if type(first) is dict else list(range(len(first)))
        self.total, self.columns = len(rows), len(self._keys)

    def name(self, column: int) -> Any:
        """See Table."""
        return self._keys[column]

    def dtype(self, column: int) -> Any:
        """See Table."""
        return type(self._cell(self._rows[0], column)).__name__

    def is_numeric(self, column: int) -> bool:
        """See Table."""
        return type(self._cell(self._rows[0], column)) in (int, float, complex)

    def cells(self, rows: Any, column: int) -> Iterable[Any]:
        """See Table."""
        chosen = self._rows[rows] if type(rows) is slice else [self._rows[n] for n in rows]
        found = [self._cell(row, column) for row in chosen]
        return ["" if cell is _ABSENT else cell for cell in found]

    def order(self, column: int, descending: bool) -> Any:
        """See Table."""
        cells = [self._cell(row, column) for row in self._rows]
        missing = [n for n, cell in enumerate(cells) if _is_missing(cell)]
        known = [n for n, cell in enumerate(cells) if not _is_missing(cell)]
        return sorted(known, key=cells.__getitem__, reverse=descending) + missing

    def _cell(self, row: Any, column: int) -> Any:
        key = self._keys[column]
        if type(row) is dict:
            return row.get(key, _ABSENT)
        fits = type(row) in (tuple, list) and type(key) is int and key < len(row)
        return row[key] if fits else _ABSENT


def _is_missing(cell: Any) -> bool:
    return cell is None or cell is _ABSENT or (type(cell) is float and isnan(cell))


_KINDS: dict[str, Callable[[Any], Table]] = {
    "pandas frame": PandasTable,
    "pandas series": lambda series: PandasTable(series.to_frame()),
    "polars frame": PolarsTable,
    "polars series": lambda series: PolarsTable(series.to_frame()),
    "numpy array": ArrayTable,
}


def table_of(value: Any) -> Table:
    """Return `value` as a table.

    Raises:
        NoViewError: it is none.
    """
    make = _KINDS.get(kind_of(value) or "")
    if make is ArrayTable and not 1 <= value.ndim <= 2:
        raise NoViewError(f"An array of {value.ndim} dimensions is no table.")
    if make is None and is_records(value):
        make = RecordTable
    if make is None:
        raise NoViewError("This value is no table.")
    return make(value)


def page(table: Table, cells: Cells, rows: Any, columns: range, numbers: range) -> dict[str, Any]:
    """Return a page of `table`: those `rows`, which are at `numbers` of those sorted."""
    texts = [cells.texts(table.cells(rows, column)) for column in columns]
    return {
        "columns": [
            {
                "name": cells.text(table.name(column)),
                "dtype": cells.text(str(table.dtype(column))),
                "numeric": table.is_numeric(column),
            }
            for column in columns
        ],
        "total_columns": table.columns,
        "index_names": ["" if name is None else cells.text(name) for name in table.index_names],
        "index": [cells.texts(label) for label in table.labels(rows)],
        "rows": [list(row) for row in zip(*texts)] if texts else [[] for _ in numbers],
        "total": table.total,
    }
