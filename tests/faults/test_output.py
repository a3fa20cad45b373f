"""What user code prints, and reads: all of it comes, in order, within bounds, and blocks nobody."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from faults.sessions import Watched, goes_on, printed, value
from relive.session.events import OutputReady
from relive.session.output import OUTPUT_LIMIT
from relive.session.session import Session


@pytest.fixture
def watched(make_session) -> Watched:
    return Watched(make_session)


def told(watched: Watched) -> str:
    """Return all that the listener was told of output."""
    return "".join(e.chunk.text for e in watched.events if isinstance(e, OutputReady))


# -- floods ----------------------------------------------------------------------------------------

FLOODS = {
    "many pieces": (
        "import sys\nfor _ in range(300): _ = sys.stdout.write('x' * 100_000)",
        30_000_000,
    ),
    "O2 one line": ("print('x' * 30_000_000, end='')", 30_000_000),
    "short lines": ("for _ in range(600_000): print('xx')", 1_800_000),
    "both streams": (
        "import os\nfor _ in range(300): _ = os.write(1, b'x' * 50_000), os.write(2, b'y' * 50_000)",
        30_000_000,
    ),
    "from C code": (
        "import subprocess\n_ = subprocess.run(['head', '-c', '30000000', '/dev/zero'])",
        30_000_000,
    ),
}


@pytest.mark.parametrize(("code", "size"), FLOODS.values(), ids=FLOODS.keys())
def test_a_flood_is_cut_and_says_how_much(watched: Watched, code: str, size: int) -> None:
    given = watched.session.evaluate(f"{code}\n'end'")
    assert value(given) == "'end'"
    assert given.output_truncated
    assert sum(len(chunk.text) for chunk in given.output) == OUTPUT_LIMIT
    assert given.output_dropped == size - OUTPUT_LIMIT
    assert f"[output cut at {OUTPUT_LIMIT:,} characters]" in told(watched)
    assert told(watched).endswith(f"[{size - OUTPUT_LIMIT:,} characters more were dropped]\n")
    assert len(told(watched)) < OUTPUT_LIMIT + 200


FLOOD_SCRIPT = """
import resource, sys
from relive import Session
with Session(cwd=sys.argv[1]) as session:
    session.evaluate("import os, resource")
    peak = "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss"
    def of_worker(): return int(session.evaluate(peak).results[-1].value.text)
    before, worker_before = eval(peak), of_worker()
    given = session.evaluate("for _ in range(3000): print('x' * 100_000, end='')")
    assert given.output_dropped == 299_000_000, given
    worker_grown = of_worker() - worker_before
    given = session.evaluate("x = list(range(1_000_000))\\nclass Q:\\n    def __repr__(self): return 'x' * 10**8\\n[Q()] * 3")
    print(eval(peak) - before, worker_grown)
"""

DAEMON_BOUND_KB = 64 * 1024
"""What a flood may cost the session's process, whatever its size: what is kept, several times over."""
WORKER_BOUND_KB = 16 * 1024
"""What it may cost the worker, which keeps nothing of it."""


def test_a_flood_costs_the_session_a_bounded_memory(workspace: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FLOOD_SCRIPT, str(workspace)],
        capture_output=True,
        text=True,
        check=True,
    )
    grown, worker_grown = map(int, done.stdout.split())
    assert grown < DAEMON_BOUND_KB
    assert worker_grown < WORKER_BOUND_KB


def test_a_flood_from_a_thread_between_evaluations_is_cut_and_blocks_nobody(
    watched: Watched,
) -> None:
    session, seen = watched.session, threading.Event()
    watched.when_printed("over", seen.set)
    session.evaluate(
        "import sys, threading\ndef flood():\n"
        "    for _ in range(100): print('y' * 100_000)\n    print('over', file=sys.stderr)\n"
        "thread = threading.Thread(target=flood)\nthread.start()"
    )
    session.evaluate("thread.join()")
    assert goes_on(session)
    # Two evaluations, and what came between them: each up to the limit, and what was cut in words.
    assert len(told(watched)) < 3 * (OUTPUT_LIMIT + 100)


