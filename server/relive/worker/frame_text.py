"""What a data frame of pandas says of itself, as pandas does, but laid out once.

Where pandas takes itself to be in a terminal, as in a plain interpreter, it lays a frame out, looks
whether that is too wide, and lays it out again, narrower or not. That takes longer than all else
that an evaluation takes. Of a frame that is narrow enough the first time is what it would say.
"""

from __future__ import annotations

import sys
from types import FunctionType, ModuleType

from relive.worker.bare import own_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FORMATS = "pandas.io.formats.format"
_NARROW = 8
"""Columns up to which a frame is likely to be narrow enough: if it is not, that was in vain."""
_ASKING = {"get_dataframe_repr_params", "to_string"}
_KNOWN = _ASKING | {"_info_repr", "StringIO", "info", "getvalue", "fmt"}
"""What the `__repr__` of pandas calls: one that calls anything else may say something else."""
_repr = repr  # bound now: user code may replace the builtin


def frame_text(frame: Any) -> str:
    """Return what `repr` would of a data frame."""
    try:
        text = _laid_out_once(frame) if _says_as_known(type(frame)) else None
    except Exception:  # another pandas than those known; or its `repr` fails as well
        text = None
    return _repr(frame) if text is None else text


def _laid_out_once(frame: Any) -> str | None:
    """Return its text; None: it is not told as one table, or may be too wide for that."""
    pandas = sys.modules["pandas"]
    asked = sys.modules[_FORMATS].get_dataframe_repr_params()
    is_fitted = asked["max_cols"] == 0 and asked["line_width"] is not None
    is_one = is_fitted and pandas.get_option("display.large_repr") == "truncate"
    if not is_one or frame.shape[1] > _NARROW:
        return None
    text: str = frame.to_string(**{**asked, "line_width": None})
    return text if max(map(len, text.split("\n"))) < _terminal_width() else None


def _terminal_width() -> int:
    """Return what pandas fits a frame into; it has loaded what tells that."""
    width: int = sys.modules["shutil"].get_terminal_size()[0]
    return width


def _says_as_known(kind: type) -> bool:
    """Whether its `__repr__` is the one that pandas defines, and does what is known of that."""
    said = own_names(kind).get("__repr__")
    if type(said) is not FunctionType or type(sys.modules.get(_FORMATS)) is not ModuleType:
        return False
    return _ASKING <= {*said.__code__.co_names} <= _KNOWN
