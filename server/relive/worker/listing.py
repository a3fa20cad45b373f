"""Texts of files where tracebacks and `inspect` look for them: in `linecache`, once it is loaded.

Loading it takes as long as half of the worker's own modules, and most processes that start never
show a line. So it is left to whoever needs it, and gets the texts as its import ends.
"""

from __future__ import annotations

import sys

from relive.worker.library import path_first
from relive.worker.lines import Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

    from relive.wire.texts import LateText

_MODULE = "linecache"


class Listing:
    """The texts that are shown for files, by name."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[int, None, Any, str]] = {}
        """As `linecache` has them. Without a time of change, `checkcache` leaves them alone."""
        self._cache: dict[str, Any] | None = None
        """The module's own, once it is loaded."""

    def watch(self) -> None:
        """Have the module told of the texts when it is loaded, or now if it is."""
        present = sys.modules.get(_MODULE)
        if present is None:
            sys.meta_path.insert(0, self)
        else:
            self._fill(present)

    def put(self, file: str, text: LateText) -> None:
        """Show `text` for `file` from now on."""
        entry = self._entries[file] = (len(text), None, Lines(text), file)
        if self._cache is not None:
            self._cache[file] = entry

    def drop(self, file: str) -> None:
        """Show no text for `file` any more."""
        self._entries.pop(file, None)
        if self._cache is not None:
            self._cache.pop(file, None)

    def line(self, file: str, number: int) -> str | None:
        """Return a line, from 1, of a text that is shown for `file`; None: there is none."""
        entry = self._entries.get(file)
        if entry is None or not 0 < number <= len(entry[2]):
            return None
        line: str = entry[2][number - 1]
        return line

    def _fill(self, module: ModuleType) -> None:
        self._cache = vars(module)["cache"]
        self._cache.update(self._entries)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return the module's spec with a loader that tells us; the import system's call."""
        if name != _MODULE:
            return None
        sys.meta_path.remove(self)
        with path_first:  # a file of that name in the workspace is not what others want
            specs = (finder.find_spec(name, path, target) for finder in list(sys.meta_path))
            spec = next((found for found in specs if found is not None), None)
        if spec is not None and spec.loader is not None:
            spec.loader = _Telling(spec.loader, self._fill)  # type: ignore[assignment]
        return spec


class _Telling:
    """A loader that loads as another one does, and then calls back."""

    def __init__(self, loader: Any, told: Any) -> None:
        self._loader = loader
        self._told = told

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Have it made as ever; the import system's call."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Fill it as ever, its loader being the other one; the import system's call."""
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._told(module)
