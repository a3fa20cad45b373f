"""What user code changes of the process as a whole: the worker goes on, and the change is told."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from faults.sessions import goes_on, printed, value
from relive.session.session import Session

SHOP = "def total(prices):\n    return sum(prices)\n\n\nclass Cart:\n    def add(self): return 1\n\n\ncart = Cart()\n"


def works(session: Session, workspace: Path) -> None:
    """See that evaluating, failing, awaiting and redefining go on as ever."""
    (workspace / "shop.py").write_text(SHOP)
    assert value(session.evaluate("1 + 1")) == "2"
    assert value(session.evaluate("total([1, 2])", "shop.py")) == "3"
    assert session.evaluate("cart = Cart()", "shop.py").status == "ok"
    new = SHOP.replace("return 1", "return 2").replace("sum(prices)", "sum(prices) * 2")
    receipt = session.redefine("shop.py", source=new)
    assert receipt.status == "ok", receipt
    assert value(session.evaluate("total([1, 2]), cart.add()", "shop.py")) == "(6, 2)"
    failed = session.evaluate("1 / 0")
    assert failed.error is not None
    assert failed.error.type == "ZeroDivisionError"
    assert session.info().generation == 1


def notes(session: Session) -> str:
    return "\n".join(session.info().notes)


# -- folders ---------------------------------------------------------------------------------------


def test_H1_the_working_folder_may_change_and_is_told(
    fast_session: Session, workspace: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    fast_session.evaluate("1")
    assert notes(fast_session) == ""
    fast_session.evaluate(f"import os\nos.chdir({str(elsewhere)!r})")
    assert f"the working folder is {elsewhere}" in notes(fast_session)
    works(fast_session, workspace)
    fast_session.evaluate(f"os.chdir({str(workspace)!r})")
    assert notes(fast_session) == ""


def test_H2_the_working_folder_may_be_removed(session: Session, workspace: Path) -> None:
    session.evaluate("import os, sys\nos.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')")
    assert "the working folder has been removed" in notes(session)
    session.evaluate("sys.path.insert(0, '')")
    works(session, workspace)


# -- modules ---------------------------------------------------------------------------------------

SHADOWING = sorted(
    name
    for name in sys.stdlib_module_names
    if not name.startswith("_") and name not in sys.builtin_module_names and find_spec(name)
)


def test_H4_files_named_as_the_library_is_are_the_users_alone(
    session: Session, workspace: Path
) -> None:
    """Every name of the library, also those that the worker needs late: none of them is run for us."""
    for name in SHADOWING:
        (workspace / f"{name}.py").write_text(f"open('ran-{name}', 'w').close()\nmine = 1\n")
    works(session, workspace)
    assert value(session.evaluate("async def five(): return 5\nawait five()")) == "5"
    assert not list(workspace.glob("ran-*"))
    assert value(session.evaluate("import random, colorsys\nrandom.mine + colorsys.mine")) == "2"
    assert session.evaluate("1 / 0").status == "error"
    assert goes_on(session)


PATCHED = {
    "json": "import json\njson.dumps = json.loads = json.JSONEncoder.encode = json.JSONDecoder.decode = no",
    "os": "import os\nfor n in ('write', 'read', 'getpid', 'getcwd', 'fstat', 'dup', 'dup2', 'kill', 'open', 'close', 'stat', 'listdir'): setattr(os, n, no)",
    "time": "import time\ntime.time = time.sleep = time.monotonic = time.perf_counter = no",
    "threading": "import threading, _thread\nthreading.Thread.start = threading.Lock = threading.enumerate = threading.main_thread = no\n_thread.start_new_thread = _thread.allocate_lock = _thread.get_ident = no",
    "socket": "import socket\nsocket.socket.recv = socket.socket.sendall = socket.socket.send = socket.socket.fileno = no",
    "signal": "import signal\nsignal.signal = signal.getsignal = signal.setitimer = signal.pthread_kill = signal.raise_signal = no",
    "struct": "import struct\nstruct.pack = struct.unpack = struct.Struct = no",
    "ast": "import ast\nast.parse = ast.walk = ast.get_docstring = ast.copy_location = ast.iter_child_nodes = no",
    "sys": "import sys\nsys.getrecursionlimit = sys.gettrace = sys.unraisablehook = sys.excepthook = sys.displayhook = sys.exit = no",
    "gc": "import gc\ngc.isenabled = gc.collect = no",
    "linecache": "import linecache, traceback, tokenize\nlinecache.getline = linecache.checkcache = linecache.updatecache = no\ntraceback.format_exception = traceback.TracebackException = no\ntokenize.open = no",
    "importlib": "import importlib, importlib.util\nimportlib.import_module = importlib.reload = importlib.util.find_spec = no",
    "warnings": "import warnings\nwarnings.warn = warnings.catch_warnings = warnings.simplefilter = no",
    "open": "import builtins\nbuiltins.open = builtins.print = builtins.input = builtins.__build_class__ = no",
    "repr": "import builtins\nbuiltins.repr = builtins.len = builtins.isinstance = builtins.str = builtins.type = no",
    "functions": "import builtins\nfor n in ('len', 'isinstance', 'issubclass', 'getattr', 'setattr', 'hasattr', 'iter', 'next', 'any', 'all', 'sorted', 'map', 'max', 'min', 'vars', 'id', 'callable', 'enumerate', 'zip', 'range', 'compile', 'eval', 'exec', 'hash'): setattr(builtins, n, no)",
    "names gone": "import builtins\nfor n in ('len', 'isinstance', 'KeyError', 'list', 'dict', 'set', 'tuple', 'frozenset'): delattr(builtins, n)",
}


@pytest.mark.parametrize("code", PATCHED.values(), ids=[f"H5 {name}" for name in PATCHED])
def test_what_the_worker_uses_may_be_patched(session: Session, code: str) -> None:
    session.evaluate(f"def no(*a, **k): raise RuntimeError('patched')\n{code}")
    assert value(session.evaluate("1 + 1")) == "2"
    assert value(session.evaluate("x = [1, 'a']\nx")) == "[1, 'a']"
    failed = session.evaluate("undefined")
    assert failed.error is not None
    assert failed.error.type == "NameError"
    assert session.evaluate("def f(): return 1").status == "ok"
    assert session.info().generation == 1


def test_H6_modules_may_be_taken_from_sys_modules(session: Session, workspace: Path) -> None:
    session.evaluate(
        "import sys\nfor name in [n for n in sys.modules if n.partition('.')[0] == 'relive']:\n"
        "    del sys.modules[name]"
    )
    works(session, workspace)
    session.evaluate("import sys\nsys.modules.clear()")
    assert value(session.evaluate("1 + 1")) == "2"
    assert session.info().generation == 1


# -- limits and hooks ------------------------------------------------------------------------------

DEEP = "import sys\nsys.setrecursionlimit(10**7)\ndef deep(value):\n    return repr([value])\n"
DEEP += "class Deep:\n    def __repr__(self): return deep(self)\n"


def test_H7_a_recursion_limit_is_kept_and_told(session: Session, workspace: Path) -> None:
    session.evaluate("import sys\nsys.setrecursionlimit(5000)")
    assert "the recursion limit is 5,000, and was 1,000" in notes(session)
    assert value(session.evaluate("sys.getrecursionlimit()")) == "5000"
    works(session, workspace)


def test_H7_a_stack_that_overflows_is_a_crash_that_is_told(session: Session) -> None:
    given = session.evaluate(DEEP + "deep(Deep())")
    assert given.error is not None
    if given.status == "died":  # before 3.12 nothing but the limit stops C code
        assert "signal 11 (SIGSEGV) in line" in given.error.message
    else:
        assert given.error.type in ("RecursionError", "MemoryError")
    assert value(session.evaluate("1 + 1")) == "2"


HOOKS = {
    "no collection": "import gc\ngc.disable()",
    "trace": "import sys\nsys.settrace(lambda *a: None)",
    "trace raises": "import sys\nsys.settrace(lambda *a: 1 / 0)",
    "trace raises later": "import sys\nn = [0]\ndef trace(*a):\n    n[0] += 1\n    if n[0] > 40: 1 / 0\nsys.settrace(trace)",
    "profile": "import sys\nsys.setprofile(lambda *a: None)",
    "profile raises": "import sys\nsys.setprofile(lambda *a: 1 / 0)",
    "profile raises later": "import sys\nn = [0]\ndef profile(*a):\n    n[0] += 1\n    if n[0] > 40: 1 / 0\nsys.setprofile(profile)",
    "threads traced": "import threading\nthreading.settrace(lambda *a: 1 / 0)\nthreading.setprofile(lambda *a: 1 / 0)",
    "audit": "import sys\nsys.addaudithook(lambda *a: None)",
    "displayhook": "import sys\nsys.displayhook = sys.excepthook = sys.unraisablehook = None",
    "H14 logging": "import logging\nlogging.shutdown()\nlogging.disable()",
    "locale": "import locale\nlocale.setlocale(locale.LC_ALL, 'C')",
    "umask": "import os\n_ = os.umask(0o777)",
    "argv": "import sys\nsys.argv = None; sys.path.clear(); sys.path_hooks.clear(); sys.meta_path.clear(); sys.path_importer_cache.clear()",
    "warnings": "import warnings\nwarnings.simplefilter('error')",
    "int digits": "import sys\ngetattr(sys, 'set_int_max_str_digits', print)(640)",
    "dont write": "import sys\nsys.dont_write_bytecode = True; sys.stdin = None; sys.stdout = None",
    "switch interval": "import sys\nsys.setswitchinterval(1e-6)",
    "stack size": "import threading\n_ = threading.stack_size(64 * 1024)",
    "nice": "import os\n_ = os.nice(5)",
    "session": "import os\ntry: os.setsid()\nexcept PermissionError: os.setpgid(0, os.getppid()) if 0 else None",
    "signals blocked": "import signal\n_ = signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals) - {signal.SIGKILL})",
}


@pytest.mark.parametrize("kind", ["trace", "profile"])
def test_H8_a_hook_that_raises_at_any_time_ends_nothing(fast_session: Session, kind: str) -> None:
    for calls in range(1, 200, 3):
        fast_session.evaluate(
            f"import sys\nn = [0]\ndef hook(*a):\n    n[0] += 1\n    if n[0] > {calls}: 1 / 0\n"
            f"sys.set{kind}(hook)"
        )
        assert fast_session.evaluate("y = [n for n in range(3)]\ny").status in ("ok", "error")
        fast_session.evaluate(f"import sys\nsys.set{kind}(None)")
    fast_session.evaluate("1 + 1")  # it may have raised once more, and is gone since
    assert value(fast_session.evaluate("1 + 1")) == "2"
    assert fast_session.info().generation == 1


def test_H8_hooks_stay_from_one_evaluation_to_the_next(fast_session: Session) -> None:
    fast_session.evaluate("import sys, cProfile\nseen = []\ndef f(): return 1\n")
    fast_session.evaluate("sys.settrace(lambda *a: seen.append(a[0].f_code.co_name))")
    fast_session.evaluate("f()")
    assert value(fast_session.evaluate("sys.settrace(None); 'f' in seen")) == "True"
    fast_session.evaluate("profile = cProfile.Profile(); profile.enable()")
    fast_session.evaluate("f()")
    fast_session.evaluate("profile.disable()")
    counted = "any(each.code is f.__code__ for each in profile.getstats())"
    assert value(fast_session.evaluate(counted)) == "True"


@pytest.mark.parametrize("code", HOOKS.values(), ids=[f"H8 {name}" for name in HOOKS])
def test_hooks_and_settings_of_the_process_are_the_users(fast_session: Session, code: str) -> None:
    fast_session.evaluate(code)
    for _ in range(3):
        assert fast_session.evaluate("y = [n for n in range(3)]\ny").status in ("ok", "error")
    fast_session.evaluate("import sys\nsys.settrace(None)\nsys.setprofile(None)")
    assert value(fast_session.evaluate("1 + 1")) == "2"
    assert fast_session.evaluate("1 / 0").status == "error"
    assert fast_session.info().generation == 1


def test_H8_a_trace_function_stays_set_for_the_code_it_is_for(fast_session: Session) -> None:
    code = "import sys\nseen = []\ndef trace(frame, event, arg):\n    seen.append(frame.f_code.co_name)\n"
    fast_session.evaluate(code + "sys.settrace(trace)")
    fast_session.evaluate("def traced(): return 1\ntraced()")
    assert value(fast_session.evaluate("sys.settrace(None)\n'traced' in seen")) == "True"


def test_H11_descriptors_that_run_out_are_an_error_of_the_code(
    session: Session, workspace: Path
) -> None:
    code = "import resource as r\nr.setrlimit(r.RLIMIT_NOFILE, (40, 40))\nfiles = []\n"
    given = session.evaluate(code + "while True: files.append(open('/dev/null'))")
    assert given.error is not None
    assert given.error.type == "OSError"
    assert "Too many open files" in given.error.message
    assert goes_on(session)
    session.evaluate("files.clear()")
    works(session, workspace)


def test_disk_full_for_output_is_an_error_of_the_code(fast_session: Session) -> None:
    given = fast_session.evaluate("f = open('/dev/full', 'w')\nf.write('x')\nf.flush()")
    assert given.error is not None
    assert given.error.type == "OSError"
    assert printed(fast_session.evaluate("print('fine')")) == "fine\n"
