"""pandas and NumPy: accessors, and functions that frames and arrays call."""

from __future__ import annotations

import pytest

from packages.conftest import OpenModule
from packages.live import Edit

APP = """\
import numpy as np
import pandas as pd
from pandas.api.extensions import register_dataframe_accessor, register_series_accessor


@register_dataframe_accessor("shop")
class Shop:
    unit = "EUR"

    def __init__(self, frame):
        self.frame = frame

    def total(self):
        return int(self.frame["price"].sum())

    @property
    def label(self):
        return f"{self.total()} {self.unit}"


@register_series_accessor("half")
class Half:
    def __init__(self, series):
        self.series = series

    def __call__(self):
        return (self.series / 2).tolist()


class Prices(pd.Series):
    @property
    def _constructor(self):
        return Prices

    def dearest(self):
        return int(self.max())


def tax(row):
    return row["price"] * 2


def add(frame, amount=1):
    return int(frame["price"].sum()) + amount


def spread(values):
    return int(values.max() - values.min())


def step(x):
    return x + 1


def plus(x, y):
    return x + y


class Tagged(np.ndarray):
    def __array_finalize__(self, source):
        self.tag = getattr(source, "tag", "none")

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        plain = [np.asarray(each) for each in inputs]
        return ufunc.__name__, getattr(ufunc, method)(*plain, **kwargs).tolist()

    def double(self):
        return "double"


steps = np.vectorize(step)
adds = np.frompyfunc(plus, 2, 1)


@np.vectorize
def sign(x):
    return 1 if x > 0 else 0
"""

ALIVE = """
frame = pd.DataFrame({"kind": ["a", "a", "b"], "price": [1, 2, 4]})
shop, series, held = frame.shop, frame["price"], frame.shop.total
prices = Prices([1, 5])
array = np.array([1, 2])
tagged = array.view(Tagged)
series.half()
tagged.tag
"""

EDITS = {
    "accessor's method": Edit(
        'self.frame["price"].sum()',
        'self.frame["price"].max()',
        "frame.shop.total(), held(), shop.label",
        "(4, 4, '4 EUR')",
    ),
    "accessor's method by name": Edit(
        'self.frame["price"].sum()',
        'self.frame["price"].max()',
        "frame.shop.total(), held(), shop.label",
        "(4, 4, '4 EUR')",
        "Shop.total",
    ),
    "accessor's property": Edit(
        "{self.total()} {self.unit}", "{self.unit} {self.total()}", "frame.shop.label", "'EUR 7'"
    ),
    "accessor's method added": Edit(
        "    @property\n    def label",
        "    def count(self):\n        return len(self.frame)\n\n    @property\n    def label",
        "frame.shop.count(), shop.count()",
        "(3, 3)",
    ),
    "accessor's attribute": Edit(
        'unit = "EUR"',
        'unit = "USD"',
        "frame.shop.label, shop.label, pd.DataFrame({'price': [1]}).shop.label, type(pd.DataFrame().shop) is Shop",
        "('7 USD', '7 USD', '1 USD', True)",
    ),
    "accessor of a series": Edit(
        "self.series / 2", "self.series / 4", "series.half()", "[0.25, 0.5, 1.0]"
    ),
    "subclass of a series": Edit(
        "int(self.max())", "-int(self.max())", "prices.dearest(), prices[:1].dearest()", "(-5, -1)"
    ),
    "apply": Edit(
        'row["price"] * 2', 'row["price"] * 3', "frame.apply(tax, axis=1).tolist()", "[3, 6, 12]"
    ),
    "pipe": Edit("amount=1", "amount=10", "frame.pipe(add)", "17"),
    "aggregate": Edit(
        "values.max() - values.min()",
        "values.max() + values.min()",
        "frame.groupby('kind')['price'].agg(spread).tolist(), frame['price'].rolling(2).apply(spread).tolist()[1:]",
        "([3, 8], [3.0, 6.0])",
    ),
    "map": Edit("return x + 1", "return x + 10", "series.map(step).tolist()", "[11, 12, 14]"),
    "vectorize": Edit("return x + 1", "return x + 10", "steps(array).tolist()", "[11, 12]"),
    "vectorize as a decorator": Edit(
        "1 if x > 0 else 0", "5 if x > 1 else 0", "sign(array).tolist()", "[0, 5]"
    ),
    "frompyfunc": Edit("return x + y", "return x * y", "adds.reduce(np.array([2, 3, 4]))", "24"),
    "array subclass": Edit(
        "return ufunc.__name__,", "return 'seen',", "tagged + 1", "('seen', [2, 3])"
    ),
    "array_finalize": Edit('"tag", "none"', '"tag", "new"', "array.view(Tagged).tag", "'new'"),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_frames_and_arrays_follow(program: OpenModule, edit: Edit) -> None:
    program(APP, ALIVE).follows(edit)


USED = """
import numpy as np
import pandas as pd
frame = pd.DataFrame({"price": [1, 2, 4]})
top, trim = frame.head, np.trim_zeros
len(top(2))
"""
INSIDE = {
    "pandas.core.generic": Edit(
        "        return self.iloc[:n]\n",
        "        return self.iloc[: n + 1]\n",
        "len(top(1)), len(frame['price'].head(2))",
        "(2, 3)",
        "NDFrame.head",
    ),
    "pandas.core.reshape.concat": Edit(
        "    return op.get_result()\n",
        "    return len(op.get_result())\n",
        "pd.concat([frame, frame])",
        "6",
    ),
    "numpy.lib._function_base_impl": Edit(
        "    trimmed = filt[sl]\n",
        "    trimmed = filt[sl] * 2\n",
        "np.trim_zeros(np.array([0, 1])), trim([0, 3])",
        "(array([2]), [3, 3])",
        "trim_zeros",
    ),
}


@pytest.mark.parametrize(("module", "edit"), INSIDE.items(), ids=INSIDE)
def test_inside_pandas_and_numpy(library: OpenModule, module: str, edit: Edit) -> None:
    library(module, USED).follows_there_and_back(edit)
