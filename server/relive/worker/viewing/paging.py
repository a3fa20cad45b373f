"""One page of a table, sorted or not. An order is worked out once and kept until code runs."""

from __future__ import annotations

from relive.worker.timelimit import OutOfTime, within
from relive.worker.viewing.cells import Cells
from relive.worker.viewing.tables import INDEX, Table, page, table_of
from relive.worker.viewing.words import NoViewError, in_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SECONDS = 20.0
"""Of sorting; it can be interrupted before, as far as the library looks for that."""
_MAX_CELLS = 50_000
_MAX_ORDERS = 2
"""Each takes eight bytes a row."""


def table_page(value: Any, message: dict[str, Any], orders: dict[Any, Any]) -> dict[str, Any]:
    """Return the rows that `message` asks for; `orders` are those known by now."""
    table = within(_SECONDS, table_of, value)
    first = min(max(message["first_column"], 0), table.columns)
    columns = range(first, min(first + message["column_count"], table.columns))
    start = min(max(message["start"], 0), table.total)
    count = min(message["count"], max(_MAX_CELLS // max(len(columns), 1), 1))
    numbers = range(start, min(start + count, table.total))
    rows: Any = slice(numbers.start, numbers.stop)
    if message["sort"] is not None:
        rows = _order(table, message, orders)[rows]
    return within(_SECONDS, page, table, Cells(), rows, columns, numbers)


def _order(table: Table, message: dict[str, Any], orders: dict[Any, Any]) -> Any:
    column, descending = message["sort"], message["descending"]
    if not INDEX <= column < table.columns:
        raise NoViewError(f"There is no column {column} to sort by.")
    key = (message["ref"], column, descending)
    if key not in orders:
        while len(orders) >= _MAX_ORDERS:
            del orders[next(iter(orders))]
        orders[key] = _sorted(table, column, descending)
    return orders[key]


def _sorted(table: Table, column: int, descending: bool) -> Any:
    try:
        if column == INDEX:
            return within(_SECONDS, table.whole_order, descending)
        return within(_SECONDS, table.order, column, descending)
    except (KeyboardInterrupt, OutOfTime):
        raise
    except BaseException as failure:  # polars raises what is no Exception
        what = "The index" if column == INDEX else f"The column {_name(table, column)}"
        raise NoViewError(f"{what} cannot be sorted: {in_words(failure)}") from None


def _name(table: Table, column: int) -> str:
    return repr(Cells().text(table.name(column)))
