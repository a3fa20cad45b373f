"""What is being handled beneath an evaluation, which runs while another one's error is held.

The interpreter takes each exception that is raised meanwhile for one that came up while that one
was handled. To the user they have nothing to do with each other.
"""

from __future__ import annotations

import sys

_MOST = 100
"""Exceptions that are looked at: what a chain of more tells nobody reads."""


def handled_here() -> BaseException | None:
    """Return the exception that is being handled at this point."""
    return sys.exc_info()[1]


def cut_off(error: BaseException, beneath: BaseException | None) -> None:
    """Have nothing that led to `error` say that it came up while `beneath` was handled."""
    if beneath is None:
        return
    waiting, seen = [error], {id(beneath)}
    while waiting and len(seen) < _MOST:
        each = waiting.pop()
        seen.add(id(each))
        if each.__context__ is beneath:
            each.__context__ = None
        linked = (each.__context__, each.__cause__)
        waiting += [other for other in linked if other is not None and id(other) not in seen]