def test_a_bar_is_no_flood_however_often_it_is_drawn(watched: Watched) -> None:
    """What it draws over does not count: it is seen to its end, and so is what follows."""
    code = (
        "for n in range(100_000): print(f'\\r{n:>50}', end='')\nprint()\n"
        "for n in range(20_000): print(f'\\r\\x1b[2K\\x1b[1A\\x1b[2K{n:>50}\\nbar', end='')\nprint('end')"
    )
    given = watched.session.evaluate(code)
    assert not given.output_truncated
    assert printed(given).endswith(f"{19_999:>50}\nbarend\n")
    assert told(watched).endswith("barend\n")


# -- all that was written, as it was meant ---------------------------------------------------------


def test_P7_characters_split_between_reads_stay_whole(fast_session: Session) -> None:
    code = "import os\nfor b in 'é€😀'.encode() * 50:\n    _ = os.write(1, bytes([b]))"
    assert printed(fast_session.evaluate(code)) == "é€😀" * 50


def test_O5_bytes_that_are_no_text_are_shown_as_escapes(fast_session: Session) -> None:
    given = fast_session.evaluate("import os\n_ = os.write(1, bytes(range(256)))")
    assert printed(given) == bytes(range(256)).decode("utf-8", "backslashreplace")
    assert printed(fast_session.evaluate("print('\\ud800 ok')")) == "\\ud800 ok\n"


def test_O6_control_characters_come_as_they_are(fast_session: Session) -> None:
    """What a terminal would do with them the client decides, which knows lines and annotations."""
    code = "for n in range(10_000): print(f'\\r\\x1b[1m{n}', end='')"
    assert printed(fast_session.evaluate(code)).endswith("\r\x1b[1m9999")


def test_O3_a_program_that_fills_both_streams_is_drained(fast_session: Session) -> None:
    code = (
        "import subprocess, sys\nsubprocess.run([sys.executable, '-c', '''import os\n"
        'for _ in range(100): os.write(1, b"o" * 4000), os.write(2, b"e" * 4000)\'\'\']).returncode'
    )
    given = fast_session.evaluate(code)
    assert value(given) == "0"
    assert printed(given) == "o" * 400_000
    assert printed(given, "stderr") == "e" * 400_000


def test_O14_streams_keep_their_order_and_the_value_comes_last(watched: Watched) -> None:
    code = "import sys\nfor n in range(500):\n    print(n)\n    print(n, file=sys.stderr)\n'value'"
    given = watched.session.evaluate(code)
    wanted = "".join(f"{n}\n" for n in range(500))
    assert (printed(given), printed(given, "stderr")) == (wanted, wanted)
    kinds = [type(event).__name__ for event in watched.events]
    last_output = len(kinds) - 1 - kinds[::-1].index("OutputReady")
    last_result = len(kinds) - 1 - kinds[::-1].index("ResultReady")
    assert last_output < last_result


def test_O17_printing_while_a_module_is_imported_waits_for_nobody(
    fast_session: Session, workspace: Path
) -> None:
    (workspace / "loud.py").write_text(
        "import threading\ndone = threading.Event()\ndef speak():\n"
        "    print('from a thread', flush=True)\n    done.set()\n"
        "threading.Thread(target=speak).start()\nprint('at import', flush=True)\n"
        "assert done.wait(30)\n"
    )
    code = "import sys\nfor _ in range(20):\n    import loud\n    del sys.modules['loud']"
    given = fast_session.evaluate(code)
    assert given.status == "ok", given.error
    assert printed(given).count("from a thread") == printed(given).count("at import") == 20


# -- streams that user code has changed ------------------------------------------------------------


