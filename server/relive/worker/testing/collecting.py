"""One file as pytest sees it, with the fixtures that hold there, and without its tests being run.

pytest goes to the file as it always does, through the folders and their `conftest.py`. There, in
place of its own module, it gets one that stands for the live module: nothing of the file runs.
"""

from __future__ import annotations

from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


_NAME = "relive_use"


class OneFile:
    """A plugin that has one function collected, with fixtures as arguments."""

    def __init__(self, pytest: Any, module: ModuleType, names: list[str]) -> None:
        self._pytest = pytest
        self._module = module
        self._names = names
        self.listen: Callable[[Any], None] = lambda session: None
        """Is called when all is collected."""

    def pytest_pycollect_makemodule(self, parent: Any, module_path: Any) -> Any:
        """Stand for the live module."""
        view = _view_of(self._module)
        vars(view)[_NAME] = _taking(self._names)
        made = _collector(self._pytest, view)
        return made.from_parent(parent, path=module_path)

    def pytest_collection_finish(self, session: Any) -> None:
        """Tell that the fixtures are known."""
        self.listen(session)


def _collector(pytest: Any, module: ModuleType) -> Any:
    class LiveModule(pytest.Module):  # type: ignore[misc]
        """The module as it is in the process."""

        _ALLOW_MARKERS = False

        def _getobj(self) -> ModuleType:
            return module

        def collect(self) -> Any:
            self.session._fixturemanager.parsefactories(self)
            return list(self._genfunctions(_NAME, vars(module)[_NAME]))

    return LiveModule


def _view_of(module: ModuleType) -> ModuleType:
    """Return a module of the same contents, which does not run its file if asked for more."""
    view = ModuleType(module.__name__, module.__doc__)
    vars(view).update(vars(module))
    return view


def _taking(names: list[str]) -> Callable[..., None]:
    """Return a function that has these arguments, as pytest tells the fixtures of a test."""
    scope: dict[str, Any] = {}
    exec(f"def {_NAME}({', '.join(names)}): pass", scope)
    made: Callable[..., None] = scope[_NAME]
    return made
