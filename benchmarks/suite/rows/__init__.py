"""The rows of the table, in its order. A row that is added has a file here, and its place below."""

import sys

from suite.frame import Row
from suite.rows import (
    big_values,
    changelog,
    checkpoints,
    heap,
    holding,
    keys,
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
    *([checkpoints.ROW] if sys.platform == "linux" else []),  # elsewhere none are made
    keys.ROW,
)
