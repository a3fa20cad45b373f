"""Exports for Python programs: what a session has run, written to a file."""

from __future__ import annotations

import os
import time

from relive.exporting.notebook import notebook
from relive.exporting.places import name_of
from relive.exporting.program import program
from relive.exporting.script import About, script
from relive.session.session import Session


def about(session: Session) -> About:
    """Return what an export says of a session."""
    info = session.info()
    when = time.strftime("%Y-%m-%d %H:%M %Z")
    folder = session.home
    what = f"The session of {os.path.basename(folder)}"
    whole = session.has_all_steps
    return About(what, when, info.python, info.version, folder, whole)


def as_script(session: Session, file: str | None = None) -> str:
    """Return what the process of a session has run as a program that gives its state again.

    Args:
        session: whose process it is.
        file: the file whose module is the program's own; that with most code, unless it is given.
    """
    return script(program(session.steps(), name_of, file), about(session))


def as_notebook(session: Session, file: str | None = None) -> str:
    """Return it as a notebook, with what its cells gave; see `as_script`."""
    steps = session.steps()
    return notebook(program(steps, name_of, file), steps, about(session))
