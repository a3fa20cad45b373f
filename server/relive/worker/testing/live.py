"""Fixtures in use in the live process: set up by pytest itself, and torn down in reverse order."""

from __future__ import annotations

import sys
from functools import partial

from relive.worker.quiet import Quiet
from relive.worker.testing import theirs
from relive.worker.testing.collecting import OneFile
from relive.worker.testing.listing import TAKE_OUTPUT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

_NOTHING = object()
_LIVE_OPTIONS = [
    "--capture=no",  # the process's output stays its own
    "--assert=plain",  # modules are loaded as Relive loads them
    "-q",
]


class FixtureError(Exception):
    """Fixtures could not be set up; the text says why."""


class InUse:
    """Fixtures that were asked for together."""

    def __init__(self, file: str, module: ModuleType, names: list[str]) -> None:
        """Have pytest find them.

        Raises:
            FixtureError: it could not.
        """
        taken = TAKE_OUTPUT.intersection(names)
        if taken:
            raise FixtureError(f"{min(taken)} would take the output of the whole session.")
        self.file = file
        self.names = names
        self._scope = vars(module)
        self._former: dict[str, Any] = {}
        self._bound: dict[str, Any] = {}
        self._ended = _Ended()
        self._pytest = pytest = theirs.load()
        self._session: Any = None
        with Quiet() as quiet, _HooksKept():
            try:
                plugins = [OneFile(pytest, module, names), self._ended]
                self._session = _begun(pytest, file, plugins)
            except BaseException as error:
                raise FixtureError(_in_words(error, quiet.text)) from error
        if not self._session.items:
            self._finish()
            raise FixtureError(f"pytest did not look into {file}.\n{quiet.text}".strip())
        self._item = self._session.items[0]

    def set_up(self) -> list[str]:
        """Set them up and give the module their values; return the names it has now.

        Raises:
            FixtureError: one of them failed; those before it are torn down again.
        """
        hooks = self._item.ihook
        try:
            self._carry_out("setup", partial(hooks.pytest_runtest_setup, item=self._item))
        except BaseException as error:
            problems = [_in_words(error), *self.release()]
            raise FixtureError("\n".join(problems)) from error
        for name in self._item.fixturenames:
            if self._is_wanted(name):
                self._former[name] = self._scope.get(name, _NOTHING)
                self._scope[name] = self._bound[name] = self._item.funcargs[name]
        return list(self._bound)

    def release(self) -> list[str]:
        """Tear them down; return what failed. The names are again what they were before."""
        item = self._item
        tear_down = partial(item.ihook.pytest_runtest_teardown, item=item, nextitem=None)
        problems = [
            *_failures(partial(self._carry_out, "teardown", tear_down)),
            *self._finish(),
        ]
        for name, value in self._bound.items():
            if self._scope.get(name, _NOTHING) is value:
                self._put_back(name)
        return problems

    @property
    def released(self) -> list[str]:
        """What was asked for, in the order in which pytest has torn it down."""
        ended = [each for each in self._ended.names if each in self.names]
        return [*ended, *(each for each in reversed(self.names) if each not in ended)]

    def _carry_out(self, part: str, work: Callable[[], None]) -> None:
        """Do a part of what pytest does for a test, and tell its plugins what came of it."""
        call = self._pytest.CallInfo.from_call(work, when=part, reraise=(KeyboardInterrupt,))
        self._item.ihook.pytest_runtest_makereport(item=self._item, call=call)
        if call.excinfo is not None:
            raise call.excinfo.value

    def _is_wanted(self, name: str) -> bool:
        """Whether a name is bound: what was asked for, and what that is made of if it is free."""
        if name in self.names:
            return True
        initial = self._item._fixtureinfo.initialnames
        is_free = name not in self._scope and name != "request"
        return is_free and name not in initial and name in self._item.funcargs

    def _put_back(self, name: str) -> None:
        former = self._former[name]
        if former is _NOTHING:
            del self._scope[name]
        else:
            self._scope[name] = former

    def _finish(self) -> list[str]:
        """Have pytest end its session."""
        session, config = self._session, self._session.config
        finish = partial(config.hook.pytest_sessionfinish, session=session, exitstatus=0)
        with Quiet(), _HooksKept():
            return [*_failures(finish), *_failures(config._ensure_unconfigure)]


class _HooksKept:
    """While it is entered, pytest may take the hooks of the interpreter; it gives them back."""

    def __enter__(self) -> None:
        self._kept = sys.unraisablehook, sys.excepthook

    def __exit__(self, *_error: object) -> None:
        sys.unraisablehook, sys.excepthook = self._kept


class _Ended:
    """A plugin that notes which fixtures have come to their end."""

    def __init__(self) -> None:
        self.names: dict[str, None] = {}

    def pytest_fixture_post_finalizer(self, fixturedef: Any) -> None:
        """Note a fixture. pytest tells of it also where there is nothing of it to end any more."""
        if fixturedef.cached_result is not None:
            self.names[fixturedef.argname] = None


class _Preparing:
    """A plugin that makes pytest's session fit for a process that goes on."""

    def pytest_configure(self, config: Any) -> None:
        """Have nothing else run, and nothing left on disk."""
        theirs.put_aside(config)

    def pytest_sessionstart(self, session: Any) -> None:
        """Leave the cache alone."""
        theirs.leave_cache_alone(session.config)


def _begun(pytest: Any, file: str, plugins: list[Any]) -> Any:
    """Return a session of pytest's that has collected the file."""
    from importlib import import_module

    prepare = import_module("_pytest.config")._prepareconfig
    config = prepare([*_LIVE_OPTIONS, *theirs.options(), file], [_Preparing(), *plugins])
    try:
        config._do_configure()
        session = pytest.Session.from_config(config)
        config.hook.pytest_sessionstart(session=session)
        config.hook.pytest_collection(session=session)
    except BaseException:
        config._ensure_unconfigure()
        raise
    return session


def _failures(work: Callable[[], object]) -> list[str]:
    try:
        work()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return [_in_words(error)]
    return []


def _in_words(error: BaseException, printed: str = "") -> str:
    text = f"{type(error).__name__}: {error}"
    cause = error.__cause__
    if cause is not None:
        text = f"{text} ({type(cause).__name__}: {cause})"
    return f"{text}\n{printed}".strip()[:4000]
