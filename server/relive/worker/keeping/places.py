"""Names of modules and of what is in them, looked up without running anything."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from types import ModuleType

from relive.worker.keeping.belonging import is_own_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ABSENT = object()


def find(module: str, name: str) -> Any:
    """Return what is live under a qualified name; raise LookupError if nothing is.

    The module's own attribute look-up is not used: it may run the rest of a file.
    """
    held: Any = sys.modules.get(module)
    if not isinstance(held, ModuleType):
        raise LookupError(f"the module {module} is not loaded")
    for part in name.split("."):
        held = vars(held).get(part, _ABSENT) if isinstance(held, (ModuleType, type)) else _ABSENT
        if held is _ABSENT:
            raise LookupError(f"{name} is not in {module}")
    return held


def whole_name(name: str, level: int, scope: dict[str, Any]) -> str:
    """Return the whole name of a module that code with the names `scope` imports."""
    if not level:
        return name
    package = str(scope.get("__package__") or scope.get("__name__") or "").split(".")
    base = ".".join(package[: len(package) - level + 1])
    return f"{base}.{name}" if name else base


def importable(name: str) -> bool:
    """Whether importing a module that is not loaded could run the user's own code."""
    top = name.partition(".")[0]
    if top in sys.builtin_module_names:
        return False
    spec = PathFinder.find_spec(top)
    if spec is None:
        return False
    return spec.origin is None or is_own_file(spec.origin)
