"""What messages say of start-up code: `.relive/startup.py` of a folder, first in its processes."""

from __future__ import annotations

from relive.lsp.quick_attrs import message

STARTUP = "relive/startup"


@message
class StartupParams:
    """`relive/startup`, from the server: whether a folder's start-up code runs in a new process.

    Asked only of a client whose `initializationOptions` have `startup: "ask"`, before each process
    that finds such a file; what was asked for waits for the answer.
    """

    uri: str
    """The file."""
    folder: str
    digest: str
    """Of its content: an answer need not be asked for twice."""
    problem: str | None = None
    """Why it cannot be run at all, whatever the answer."""


@message
class StartupAnswer:
    """What the user said."""

    run: bool
