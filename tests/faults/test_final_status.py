"""However a worker ends, what it ran has one final answer, and that says what happened and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from faults.sessions import goes_on
from relive.session.session import Session
from relive.worker.errors.budget import MAX_TEXT

SHOP = """import ctypes, os, signal


def total(prices):
    return END


total([1])
"""

ENDS = {
    "SIGSEGV": ("ctypes.string_at(0)", "killed by signal 11 (SIGSEGV) in shop.py line 5"),
    "SIGABRT": ("os.abort()", "killed by signal 6 (SIGABRT) in shop.py line 5"),
    "SIGKILL": ("os.kill(os.getpid(), 9)", "killed by signal 9 (SIGKILL), running shop.py line 8"),
    "SIGTERM": ("os.kill(os.getpid(), 15)", "signal 15 (SIGTERM), running shop.py line 8"),
    "os._exit": ("os._exit(3)", "exited with status 3, running shop.py line 8"),
    "fds closed": ("os.closerange(0, 256)", "lost its connection"),
    "P3 all fds closed": ("os.closerange(3, 4096)", "lost its connection"),
    "exec": ("os.execv('/bin/sleep', ['sleep', '600'])", "closed its connection"),
}


@pytest.mark.parametrize(("code", "cause"), ENDS.values(), ids=ENDS.keys())
def test_the_cause_is_said_in_words(
    fast_session: Session, workspace: Path, code: str, cause: str
) -> None:
    session = fast_session
    (workspace / "shop.py").write_text(SHOP.replace("END", code))
    given = session.evaluate((workspace / "shop.py").read_text(), "shop.py")
    assert given.status == "died"
    assert given.error is not None
    assert cause in given.error.message
    assert cause in (session.info().reason or "")
    assert goes_on(session, generation=2)


CRASH = "import ctypes, faulthandler\n{}\ndef total(): ctypes.string_at(0)\ntotal()"


@pytest.mark.parametrize("enable", ["", "faulthandler.enable()"], ids=["ours", "the user's"])
def test_L1_O10_the_stack_of_a_crash_is_kept(session: Session, enable: str) -> None:
    given = session.evaluate(CRASH.format(enable))
    assert given.error is not None
    assert [frame.name for frame in given.error.frames][:2] == ["<module>", "total"]
    assert "in total" in given.error.traceback
    assert "relive" not in given.error.traceback
    assert given.error.message.endswith("in line 3 of the evaluated text")


def test_O10_the_user_may_have_the_stack_in_a_file(fast_session: Session, workspace: Path) -> None:
    enable = "kept = open('crash.txt', 'w'); faulthandler.enable(kept)"
    given = fast_session.evaluate(CRASH.format(enable))
    assert "in total" in (workspace / "crash.txt").read_text()
    assert given.error is not None
    assert given.error.message.endswith("running line 4 of the evaluated text")


def test_a_crash_in_a_thread_names_the_threads_place(make_session, workspace: Path) -> None:
    text = "import ctypes, threading\n\ndef work():\n    ctypes.string_at(0)\n\n"
    text += "thread = threading.Thread(target=work)\nthread.start()\nthread.join()\n"
    (workspace / "wörk.py").write_text(text)
    given = make_session().evaluate(text, "wörk.py")
    assert given.error is not None
    assert given.error.message.endswith("in wörk.py line 4")
    assert given.error.range is not None
    assert given.error.range.start == (3, 0)


def test_the_crash_of_a_forked_child_is_not_taken_for_the_workers(fast_session: Session) -> None:
    fast_session.evaluate(
        "import ctypes, os\nif (pid := os.fork()) == 0: ctypes.string_at(0)\nos.waitpid(pid, 0)"
    )
    given = fast_session.evaluate("os._exit(0)")
    assert given.error is not None
    assert given.error.message.endswith(
        "exited with status 0, running line 1 of the evaluated text"
    )


LIMITED = "import resource\nresource.setrlimit(resource.RLIMIT_AS, (2 * 10**9, 2 * 10**9))\n"


def test_L3_a_memory_limit_is_an_error_of_the_code(session: Session) -> None:
    given = session.evaluate(LIMITED + "hog = bytearray(4 * 10**9)")
    assert given.status == "error"
    assert given.error is not None
    assert given.error.type == "MemoryError"
    assert goes_on(session)


def test_L3_a_worker_out_of_memory_for_good_still_answers(fast_session: Session) -> None:
    code = LIMITED + "hogs = []\n"
    code += "while True: hogs.append(bytearray(10**6 if len(hogs) < 1500 else 1000))"
    assert fast_session.evaluate(code).status in ("error", "died")
    assert fast_session.evaluate("1").status in ("ok", "error", "died")


ODD = {
    "str raises": "class E(Exception):\n    def __str__(self): raise ValueError\nraise E",
    "str exits": "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E",
    "str interrupts": "class E(Exception):\n    def __str__(self): raise KeyboardInterrupt\nraise E",
    "str recurses": "class E(Exception):\n    def __str__(self): return str(self)\nraise E",
    "str is no str": "class E(Exception):\n    def __str__(self): return 5\nraise E",
    "str is huge": "class E(Exception):\n    def __str__(self): return 'x' * 10**8\nraise E",
    "str loops": "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E",
    "repr raises": "class E(Exception):\n    def __repr__(self): raise ValueError\nraise E",
    "no attributes": "class E(Exception):\n    def __getattribute__(self, name): raise TypeError\nraise E",
    "module raises": "class M(type):\n    __module__ = property(lambda c: 1 / 0)\n"
    "class E(Exception, metaclass=M): pass\nraise E",
}


@pytest.mark.parametrize("code", ODD.values(), ids=ODD.keys())
def test_E14_an_exception_that_cannot_be_shown_is_an_error(
    make_session, python: str, code: str
) -> None:
    session = make_session(python)
    given = session.evaluate(code)
    assert given.status == "error"
    assert given.error is not None
    assert given.error.type == "E"
    assert len(given.error.message) <= MAX_TEXT + 1
    assert goes_on(session)


FD = """import gc, os
workers = [each for each in gc.get_objects() if type(each).__qualname__ == "Worker"]
fd = workers[0].main.fd
"""

BROKEN = {
    "half a message, then the end": "os.write(fd, b'rlv\\x02\\0\\0\\1\\0{'); os._exit(0)",
    "half a message, then others": "os.write(fd, b'rlv\\x02\\0\\0\\0\\x40{')",
    "other bytes": "os.write(fd, b'hello')",
    "a message too large": "os.write(fd, b'rlv\\x02\\xff\\xff\\xff\\xff')",
    "its end shut": "import socket\nsocket.socket(fileno=fd).shutdown(socket.SHUT_RDWR)",
    "its number taken": "os.close(fd)\nfiles = [open('/dev/null') for _ in range(9)]",
}


@pytest.mark.parametrize("code", BROKEN.values(), ids=BROKEN.keys())
def test_a_channel_broken_in_the_middle_ends_in_one_answer(
    fast_session: Session, code: str
) -> None:
    given = fast_session.evaluate(FD + code)
    assert given.status == "died"
    assert goes_on(fast_session, generation=2)


def test_a_defect_ends_the_worker_though_threads_go_on(fast_session: Session) -> None:
    """User code puts another channel, with something else in it, in the place of the worker's."""
    code = (
        "import socket, threading\nours, theirs = socket.socketpair()\n_ = theirs.send(b'x' * 99)\n"
        "threading.Thread(target=threading.Event().wait).start()\n_ = os.dup2(ours.fileno(), fd)"
    )
    assert fast_session.evaluate(FD + code).status == "died"
    assert goes_on(fast_session, generation=2)
