"""A console over pipes: one process, and what it answers to each block."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from console.conftest import Open
from console.driver import COMMAND, Console

pytestmark = pytest.mark.xdist_group("console, plain")

BLOCKS = {
    "a value": ("6 * 7", "42\n"),
    "none": ("None\n'after'", "'after'\n"),
    "an assignment, then": ("x = 5\nx + 1", "6\n"),
    "two statements in a line": ("y = 1; y + 9", "10\n"),
    "a class with a blank line": ("class A:\n    a = 1\n\n    b = 2\n\nA.b", "2\n"),
    "a branch": ("x = 1\nif x:\n    z = 1\n\nelse:\n    z = 2\n\nz", "1\n"),
    "a string over lines": ("'''one\n\n  two'''", "'one\\n\\n  two'\n"),
    "a comment before what goes on with it": (
        "if 0:\n    z = 1\n\n# or\nelse:\n    z = 2\n\nz",
        "2\n",
    ),
    "no character of any encoding": (
        "type('A', (), {'__repr__': lambda self: 'a\\ud800b'})()",
        "a\\ud800b\n",
    ),
    "await": ("import asyncio\nawait asyncio.sleep(0, 'slept')", "'slept'\n"),
    "output": ("print('said')", "said\n"),
    "output without an end": ("print('said', end=''); 7", "said\n7\n"),
    "a line of input": ("input('name? ')\nEve", "name? \n'Eve'\n"),
    "the last value": ("'kept'\n_ + '!'", "'kept!'\n"),
    "wide characters": ("'日本 🐍'", "'日本 🐍'\n"),
    "a tab": ("x = 5\nif x:\n\tprint('tabbed')\n\nx", "tabbed\n5\n"),
    "an error": ("1/0", "ZeroDivisionError: division by zero\n"),
    "a syntax error": ("def f(:", "SyntaxError: invalid syntax\n"),
    "a command's mark alone": (":\n'next'", "There is no command :. "),
    "a line of its own": ("%undo all\n'after'", "takes nothing, and got all.\n'after'\n"),
    "a long value": ("list(range(5000))", "… not all of it: %whole shows the rest\n"),
    "a long text": ("'x' * 50_000", "50,000 in all\n… not all of it: %whole shows the rest\n"),
    "the whole of it": ("list(range(5000))\n%whole", "4998, 4999]\n"),
    "no command": ("%redefin", "Did you mean %redefine?\n"),
    "a tab behind a command": ("%undo\tall", "takes nothing, and got all"),
    "too much for a command": ("%undo all", "takes nothing"),
    "the process": ("%session", ", idle\n"),
    "no module": (":in nowhere.at_all", "There is no module nowhere.at_all"),
    "no text": (
        "open('unreadable.py', 'wb').write(b's = \"\\xff\"')\n%load unreadable",
        "unreadable.py cannot be read",
    ),
    "nothing to compare": ("%compare", "the process runs what the files say\n"),
    "the log": ("%changes 2", "  evaluate  ok    list(range(5000))\n"),
    "more entries than there can be": ("%changes 99999999999999999999", "takes a number"),
    "no such number of its entries": ("%changes all", "how many of the latest entries"),
    "nothing runs": ("%queue", "nothing runs\n"),
    "nothing to interrupt": ("%interrupt", "nothing runs\n"),
    "nothing to run again": ("%rerun", "0 ran again\n"),
    "no library is changed": ("%patches", "no library is patched\n"),
    "nothing has died": ("%recover", "there is nothing to recover\n"),
    "an export to no such file": ("%export run.txt", "a file that ends in .py or in .ipynb."),
    "nothing held": ("%frames", "nothing is held\n"),
    "no way to go on": ("%resume", "%resume takes retry, restart, return EXPRESSION or abandon."),
    "nothing to go on with": ("%resume retry", "Nothing is held."),
    "nothing captured": ("%captured", "no call is kept\n"),
    "nothing to capture in": ("%capture f", "Say which module is meant"),
    "copyright": ("copyright", "Python Software Foundation"),
    "help": ("help", "%rewind"),
    "python's help": ("help(len)", "Help on built-in function len"),
    "a fresh process": ("%restart", ", idle\n"),
    "a fresh process with what had run": (
        "lost = 6 * 7\nlost\n%restart replay\nlost",
        ", idle\n2 of 2 entries ran again\n42\n",
    ),
    "no such restart": ("%restart again", "%restart takes nothing, or the word replay."),
    "nothing to go back over": ("%restart\n%rewind", "nothing has run in the process"),
    "a process of which there can be no copy": (
        "%restart\nimport connected\nlost = 6 * 7\nlost",
        ", idle\n42\n",
    ),
    "dead": ("import os; os._exit(3)", "the worker exited with status 3"),
    "alive again": ("1 + 1", "2\n"),
    "what had run in the dead one": (
        "%recover\nlost",
        "left out 1: was running when its process ended\n42\n",
    ),
    "stopped": ("%stop", "; no process, "),
    "and started by the next": ("2 + 2", "4\n"),
}


@pytest.fixture(scope="module")
def console(open_console: Open, folder: Path) -> Console:
    return open_console(Console, folder)


@pytest.mark.parametrize(("typed", "printed"), BLOCKS.values(), ids=BLOCKS.keys())
def test_a_block_is_answered(console: Console, typed: str, printed: str) -> None:
    console.say(f"{typed}\n")
    console.until(printed)


WORDS = ["exit", "quit", "copyright", "help", "clear"]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_gives_way_to_a_variable_of_its_name(console: Console, word: str) -> None:
    console.say(f"{word} = 'mine'\n{word} + '!'\n{word}\ndel {word}\n")
    console.until("'mine!'\n'mine'\n")


@pytest.mark.parametrize("word", ["exit", "quit", "exit()", "quit()"])
def test_a_word_leaves(open_console: Open, console: Console, folder: Path, word: str) -> None:
    leaving = open_console(Console, folder)
    leaving.say(f"'one'\n{word}\n'two'\n")
    leaving.until("'one'\n")
    assert leaving.end() == 0
    assert "two" not in leaving.rest
    console.say("'still ' 'here'\n")
    console.until("'still here'\n")


@pytest.fixture(scope="module")
def other(open_console: Open, console: Console, folder: Path) -> Console:
    """Another console on the same session."""
    console.say("'is ' 'there'\n")
    console.until("'is there'\n")
    return open_console(Console, folder)


@pytest.mark.parametrize("word", WORDS)
def test_a_word_gives_way_to_a_variable_while_something_else_runs(
    console: Console, other: Console, tmp_path: Path, word: str
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    other.say(f"{word} = 'mine'\n{word}\n")
    other.until("'mine'\n")
    console.say(f"print('be' + 'gun'); open({str(gate)!r}).read()\n")
    console.until("begun\n")
    free, printed = ("help", "%rewind") if word == "copyright" else ("copyright", "Python Software")
    other.say(f"{free}\n")
    other.until(printed)
    other.say(f"{word}\n")
    other.until("… waits for what runs")
    with gate.open("w") as opened:
        opened.write("the end")
    console.until("'the end'\n")
    other.until("'mine'\n")
    other.say(f"del {word}; 'gone'\n")
    console.until("=> 'gone'\n")


def test_a_module_is_entered_and_left(console: Console) -> None:
    steps = [
        ("x = 5", ""),
        (":in shop.prices", "in shop.prices, shop/prices.py\n"),
        ("price", "<function price at"),
        (":in", "in shop.prices, shop/prices.py\n"),
        (":in -\nx", "in the scratch module\n5\n"),
        (":in -\n_.__name__", "in shop.prices, shop/prices.py\n"),
        (":in .\nx", "in the scratch module\n5\n"),
    ]
    for typed, printed in steps:
        console.say(f"{typed}\n")
        console.until(printed)


def test_a_word_gives_way_among_many_names_like_it(console: Console) -> None:
    console.say("%restart\nfor n in range(200): globals()[f'a_help_{n}'] = n\n\n")
    console.say("help = 'mine'\nhelp\n%restart\n")
    console.until("'mine'\n")
    console.until(", idle\n")


def test_calls_of_what_is_no_function_are_not_kept(console: Console) -> None:
    console.say(":in shop.prices\n%capture prise\n%capture price of all\n:in .\n")
    for name in ("prise", "price of all"):
        console.until(f"There is no function {name} in ")
    console.until("in the scratch module\n")


def test_what_ran_is_written_to_a_new_file(console: Console, folder: Path) -> None:
    file = folder / "run.py"
    for typed, printed in (
        ("%restart\nexported = 6 * 7", ""),
        ("1 / 0", "ZeroDivisionError"),
        ("%export run.py", f"exported 1 statement to {file}\n"),
        ("%export run.py", "is there already"),
    ):
        console.say(f"{typed}\n")
        console.until(printed)
    code = f"{file.read_text()}\nprint(exported)"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout == "42\n"


def test_what_did_not_run_is_named_and_its_file_loaded(console: Console) -> None:
    console.say("%restart\n:in shop.prices\nRATE\n")
    console.until("%load runs it\n")
    console.say("%load\nprice(2)\n:in .\n")
    console.until("shop.prices is loaded\n6\nin the scratch module\n")


def test_an_error_is_held_looked_at_and_goes_on(console: Console) -> None:
    for typed, printed in (
        (":in shop.parts\n%load", "shop.parts is loaded\n"),
        ("%capture part", "the next calls of part are kept\n"),
        ("part(5)\n%captured", "2\npart(n=5) → 2\n"),
        (
            "total([5, 0]) * 2; 'next'",
            "the stack is held: %frames shows it, %resume has it go on\n",
        ),
        (
            "%frames",
            "2  <module>, the evaluated text:1: total([5, 0]) * 2; 'next'\n"
            "1  total, shop/parts.py:8: found += part(each)\n"
            "     numbers = [5, 0]\n     found = 2\n     each = 0\n"
            "0  part, shop/parts.py:2: return 10 // n\n     n = 0\n"
            "ZeroDivisionError: integer division or modulo by zero\n",
        ),
        ("'mean' 'while'", "'meanwhile'\n"),
        ("%resume return 5", "14\n'next'\n"),
        ("%captured", "part(n=5) → 2\n"),
        ("part(0)", "the stack is held"),
        ("%resume retry", "the stack is held"),
        ("%resume abandon", "ZeroDivisionError: integer division or modulo by zero\n"),
        ("%frames", "nothing is held\n"),
        (":in .", "in the scratch module\n"),
    ):
        console.say(f"{typed}\n")
        console.until(printed)


def test_a_module_is_redefined_from_its_file(console: Console, folder: Path) -> None:
    file = folder / "shop" / "prices.py"
    text = file.read_text()
    console.say(":in shop.prices\n%load\nprice(5)\n")
    console.until("15\n")
    file.write_text(text.replace("n * RATE", "n * RATE + 1"))
    console.say("%redefine\nprice(5)\n")
    console.until("redefined price")
    console.until("16\n")
    _until_seen_on_disk(console, folder)
    console.say("%undo\nprice(5)\n")
    console.until("undone: ")
    console.until("15\n")
    console.say("%redefine price\nprice(5)\n%compare\n")
    console.until("16\n")
    console.until("the process runs what the files say\n")
    file.write_text(text)
    console.say(":in .\n")


def _until_seen_on_disk(console: Console, folder: Path) -> None:
    """Wait until what was written has been seen: news of it that came later would be a change."""
    file, text = folder / "seen.py", "def last():\n    return 1\n"
    file.write_text(text)
    console.say("import seen\n'imported'\n")
    console.until("'imported'\n")
    file.write_text(text.replace("1", "2"))
    console.until("redefined last (1 function), by a change on disk")
    console.say("%undo\n")
    console.until("undone: ")
    file.write_text(text)


def test_its_last_evaluation_is_undone(console: Console) -> None:
    console.say(
        ":in .\n%restart\nimport connected\nconnected.opened.fileno()\nn = 1\nn = 2\n%rewind\n%rewind yes\nn\n"
    )
    console.until("nothing was undone")
    console.until("back to before n = 2\n1\n")


def test_a_file_runs_to_its_end_and_tells_whether_it_went_well(folder: Path) -> None:
    command = [*COMMAND, str(folder), "--python", sys.executable, "--module", "shop.prices"]
    text = "%load\ndef f():\n    return RATE\n\n\nf()\n1/0\nfor i in range(2):\n    print(i)"
    ended = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert ended.stdout == "shop.prices is loaded\n3\n0\n1\n"
    assert ended.stderr.splitlines()[-1] == "ZeroDivisionError: division by zero"
    assert ended.returncode == 1
    assert "\x1b" not in ended.stdout + ended.stderr


PROGRAMS = {
    "in a byte order mark": ("\ufeff6 * 7\n".encode(), b"42\n", 0),
    "not all in UTF-8": (b"'\xe9'\n'after'\n", b"'after'\n", 1),
    "of a file that fails": (b":in failing\n%load\n", b"in failing, failing.py\n", 1),
    "with a name for no module": (b":in nowhere\n7\n", b"7\n", 1),
    "with nothing to redefine": (b":in failing\n%redefine g\n", b"in failing, failing.py\n", 1),
}


@pytest.mark.parametrize(("program", "printed", "code"), PROGRAMS.values(), ids=PROGRAMS.keys())
def test_a_program(tmp_path: Path, program: bytes, printed: bytes, code: int) -> None:
    (tmp_path / "failing.py").write_text("1/0\n")
    command = [*COMMAND, str(tmp_path), "--python", sys.executable]
    # A locale in which the program would be no text.
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ended = subprocess.run(
        command, input=program, env=environment, capture_output=True, check=False
    )
    assert (ended.stdout, ended.returncode) == (printed, code), ended.stderr
    assert b"console-lines" not in ended.stderr


def test_a_program_runs_in_no_other_module_than_its_own(folder: Path) -> None:
    command = [*COMMAND, str(folder), "--python", sys.executable, "--module", "shop.nowhere"]
    ended = subprocess.run(command, input=b"'ran'", capture_output=True, check=False)
    assert (ended.stdout, ended.returncode) == (b"", 1)


STREAMS = {"input": "0<&-", "output": "1>&-", "errors": "2>&-", "all": "0<&- 1>&- 2>&-"}


@pytest.mark.skipif(sys.platform == "win32", reason="no such shell")
@pytest.mark.parametrize("closing", STREAMS.values(), ids=STREAMS.keys())
def test_streams_may_be_closed(folder: Path, closing: str) -> None:
    shell = ["sh", "-c", f'exec "$@" {closing}', "sh"]
    command = [*shell, *COMMAND, str(folder), "--python", sys.executable]
    ended = subprocess.run(command, input=b"7\n", capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device")
def test_output_that_cannot_be_written_ends_it(folder: Path) -> None:
    command = [*COMMAND, str(folder), "--python", sys.executable]
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            command, input=b"7\n8\n", stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert ended.stderr == b"relive: output cannot be written: No space left on device\n"
    assert ended.returncode == 129


def test_output_that_nobody_reads_ends_it(folder: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [*COMMAND, str(folder), "--python", sys.executable]
    ended = subprocess.run(
        command, input=b"7\n8\n", stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (ended.stderr, ended.returncode) == (b"", 129)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    command = [*COMMAND, str(tmp_path / "gone")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "is no folder" in ended.stderr


def test_start_up_code_runs_where_the_console_says_so(tmp_path: Path) -> None:
    startup = tmp_path / ".relive" / "startup.py"
    startup.parent.mkdir()
    startup.write_text("import sys\nsys.ready = 'ready'\nsys.unknown\n")
    command = [*COMMAND, str(tmp_path), "--python", sys.executable]
    text = "getattr(__import__('sys'), 'ready', 'bare')"
    told = {}
    for more in ((), ("--startup",)):
        ended = subprocess.run(
            [*command, *more], input=text, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
        told[more] = (ended.stdout, ended.stderr)
    assert told[()][0] == "'bare'\n"
    assert ".relive/startup.py is not run; with --startup it is" in told[()][1]
    assert told["--startup",][0].endswith("'ready'\n")
    assert ".relive/startup.py:3 => AttributeError" in "".join(told["--startup",])
