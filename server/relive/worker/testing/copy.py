"""A copy of the process that runs tests, and ends with them: nothing of it is seen in the other."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # in C: user code may have patched `signal`
import atexit
import os
import sys
from types import ModuleType

from relive.wire import INTERRUPT_SIGNAL
from relive.wire.frames import encode
from relive.worker.testing import theirs
from relive.worker.testing.reporter import reporter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Tell = Callable[[dict[str, Any]], None]

NAME = "relive-tests"
"""What such a process is called, by which the warden knows it."""

_write, _dup2, _exit = os.write, os.dup2, os._exit


def fork() -> int:
    """Fork; 0 in the copy, which has no name, signals or way out of the process it is made of."""
    pid = _fork_quietly()
    if pid == 0:
        _take_name()
        _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        if INTERRUPT_SIGNAL:
            _signal.signal(INTERRUPT_SIGNAL, _signal.SIG_DFL)
    return pid


def _fork_quietly() -> int:
    """Fork without the warning that there are threads: what they hold is for the time limit."""
    import warnings  # late: few sessions run tests

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return os.fork()


def _take_name() -> None:
    try:
        with open("/proc/self/comm", "w", encoding="ascii") as comm:
            comm.write(NAME)
    except OSError:
        pass  # another system than Linux


def become_runner(reports: int, noise: int, work: Callable[[Tell], None]) -> None:
    """Do `work` in a group of its own, and end. Does not return."""
    try:
        os.setsid()
        for fd in (1, 2):
            _dup2(noise, fd)
        sys.dont_write_bytecode = True
        atexit._clear()  # what the live process wants done at its end is not for a copy
        work(lambda message: _tell(reports, message))
        atexit._run_exitfuncs()
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        _flush()
        _exit(0)


def run_tests(ids: list[str], workspace: str, tell: Tell) -> None:
    """Run the tests of these ids."""
    pytest = theirs.begin(workspace, tell)
    if pytest is None:
        return
    # pytest is given the files alone: of an id that it does not know it would run nothing at all.
    files = list(dict.fromkeys(os.path.join(workspace, each.partition("::")[0]) for each in ids))
    _forget_modules(set(files))
    plugin = reporter(pytest, workspace, ids, tell)
    status = pytest.main([*theirs.options(), *files], plugins=[plugin])
    tell({"op": "finished", "status": int(status)})


def _forget_modules(files: set[str]) -> None:
    """Have test files loaded as pytest loads them, which then can say why an `assert` fails."""
    for name, module in list(sys.modules.items()):
        file = vars(module).get("__file__") if isinstance(module, ModuleType) else None
        if file in files:
            del sys.modules[name]


def _tell(fd: int, message: dict[str, Any]) -> None:
    data = encode(message)
    while data:
        data = data[_write(fd, data) :]


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            continue  # tests may have closed or replaced it
