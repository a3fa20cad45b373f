"""Which of the user's code really ran, where the interpreter can tell without slowing it down.

From CPython 3.12 on each piece of code is told of once. On older ones what can be reached, as far
as it can be told from the code and the values, has to do.
"""

from __future__ import annotations

import os
import sys
from types import ModuleType

from relive.worker.keeping.belonging import is_own_file, is_own_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

_NUMBERS = (4, 3, 1, 2, 5, 0)
"""Of tools: those first that no kind of tool has claimed."""


class Ran:
    """While it lasts, notes the user's code that begins."""

    def __init__(self) -> None:
        self.codes: set[CodeType] = set()
        self._monitoring: Any = getattr(sys, "monitoring", None)
        self._number: int | None = None

    def __enter__(self) -> Ran:
        monitoring = self._monitoring
        if monitoring is None:
            return self
        free = [each for each in _NUMBERS if monitoring.get_tool(each) is None]
        if free:
            self._number = free[0]
            monitoring.use_tool_id(free[0], "relive")
            start = monitoring.events.PY_START
            monitoring.register_callback(free[0], start, self._started)
            monitoring.set_events(free[0], start)
            monitoring.restart_events()
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._number is not None:
            self._monitoring.set_events(self._number, 0)
            self._monitoring.register_callback(self._number, self._monitoring.events.PY_START, None)
            self._monitoring.free_tool_id(self._number)

    def _started(self, code: CodeType, _offset: int) -> Any:
        if _is_own(code, sys._getframe(1).f_globals):
            self.codes.add(code)
        return self._monitoring.DISABLE


def _is_own(code: CodeType, scope: dict[str, Any]) -> bool:
    if os.path.isabs(code.co_filename):
        return is_own_file(code.co_filename)
    module = sys.modules.get(str(scope.get("__name__")))
    return isinstance(module, ModuleType) and is_own_module(module)
