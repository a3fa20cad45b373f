"""Which modules were imported from a file, without looking at all of them each time.

Nobody tells when `sys.modules` changes, so what is in it is compared with what was indexed, object
by object: in C, at a third of what asking each of its file takes. None is kept alive for that.
"""

from __future__ import annotations

import os
import sys
from _weakref import ref
from operator import is_
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    Refs = list[ref[Any]]

_read = ref.__call__
_no_module: ref[set[int]] = ref(set())
"""Gives None, as `sys.modules` has it for what must not be imported."""
_never_the_same = ref(ModuleType)
"""Stands for what no weak reference can be made of: then the index is made anew each time."""


class ModulesByFile:
    """The modules of `sys.modules` by the last part of their files' paths."""

    def __init__(self) -> None:
        self._state: tuple[Refs, dict[str, Refs]] = [], {}
        """What was in `sys.modules`, in its order, and the index: threads see both, or neither."""

    def called(self, files: Iterable[str]) -> Iterator[ModuleType]:
        """Yield the modules with a file whose path ends as one of `files` does.

        Those that had no file when they were indexed are among them if they have one now.
        """
        by_name = self._up_to_date()
        for name in dict.fromkeys(map(os.path.basename, files)):
            for each in by_name.get(name, ()):
                module = each()
                if module is not None:
                    yield module
        for each in by_name.get("", ()):
            module = each()
            if module is not None and file_of(module) is not None:
                yield module

    def _up_to_date(self) -> dict[str, Refs]:
        """Return the index, with what has come; made anew if anything has gone, or is another."""
        present = list(sys.modules.values())
        known, by_name = self._state
        if len(present) < len(known) or not all(map(is_, present, map(_read, known))):
            known, by_name = [], {}
        if len(present) > len(known):
            known, by_name = list(known), {name: list(refs) for name, refs in by_name.items()}
            for each in present[len(known) :]:
                known.append(_ref(each))
                if isinstance(each, ModuleType):
                    name = os.path.basename(file_of(each) or "")
                    by_name.setdefault(name, []).append(known[-1])
            self._state = known, by_name
        return by_name


def _ref(each: Any) -> ref[Any]:
    try:
        return _no_module if each is None else ref(each)
    except TypeError:
        return _never_the_same


def file_of(module: ModuleType) -> str | None:
    """Return the file that a module says it is from."""
    file = vars(module).get("__file__")
    return file if isinstance(file, str) else None
