"""Whose code something is: the user's own, which is followed, or a library's, which is not."""

from __future__ import annotations

import os
import sys
from functools import cache
from types import FunctionType, ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_INSTALLED = ("site-packages", "dist-packages")
_STANDARD = os.path.join(os.path.dirname(os.path.abspath(os.__file__)), "")
_OURS = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(__file__))), "")


def is_path(name: str) -> bool:
    """Whether the name that code goes by is the whole path of a file.

    Not by `os.path`: user code may have patched the builtins that it goes by.
    """
    return name.startswith(("/", "\\")) or name[1:3] in (":\\", ":/")


@cache
def is_own_file(file: str) -> bool:
    """Whether code of that name is the user's; what was made from a text is whoever made it."""
    if file.startswith("<frozen"):
        return False
    if not is_path(file):
        return True
    if _is_installed(file):
        return False
    return not file.startswith((_STANDARD, _OURS))


def _is_installed(file: str) -> bool:
    return any(part in _INSTALLED for part in file.split(os.sep))


def _is_own_machine_code(file: str) -> bool:
    return file.endswith((".so", ".pyd")) and is_own_file(file)


def is_own_module(module: ModuleType) -> bool:
    """Whether a module is the user's work."""
    file, spec = (vars(module).get(each) for each in ("__file__", "__spec__"))
    if isinstance(file, str):
        return is_own_file(file)
    return getattr(spec, "origin", None) not in ("built-in", "frozen")


def is_own_class(kind: type) -> bool:
    """Whether a class is the user's work.

    Of one whose module nobody knows its methods decide: C code names modules that are none, and
    some of the library's name modules that are not loaded.
    """
    name: Any = type.__dict__["__module__"].__get__(kind)
    module = sys.modules.get(name) if isinstance(name, str) else None
    if isinstance(module, ModuleType):
        return is_own_module(module)
    methods = [each for each in list(vars(kind).values()) if type(each) is FunctionType]
    return any(is_own_file(each.__code__.co_filename) for each in methods)


def files_not_followed() -> dict[str, ModuleType]:
    """Return the modules whose code nobody looks through, by their files.

    Those of installed libraries, and the user's own that are compiled to machine code.
    """
    found = {}
    for module in list(sys.modules.values()):
        file = vars(module).get("__file__") if isinstance(module, ModuleType) else None
        if isinstance(file, str) and (_is_installed(file) or _is_own_machine_code(file)):
            found[file] = module
    return found


def own_modules() -> set[str]:
    """Return the names of the user's modules that are loaded."""
    modules = [(n, each) for n, each in list(sys.modules.items()) if isinstance(each, ModuleType)]
    return {name for name, each in modules if is_own_module(each)}
