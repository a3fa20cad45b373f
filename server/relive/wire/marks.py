"""Marks in what a worker writes: whose output the bytes behind one are.

Output without a mark belongs to whatever runs at the time, as that of C code and of children
cannot but do. What a thread or a task writes is marked with the evaluation that started it. A
marked piece is written at once and is no longer than what a pipe takes as a whole, so nothing of
another thread or process gets between mark and text, and the order of all that is written stays.

Where a statement begins there is a mark too, in the main thread's own output: the worker may be
ahead of what it has told, and what a later statement writes must not be taken for an earlier one's.

A mark is an application's command to a terminal, which shows none of it. One that user code
writes itself is believed: the only harm is that its text is shown elsewhere.
"""

from __future__ import annotations

STATEMENT = 0
"""In the place of an evaluation's number: the next statement begins here, and no text follows."""
LONGEST = 40
"""Bytes of a mark, at most."""


def mark(owner: int, length: int) -> bytes:
    """Return the mark for the `length` bytes behind it."""
    return b"\x1b_relive;%d;%d\x1b\\" % (owner, length)