def test_O7_a_stream_that_was_replaced_and_forgotten(
    fast_session: Session, workspace: Path
) -> None:
    given = fast_session.evaluate(
        "import os, sys\nsys.stdout = open('log', 'w')\nprint('kept')\nsys.stdout.close()\n1"
    )
    assert value(given) == "1"
    assert (workspace / "log").read_text() == "kept\n"
    assert goes_on(fast_session)
    assert printed(fast_session.evaluate("_ = os.write(1, b'ours')")) == "ours"
    given = fast_session.evaluate("print('into nothing')")
    assert given.error is not None
    assert given.error.type == "ValueError"
    given = fast_session.evaluate("sys.stdout = sys.__stdout__\nprint('again')")
    assert printed(given) == "again\n"


@pytest.mark.parametrize("stream", ["None", "object()", "open('/dev/full', 'w')"])
def test_O7_streams_that_are_no_streams(fast_session: Session, stream: str) -> None:
    fast_session.evaluate(f"import sys\nsys.stdout = sys.stderr = {stream}")
    fast_session.evaluate("print('x' * 100)")
    assert goes_on(fast_session)
    assert fast_session.evaluate("1 / 0").status == "error"


def test_O15_logging_writes_each_line_once(fast_session: Session) -> None:
    given = fast_session.evaluate("import logging\nlogging.getLogger().handlers")
    assert value(given) == "[]"
    for turn in range(3):
        given = fast_session.evaluate(f"logging.basicConfig()\nlogging.warning('line {turn}')")
        assert printed(given, "stderr") == f"WARNING:root:line {turn}\n"


# -- input -----------------------------------------------------------------------------------------

READS = {
    "input": ("input('name? ')", "'one'"),
    "readline": ("import sys; sys.stdin.readline()", "'one\\n'"),
    "read": ("import sys; sys.stdin.read()", "'one\\ntwo\\n'"),
    "lines": ("import sys; list(sys.stdin)", "['one\\n', 'two\\n']"),
    "password": ("import getpass; getpass.getpass()", "'one'"),
    "descriptor 0": ("import os; os.read(0, 100)", "b''"),
    "child": ("import subprocess; subprocess.run(['cat'], capture_output=True).stdout", "b''"),
    "pdb": ("import pdb; pdb.Pdb().set_trace(); 1", "1"),
}


@pytest.mark.parametrize(("code", "wanted"), READS.values(), ids=[f"O12 {name}" for name in READS])
def test_what_reads_gets_lines_or_the_end(make_session, code: str, wanted: str) -> None:
    lines = iter(["continue"] if "pdb" in code else ["one", "two"])
    asked: list[bool] = []

    def ask(request, reply) -> None:
        asked.append(request.password)
        reply(next(lines, None))

    session = make_session(ask=ask)
    assert value(session.evaluate(code)) == wanted
    assert all(asked) == ("getpass" in code or not asked)


@pytest.mark.parametrize(
    "code", ["input()", "import getpass; getpass.getpass()", "import sys; sys.stdin.readline()"]
)
def test_O12_without_anyone_to_ask_it_is_the_end_of_input(fast_session: Session, code: str) -> None:
    given = fast_session.evaluate(code)
    assert given.status == "ok" or (given.error is not None and given.error.type == "EOFError")
    assert goes_on(fast_session)


def test_O12_A12_an_interrupt_leaves_the_debugger(make_session, python: str) -> None:
    watched = Watched(make_session, python, ask=lambda request, reply: watched.session.interrupt())
    given = watched.session.evaluate("x = 1\nbreakpoint()\nx = 2")
    assert given.status == "interrupted"
    assert goes_on(watched.session)


def test_O12_another_question_after_an_interrupt_is_asked(make_session) -> None:
    answers = iter([None, "yes"])

    def ask(request, reply) -> None:
        answer = next(answers)
        if answer is None:
            session.interrupt()
        else:
            reply(answer)

    session = make_session(ask=ask)
    code = "try: input('> ')\nexcept KeyboardInterrupt: answer = input('sure? ')\nanswer"
    assert value(session.evaluate(code)) == "'yes'"
