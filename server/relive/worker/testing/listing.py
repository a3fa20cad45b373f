"""Which fixtures a file has, looked up in a copy of the process: `conftest.py` runs for it."""

from __future__ import annotations

import inspect

from relive.worker.testing import theirs
from relive.worker.testing.collecting import OneFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from relive.worker.testing.copy import Tell

_MAX_DOC = 500
TAKE_OUTPUT = frozenset(("capsys", "capsysbinary", "capfd", "capfdbinary", "capteesys"))
"""Those that would keep the session's own output to themselves."""
_OF_A_TEST = TAKE_OUTPUT | {"request"}


def list_fixtures(file: str, module: ModuleType, workspace: str, tell: Tell) -> None:
    """Tell which fixtures hold in a file."""
    pytest = theirs.begin(workspace, tell)
    if pytest is None:
        return
    plugin = OneFile(pytest, module, [])

    def listen(session: Any) -> None:
        if session.items:  # else what pytest prints says why
            tell({"op": "fixtures", "items": _all(pytest, session)})

    plugin.listen = listen
    arguments = ["--collect-only", "-q", *theirs.options(), file]
    pytest.main(arguments, plugins=[_Quiet(), plugin])


class _Quiet:
    """A plugin that has nothing else run."""

    def pytest_configure(self, config: Any) -> None:
        """Switch off what is not needed to look at fixtures."""
        theirs.put_aside(config)


def _all(pytest: Any, session: Any) -> list[dict[str, Any]]:
    node, manager = session.items[0], session._fixturemanager
    where = node if pytest.version_tuple[:2] >= (8, 1) else node.nodeid
    found = []
    for name in sorted(_names(manager)):
        visible = manager.getfixturedefs(name, where)
        if visible and name not in _OF_A_TEST:
            found.append(_described(name, visible[-1]))
    return found


def _names(manager: Any) -> set[str]:
    """Return the names of all fixtures: pytest has them in tables that vary with its version."""
    tables = [table for name, table in vars(manager).items() if name.startswith("_arg2")]
    return {name for table in tables for name in table}


def _described(name: str, fixture: Any) -> dict[str, Any]:
    function = inspect.unwrap(fixture.func)
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return {
        "name": name,
        "scope": str(fixture.scope),
        "doc": (inspect.getdoc(function) or "")[:_MAX_DOC],
        "file": None if code is None else code.co_filename,
        "line": 0 if code is None else code.co_firstlineno - 1,
    }
