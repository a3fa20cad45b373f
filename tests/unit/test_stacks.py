"""Stacks as the interpreter writes them: which threads are the user's."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import relive
from relive.session.stacks import Stacks, formatted

WORKER = Path(relive.__file__).parent / "worker"
DECODER = "/usr/lib/python3.11/json/decoder.py"


_numbers = count(0x7F0000000000)


def thread(*files: str, number: int | None = None) -> str:
    """Return a thread's stack, innermost first."""
    lines = "".join(f'  File "{file}", line 3 in f\n' for file in files)
    number = next(_numbers) if number is None else number
    return f"Thread 0x{number:016x} (most recent call first):\n{lines}\n"


def told(*threads: str) -> int:
    stacks = Stacks()
    stacks.add("".join(threads))
    return formatted(stacks.all).count("most recent call last")


def test_a_thread_of_ours_is_not_told_whatever_it_is_at() -> None:
    waiting = thread(f"{WORKER}/channel.py", f"{WORKER}/loop.py")
    decoding = thread(DECODER, f"{WORKER}/channel.py", f"{WORKER}/loop.py")
    framing = thread(f"{WORKER.parent}/wire/frames.py", f"{WORKER}/channel.py", f"{WORKER}/loop.py")
    assert told(waiting, decoding, framing) == 0


def test_one_that_runs_code_of_the_users_is() -> None:
    decorating = thread(DECODER, "/home/ann/deco.py", f"{WORKER}/loop.py")
    assert told(decorating) == 1


def test_threads_of_the_users_and_the_main_thread_are() -> None:
    theirs = thread("/usr/lib/python3.11/threading.py", f"{WORKER}/origins.py")
    main = thread("/usr/lib/python3.11/threading.py", f"{WORKER}/__main__.py")
    assert told(theirs, main) == 2


def test_of_a_thread_that_was_told_twice_the_last_stack_counts() -> None:
    stacks = Stacks()
    stacks.add(thread("/home/ann/first.py", number=1) + thread("/home/ann/last.py", number=1))
    assert [stack.lines[0].file for stack in stacks.all] == ["/home/ann/last.py"]


def test_a_crash_while_stacks_were_written_has_none() -> None:
    stacks = Stacks()
    stacks.add(thread("/home/ann/shop.py") + "Fatal Python error: Segmentation fault\n\n")
    assert stacks.of_crash() == []
