"""The rows of the table, in its order. A row that is added has a file here, and its place below."""

from suite.frame import Row
from suite.rows import (
    big_values,
    changelog,
    heap,
    holding,
    modules,
    printed,
    queued,
    redefined,
    restarts,
    saved,
    starts,
    trivial,
)

ALL: tuple[Row, ...] = (
    trivial.ROW,
    queued.ROW,
    starts.ROW,
    restarts.ROW,
    redefined.FLAT,
    redefined.BESIDE_OTHERS,
    saved.ROW,
    modules.ROW,
    printed.ROW,
    big_values.ROW,
    heap.ROW,
    changelog.ROW,
    holding.ROW,
    # Here: a checkpoint before each evaluation.
)
