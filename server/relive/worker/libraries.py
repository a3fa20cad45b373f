"""Recognises values of the user's libraries, which are never imported for that.

A class is looked up in the library's own module, if the process has that: no attribute of the value
is read, and a class that only calls itself `DataFrame` is not taken for one.
"""

from __future__ import annotations

import sys
from types import ModuleType

from relive.worker.bare import Kinds, module_of, own_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CLASSES = {
    ("numpy", "ndarray"): "numpy array",
    ("pandas", "DataFrame"): "pandas frame",
    ("pandas", "Series"): "pandas series",
    ("pandas", "Index"): "pandas index",
    ("polars", "DataFrame"): "polars frame",
    ("polars", "Series"): "polars series",
    ("torch", "Tensor"): "torch tensor",
    ("matplotlib.figure", "Figure"): "figure",
    ("matplotlib.artist", "Artist"): "artist",
    ("seaborn.axisgrid", "Grid"): "artist",
    ("plotly.basedatatypes", "BaseFigure"): "plotly figure",
    ("bokeh.models", "LayoutDOM"): "bokeh model",
    ("altair", "TopLevelMixin"): "altair chart",
}
_BUILTIN = Kinds([int, float, complex, bool, str, bytes, type(None), list, tuple, dict, set])


_METHODS_ASKED = ("__getattribute__", "__getattr__", "__getitem__", "__len__", "to_series")
_ATTRIBUTES_ASKED = ("shape", "dtype", "dtypes", "columns", "iloc", "device", "ndim", "width")
_ASKED = frozenset((*_METHODS_ASKED, *_ATTRIBUTES_ASKED, "index"))
"""What is asked of a library's data for its shape and its parts."""


def is_builtin(value: Any) -> bool:
    """Whether to look at `value` runs no code but the interpreter's, so that it needs no limit."""
    return type(value) in _BUILTIN


def kind_of(value: Any) -> str | None:
    """Return which of the kinds above `value` is, if any; costs no code but our own."""
    if is_builtin(value):
        return None
    bases = type.mro(type(value))
    for (module, name), kind in _CLASSES.items():
        loaded = sys.modules.get(module)
        if isinstance(loaded, ModuleType):
            known = vars(loaded).get(name)
            if known is not None and any(base is known for base in bases):
                return kind
    return None


def is_pandas_frame(value: Any) -> bool:
    """Whether it is a data frame of pandas' own class, and of none made from it."""
    pandas = sys.modules.get("pandas")
    return isinstance(pandas, ModuleType) and type(value) is vars(pandas).get("DataFrame")


def answers_itself(value: Any) -> bool:
    """Whether a class of somebody else's, made from a library's, answers what is asked of it."""
    known = kind_of(value)
    bases = type.mro(type(value))
    tops = {name.partition(".")[0] for (name, _), kind in _CLASSES.items() if kind == known}
    others = (base for base in bases if module_of(base).partition(".")[0] not in tops)
    return known is not None and any(
        not _ASKED.isdisjoint(own_names(base)) for base in others if base is not object
    )
