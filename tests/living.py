"""A process that many tests live in, one after another, as in a long session."""

from __future__ import annotations

from pathlib import Path

from letting_go import LettingGo
from relive.session.session import Session

Place = tuple[Session, Path]
"""A session, and the folder that is a test's workspace in it."""

HOLDS = "3.12"
"""The Python whose processes hold errors, as in an editor: what is redefined is dressed code. In the
others it is the compiler's."""

BEGIN = """
def begin(folder, lived_in):
    import os, sys
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(lived_in):
            del sys.modules[name]
    sys.path[:] = [folder, *(each for each in sys.path if not each.startswith(lived_in))]
    os.chdir(folder)
    for name in list(globals()):
        if not name.startswith("__"):
            del globals()[name]

begin({folder!r}, {lived_in!r})
"""
"""What a new process would bring: none of the modules and names of the tests before."""


def live_in(folder: Path, python: str, version: str) -> Session:
    """Return a session for tests whose workspaces are folders below one."""
    kind = LettingGo if version == HOLDS else Session
    session = kind(python, folder)
    assert session.evaluate("None").status == "ok"
    return session


def begin(session: Session, folder: Path, lived_in: Path) -> None:
    """Have the next test begin, whose workspace is a folder of those that were lived in."""
    begun = session.evaluate(BEGIN.format(folder=str(folder), lived_in=str(lived_in)))
    assert begun.status == "ok", begun.error
