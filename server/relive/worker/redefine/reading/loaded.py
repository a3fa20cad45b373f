"""The names of a module whose text has run, for whoever asks which branches of it have.

What was not there to import then may be there by now. So imports bring only what is loaded: no
module runs for being asked about.
"""

from __future__ import annotations

import builtins
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Scope = dict[str, Any]


def as_it_ran(scope: Scope) -> Scope:
    """Return the names of a module, with an import that finds only what is loaded."""
    had = scope.get("__builtins__", builtins)
    names = had if isinstance(had, dict) else vars(had)
    really = names.get("__import__", builtins.__import__)

    def loaded_only(
        name: str, outer: Any = None, inner: Any = None, wanted: Any = (), level: int = 0
    ) -> Any:
        whole = _whole(name, level, scope)
        module = sys.modules.get(whole)
        if module is None:
            raise ModuleNotFoundError(f"{whole!r} is not loaded", name=whole)
        for each in wanted or ():
            if each != "*" and not hasattr(module, each) and f"{whole}.{each}" not in sys.modules:
                raise ImportError(f"{whole!r} has no {each!r}", name=whole)
        return really(name, outer, inner, wanted, level)

    return {**scope, "__builtins__": {**names, "__import__": loaded_only}}


def _whole(name: str, level: int, scope: Scope) -> str:
    """Return the whole name of a module that the one with these names imports."""
    if not level:
        return name
    package = str(scope.get("__package__") or "").split(".")
    return ".".join([*package[: len(package) - level + 1], *([name] if name else [])])
