"""Recognises values of the user's libraries, which are never imported for that.

A class is looked up in the library's own module, if the process has that: no attribute of the value
is read, and a class that only calls itself `DataFrame` is not taken for one.
"""

from __future__ import annotations

import sys
from types import ModuleType

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
_BUILTIN = frozenset([int, float, complex, bool, str, bytes, type(None), list, tuple, dict, set])


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
