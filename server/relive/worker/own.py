"""How the worker's own modules are loaded: out of reach of what user code does to the process.

Each gets a copy of the builtins as they were at the start, so that a `len` or `__import__` that is
patched later is not ours. And a module that is needed seldom can be loaded late, whatever has
become of `sys.modules` and the path by then.
"""

from __future__ import annotations

import builtins
import os
import sys
from _thread import RLock, get_ident
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Any

_PACKAGE = "relive"
_SERVER = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_private = dict(vars(builtins))
_loaded: dict[str, ModuleType] = {}
_ident, _type = get_ident, type
_find_in_path = PathFinder.find_spec
_one_at_a_time = RLock()
"""Both of the worker's threads load late, and each has `sys.modules` in its hands meanwhile."""


class _Loader(SourceFileLoader):
    """Loads as ever, but the module's builtins are the copy."""

    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__builtins__"] = _private
        super().exec_module(module)
        _loaded[module.__name__] = module


class _Finder:
    """Finds our modules and nothing else."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module of ours, None for any other; the import system's call."""
        if name.partition(".")[0] != _PACKAGE:
            return None
        spec = PathFinder.find_spec(name, [_SERVER] if path is None else path)
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(name, spec.origin)
        return spec


def own(name: str) -> Any:
    """Return our module `name`, loaded if need be."""
    if name in _loaded:
        return _loaded[name]
    with _one_at_a_time:
        return _load(name)


def _load(name: str) -> ModuleType:
    writes_none = getattr(sys, "dont_write_bytecode", False)
    sys.modules.update(_loaded)
    sys.dont_write_bytecode = False  # that is meant for the user's folders: ours load twice as fast
    try:
        with _finders_first, _path_first:
            return import_module(name)
    finally:
        sys.dont_write_bytecode = writes_none


class InFront:
    """While it is entered, `entries` come first in `sys.path` or another such list.

    What is there stays there, and what other threads do to it meanwhile: they may be importing. So
    it is these entries that are taken out again, known by the first, which nobody else may have.
    No builtins are used once it is made: user code may have patched them.
    """

    def __init__(self, name: str, entries: list[Any]) -> None:
        self._name = name
        self._entries = entries
        self._count = len(entries)
        self._entered: list[list[Any]] = []

    def __enter__(self) -> None:
        now = sys.__dict__[self._name]
        self._entered.append(now)
        now[0:0] = self._entries

    def __exit__(self, *_error: object) -> None:
        self._take_out(self._entered.pop())
        self._take_out(sys.__dict__[self._name])  # another, if it was set to one made from it

    def _take_out(self, entered: list[Any]) -> None:
        place = 0
        for entry in entered:
            if entry is self._entries[0]:
                del entered[place : place + self._count]
                return
            place += 1  # noqa: SIM113 - `enumerate` is a builtin


class PathFirst:
    """While it is entered, `entries` come before `sys.path` for imports of the thread that did.

    Another thread may be importing the user's modules meanwhile, and those must not become ours.
    """

    def __init__(self, entries: list[str]) -> None:
        self._entries = entries
        self._threads: list[int] = []
        self._in_front = InFront("meta_path", [self])

    def __enter__(self) -> None:
        self._threads.append(_ident())
        self._in_front.__enter__()

    def __exit__(self, *error: object) -> None:
        self._in_front.__exit__(*error)
        self._threads.remove(_ident())

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec that those behind would with the other path; the import system's call."""
        if path is not None or _ident() not in self._threads:
            return None
        path_now = [*self._entries, *sys.__dict__["path"]]
        for finder in [*sys.__dict__["meta_path"]]:
            if finder is PathFinder:
                spec = _find_in_path(name, path_now, target)
            elif _type(finder) is PathFirst:
                continue
            else:
                spec = finder.find_spec(name, path, target)
            if spec is not None:
                return spec
        return None


_finders_first = InFront("meta_path", [_Finder, *sys.meta_path])
_path_first = PathFirst([*sys.path])
"""As they are at the start: what our modules need of the library is found by them."""
