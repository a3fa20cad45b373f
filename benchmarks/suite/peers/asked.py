"""What every peer's script does: takes what it is asked, and tells how long it took."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from time import perf_counter


def serve(**acts: Callable[..., float | None]) -> None:
    """Carry out what comes on the standard input, until it ends.

    An act may say itself how long it took.
    """
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what is run may print
    for line in sys.stdin:
        arguments = json.loads(line)
        act = acts[arguments.pop("act")]
        begun = perf_counter()
        told = act(**arguments)
        answers.write(f"{perf_counter() - begun if told is None else told}\n")
        answers.flush()
