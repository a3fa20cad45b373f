"""The user's pytest: whether there is one that will do, and what it is given to run."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.machinery import PathFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.testing.copy import Tell

_OLDEST = (7, 0)
_COVERAGE = "pytest_cov"


def why_not() -> str | None:
    """Return why no tests can run in this interpreter, without loading anything; None: they can."""
    if PathFinder.find_spec("pytest") is None:
        return "pytest is not installed in the interpreter that runs your code: install it there."
    if not hasattr(os, "fork"):
        return "Tests run in a copy of the process, which this system cannot make: it has no fork."
    return None


def load() -> Any:
    """Return the user's pytest.

    Raises:
        ImportError: it cannot be loaded, or is too old.
    """
    pytest: Any = import_module("pytest")
    if getattr(pytest, "version_tuple", (0, 0))[:2] < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        raise ImportError(f"pytest {pytest.__version__} is too old: Relive needs {oldest} or later")
    return pytest


def begin(workspace: str, tell: Tell) -> Any:
    """Return the user's pytest, and go to the workspace; None: it is told why there is none."""
    try:
        pytest = load()
    except ImportError as error:
        tell({"op": "refused", "problem": str(error)})
        return None
    os.chdir(workspace)
    return pytest


def options() -> list[str]:
    """Return what keeps needless words, and measuring, out of a copy of the process."""
    is_loaded = not os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    measures = is_loaded and PathFinder.find_spec(_COVERAGE) is not None
    return ["--no-header", *(["--no-cov"] if measures else [])]


def put_aside(config: Any) -> None:
    """Switch off what the user's options ask for and makes no sense in a copy of the process."""
    usual: dict[str, Any] = {
        "dist": "no",
        "tx": [],
        "numprocesses": None,
        "maxfail": 0,
        "usepdb": False,
    }
    usual["continue_on_collection_errors"] = True
    for name, value in usual.items():
        if hasattr(config.option, name):
            setattr(config.option, name, value)


def leave_cache_alone(config: Any) -> None:
    """Have the files that tell which tests failed last stay those of the user's own runs."""
    for name in ("lfplugin", "nfplugin", "stepwiseplugin"):
        plugin = config.pluginmanager.get_plugin(name)
        if plugin is not None:
            config.pluginmanager.unregister(plugin)
