"""What user code sends to processes that import its modules anew, and would not find there.

A process that `multiprocessing` spawns, rather than forks, gets functions and classes by name and
imports their modules from disk. A definition that stands only in unsaved text, or in no file, it
cannot find, and a pool would start one such process after another for ever. So that is refused,
with the reason, where the definition is sent.

How a spawn is noticed: to prepare the new process, `multiprocessing` asks the module `__main__` for
its spec. The one we put there answers, and from then on what is pickled for processes is looked at.
"""

from __future__ import annotations

import os
import sys
from types import FunctionType, ModuleType

from relive.worker.namespace import SCRATCH
from relive.worker.own import own
from relive.worker.sources import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.late_image import LateImage

    Marks = dict[str, list[str]]


class SpawnedImports:
    """Knows which live definitions a new process would import as they are here."""

    def __init__(self, image: LateImage) -> None:
        self._image = image
        self._saved: dict[str, tuple[tuple[int, int], Marks]] = {}

    def watch(self) -> None:
        """Take the place of the module `__main__`, which a spawn asks about."""
        sys.modules["__main__"] = _main_module(self._look_at_pickling)

    def why_not_found(self, value: FunctionType | type) -> str | None:
        """Return why a new process would not get `value` as it is here; None: it would."""
        module, name = sys.modules.get(value.__module__), value.__qualname__
        file = vars(module).get("__file__") if isinstance(module, ModuleType) else None
        if value.__module__ == SCRATCH and file is None:
            return _reason(name, "only in text that is in no file", "put it into a module")
        if not isinstance(file, str) or not self._image.sources.workspace.owns(file):
            return None
        live = _part(self._image.now.fingerprints(file) or {}, name)
        saved = _part(self._on_disk(file), name)
        if not live or live == saved:
            return None
        where = "otherwise than on disk" if saved else "only"
        return _reason(name, f"{where} in the text of {os.path.basename(file)}", "save the file")

    def _on_disk(self, file: str) -> Marks:
        stamp = _stamp(file)
        if file not in self._saved or self._saved[file][0] != stamp:
            self._saved[file] = stamp, _fingerprints_of(read(file) or "")
        return self._saved[file][1]

    def _look_at_pickling(self) -> None:
        pickler = getattr(sys.modules.get("multiprocessing.reduction"), "ForkingPickler", None)
        if pickler is None or hasattr(pickler, "reducer_override"):
            return

        def reducer_override(_pickler: object, value: Any) -> Any:
            if (type(value) is FunctionType or isinstance(value, type)) and _is_for_spawned():
                reason = self.why_not_found(value)
                if reason is not None:
                    raise sys.modules["pickle"].PicklingError(reason)
            return NotImplemented

        pickler.reducer_override = reducer_override


def _reason(name: str, where: str, what_to_do: str) -> str:
    return f"{name!r} stands {where}, and a new process imports it from disk: {what_to_do}"


def _main_module(asked: Callable[[], None]) -> ModuleType:
    """Return an empty `__main__` that calls `asked` whenever its spec is looked at."""

    def spec_of(module: ModuleType) -> Any:
        asked()
        return vars(module).get("__spec__")

    def set_spec(module: ModuleType, spec: Any) -> None:
        vars(module)["__spec__"] = spec

    # Its name is seen in reprs, and must look plain.
    members = {"__module__": "builtins", "__spec__": property(spec_of, set_spec)}
    made: ModuleType = type("module", (ModuleType,), members)("__main__")
    return made


def _is_for_spawned() -> bool:
    """Whether a process is being spawned, or a spawned one runs; forked ones have it all."""
    context, process = (sys.modules[f"multiprocessing.{each}"] for each in ("context", "process"))
    popens = [getattr(child, "_popen", None) for child in list(process._children)]
    popens.append(context.get_spawning_popen())
    return any(getattr(popen, "method", "fork") != "fork" for popen in popens)


def _part(marks: Marks, name: str) -> Marks:
    """Return the marks of a definition and of those in it."""
    return {
        each: mark for each, mark in marks.items() if each == name or each.startswith(f"{name}.")
    }


def _fingerprints_of(text: str) -> Marks:
    marks: Marks = own("relive.worker.image").fingerprints_of(text)
    return marks


def _stamp(file: str) -> tuple[int, int]:
    try:
        status = os.stat(file)
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size
