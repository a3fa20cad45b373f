"""Which of the user's code really ran, where the interpreter can tell without slowing it down.

From CPython 3.12 on each piece of code is told of once. On older ones what can be reached, as far
as it can be told from the code and the values, has to do; so it has where the user's own tools have
taken all the numbers that the interpreter has for tools.
"""

from __future__ import annotations

import sys
from types import ModuleType

from relive.worker.keeping.belonging import is_own_file, is_own_module, is_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

_NUMBERS = (4, 3, 1, 2, 5, 0)
"""Of tools: those first that no kind of tool has claimed."""
_frame: Any = sys._getframe


class Ran:
    """While it lasts, notes the user's code that begins, or goes on as a generator does."""

    def __init__(self) -> None:
        self._begun: dict[int, tuple[CodeType, dict[str, Any]]] = {}
        self.is_told = False
        """Whether the interpreter tells what runs."""
        self._monitoring: Any = getattr(sys, "monitoring", None)
        self._number: int | None = None

    @property
    def found(self) -> dict[int, tuple[CodeType, dict[str, Any]]]:
        """The user's code that began, with its module's names.

        By the code's `id`: two functions may be equal. To be asked while it lasts, too: what looks
        at them begins then as well.
        """
        begun = list(self._begun.items())
        return {key: (code, scope) for key, (code, scope) in begun if _is_own(code, scope)}

    @property
    def codes(self) -> set[CodeType]:
        """The code that ran."""
        return {code for code, _ in self.found.values()}

    def __enter__(self) -> Ran:
        monitoring = self._monitoring
        if monitoring is None:
            return self
        free = [each for each in _NUMBERS if monitoring.get_tool(each) is None]
        if free:
            self._number = free[0]
            self.is_told = True
            monitoring.use_tool_id(free[0], "relive")
            for event, heard in self._events().items():
                monitoring.register_callback(free[0], event, heard)
            monitoring.set_events(free[0], sum(self._events()))
            monitoring.restart_events()
        return self

    def __exit__(self, *_exc: object) -> None:
        number, self._number = self._number, None
        if number is not None and self._monitoring.get_tool(number) == "relive":
            self._monitoring.set_events(number, 0)
            for event in self._events():
                self._monitoring.register_callback(number, event, None)
            self._monitoring.free_tool_id(number)

    def _events(self) -> dict[int, Any]:
        events = self._monitoring.events
        heard = dict.fromkeys((events.PY_START, events.PY_RESUME), self._started)
        return {**heard, events.PY_THROW: self._thrown_into}

    def _started(self, code: CodeType, _offset: int) -> Any:
        # Nothing more here: it would raise in whatever begins, ours too, if it could fail.
        self._begun[id(code)] = (code, _frame(1).f_globals)
        return self._monitoring.DISABLE

    def _thrown_into(self, code: CodeType, _offset: int, _error: BaseException) -> None:
        # A generator that is closed, or raised in. The interpreter tells of this each time.
        self._begun[id(code)] = (code, _frame(1).f_globals)


def _is_own(code: CodeType, scope: dict[str, Any]) -> bool:
    if is_path(code.co_filename):
        return is_own_file(code.co_filename)
    module = sys.modules.get(str(scope.get("__name__")))
    return isinstance(module, ModuleType) and is_own_module(module)
