"""A long list and a long data frame as values: what showing them takes more than showing `1+1`."""

from __future__ import annotations

from suite.frame import Comparison, Contender, Place, Row
from suite.relive_ways import evaluating

_FRAME = """
import numpy, pandas
frame = pandas.DataFrame({'a': numpy.arange(1_000_000), 'b': numpy.random.rand(1_000_000)})
"""


def _contenders(place: Place) -> dict[str, Contender]:
    return {
        "`1+1`": evaluating(place, "1+1"),
        "list": evaluating(place, "long", "long = list(range(10_000_000))"),
        "data frame": evaluating(place, "frame", _FRAME),
    }


ROW = Row(
    "values",
    "a list of 10 million, a frame of 1 million rows as value",
    _contenders,
    (
        Comparison("list", "`1+1`", at_most=2, unit="ms"),
        Comparison("data frame", "`1+1`", at_most=2, unit="ms"),
    ),
    rounds=60,
)
