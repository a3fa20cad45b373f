"""Imports of the workspace's modules: the text of each is kept as it is imported.

By the import system's own extension point, and only for folders of the workspace: imports of
installed packages cost what they always do.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import (
    BYTECODE_SUFFIXES,
    EXTENSION_SUFFIXES,
    SOURCE_SUFFIXES,
    ExtensionFileLoader,
    FileFinder,
    SourceFileLoader,
    SourcelessFileLoader,
)
from time import time

from relive.worker.compiling import imported_user

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType

    from relive.worker.sources import Sources

    Finish = Callable[[ModuleType], None]
    MadeFor = Callable[[str], ModuleType | None]

_OTHER_LOADERS = (
    (ExtensionFileLoader, EXTENSION_SUFFIXES),
    (SourcelessFileLoader, BYTECODE_SUFFIXES),
)
_TOLD_APART_S = 2.0
"""How old a file is when its next text will have another time."""


def watch_imports(sources: Sources, made_for: MadeFor, finish: Finish) -> None:
    """Have `sources` told of each workspace module that is imported from now on.

    `made_for` a file there may be a module already, which an import is to `finish`.
    """
    loader = _recording_loader(sources, made_for, finish)

    def hook(path: str) -> FileFinder:
        if not (os.path.isdir(path) and sources.workspace.owns(path)):
            raise ImportError("not a folder of the workspace")
        return FileFinder(path, *_OTHER_LOADERS, (loader, SOURCE_SUFFIXES))

    sys.path_hooks.insert(0, hook)
    sys.path_importer_cache.clear()


def _recording_loader(
    sources: Sources, made_for: MadeFor, finish: Finish
) -> type[SourceFileLoader]:
    class RecordingLoader(SourceFileLoader):
        """Loads as ever, and notes the text first: the file may change afterwards."""

        _loading = False

        def get_code(self, fullname: str) -> CodeType | None:
            code: CodeType | None = super().get_code(fullname)
            if self._loading and code is not None:
                code = imported_user(code, sources.loaded(self.path) or "")
                sources.set_code(self.path, fullname, code)
            return code

        def _cache_bytecode(self, source_path: str, bytecode_path: str, data: bytes) -> None:
            # It is told from that of the next text by the file's time, in seconds, and length.
            if time() - os.stat(source_path).st_mtime > _TOLD_APART_S:
                super()._cache_bytecode(source_path, bytecode_path, data)  # type: ignore[misc]

        def create_module(self, spec: ModuleSpec) -> ModuleType | None:
            return made_for(self.path)

        def exec_module(self, module: ModuleType) -> None:
            if module is made_for(self.path):
                return finish(module)
            try:
                name = module.__name__
                sources.set_loaded(self.path, name, self.get_source(name) or "")
            except (OSError, ImportError):
                pass  # the import itself is about to say what is wrong
            self._loading = True
            super().exec_module(module)
            self._loading = False
            sources.note_made(self.path, module)
            return None

    return RecordingLoader
