"""Code of a file that runs though no module in `sys.modules` is the file's."""

from __future__ import annotations

import gc
import os
import sys
from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NOT_LOADED = "the file is not loaded in the process; evaluate it first"
_ONLY_THERE = "only modules in sys.modules are redefined"


def why_not_loaded(file: str) -> str:
    """Say why nothing of a file can be redefined that `sys.modules` has no module of."""
    return why_unlisted(file) or _NOT_LOADED


def why_unlisted(file: str) -> str | None:
    """Say why what runs of such a file cannot be redefined; None: nothing of it does."""
    scope = _scope_of(file)
    if scope is None:
        return None
    name = scope.get("__name__")
    if name in sys.modules and name != "__main__":
        return (
            f"the file's code runs, but sys.modules[{name!r}] is another object, such as one that "
            f"the file has put there itself; {_ONLY_THERE}: restart to load the new text"
        )
    return (
        "the file's code runs in a module that is not in sys.modules, as one loaded by its path "
        f"is; {_ONLY_THERE}: load it again, after putting it there"
    )


def _scope_of(file: str) -> dict[str, Any] | None:
    """Return the globals of a live function of the file, wherever they are kept."""
    base = os.path.basename(file)
    for each in gc.get_objects():
        if type(each) is FunctionType and each.__code__.co_filename.endswith(base):
            origin = each.__globals__.get("__file__")
            if type(origin) is str and os.path.realpath(origin) == os.path.realpath(file):
                return each.__globals__
    return None
