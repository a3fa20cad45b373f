"""The standard library's modules, whatever the workspace calls its own files.

The worker imports what it needs seldom only when it needs it, and by then the user's folders come
first on the path: a `traceback.py` of the workspace must not become ours.
"""

from __future__ import annotations

import os
import sys
from _thread import RLock
from importlib import import_module

from relive.worker.own import PathFirst

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

_FOLDER = os.path.dirname(os.path.abspath(os.__file__))
path_first = PathFirst(
    [entry for entry in sys.path if entry.startswith((sys.prefix, sys.base_prefix))]
)
"""While it is entered, the standard library comes first.

Taken at the worker's start, before the user's folders are on the path.
"""


_one_at_a_time = RLock()
"""Both of the worker's threads import late, and each has `sys.modules` in its hands meanwhile."""


_loaded: dict[str, ModuleType] = {}


def standard(name: str) -> Any:
    """Return the standard library's module `name`; user code still gets its own of that name."""
    if name not in _loaded:
        with _one_at_a_time:
            _loaded[name] = _load(name)
    return _loaded[name]


def _load(name: str) -> ModuleType:
    present = sys.modules.get(name)
    if present is not None and _is_standard(present):
        # By the import, which waits if another thread has only begun to load it.
        return import_module(name)
    theirs = sys.modules.pop(name, None)
    try:
        with path_first:
            ours = import_module(name)
    finally:
        if theirs is not None:
            sys.modules[name] = theirs
    if theirs is None and _is_shadowed(name) and not hasattr(ours, "__path__"):
        del sys.modules[name]  # a package stays: its modules import each other by its name
    return ours


def _is_standard(module: ModuleType) -> bool:
    file = getattr(module, "__file__", None)
    return not isinstance(file, str) or os.path.abspath(file).startswith(_FOLDER + os.sep)


def _is_shadowed(name: str) -> bool:
    return bool(sys.path) and os.path.exists(os.path.join(sys.path[0], f"{name}.py"))
