"""Code that no Python text changes: of extensions, of the interpreter, and frozen into it."""

from __future__ import annotations

import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from types import BuiltinFunctionType, ModuleType

from relive.worker.redefine.refused import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_HEAP_TYPE, _IMMUTABLE_TYPE = 1 << 9, 1 << 8
"""Flags of types: made at run time; not to be changed though it was (3.10 and up)."""
_IMPORT_SYSTEM = ("_frozen_importlib", "_frozen_importlib_external", "zipimport")


def check_module(file: str, module: ModuleType | None) -> None:
    """Refuse a module that was not made from the text of its file.

    Raises:
        Refused: with the reason, and what to do instead.
    """
    name = os.path.basename(file) if module is None else module.__name__
    if file.endswith(tuple(EXTENSION_SUFFIXES)):
        raise Refused(
            f"{name!r} is an extension module: a process loads its compiled code once; "
            "build it and restart the session"
        )
    if module is not None and any(sys.modules.get(each) is module for each in _IMPORT_SYSTEM):
        raise Refused(
            f"{name!r} is frozen into the interpreter, which imports with it; it is not changed "
            "in a running process"
        )


def is_compiled(value: Any) -> bool:
    """Whether a function or class is compiled code, such as an accelerator that C brings."""
    if isinstance(value, type):
        return not value.__flags__ & _HEAP_TYPE or bool(value.__flags__ & _IMMUTABLE_TYPE)
    return isinstance(value, BuiltinFunctionType)


def why_compiled(name: str, value: Any) -> str:
    """Say why a definition whose name means compiled code cannot be redefined."""
    home = getattr(value, "__module__", None) or "the interpreter"
    return (
        f"{name!r} is compiled code here (of {home}), which runs in the place of this text; "
        "evaluate the definition to use it instead from now on"
    )
