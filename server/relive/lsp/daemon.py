"""What the features share. Each part has one owner, and the features find each other here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from relive.lsp import commands, protocol
from relive.lsp.attempts import Attempts
from relive.lsp.configuration import Configuration
from relive.lsp.convert import Places
from relive.lsp.definition_news import DefinitionNews
from relive.lsp.documents import Documents, Snapshot
from relive.lsp.encoding import Codec
from relive.lsp.image import Image
from relive.lsp.outbox import Outbox
from relive.lsp.problems import Problems
from relive.lsp.rpc import Server
from relive.lsp.sessions import FolderSession, Sessions
from relive.lsp.slow_forms import SlowForms
from relive.lsp.states import States
from relive.lsp.watching.observer import FolderObserver, MakeObserver
from relive.session.requests import EvaluateRequest

Evaluate = Callable[[commands.EvaluateParams], Awaitable[protocol.Evaluation]]
"""Runs a part of a document, as a client asks for it."""
RunAgain = Callable[[FolderSession, EvaluateRequest, str], Awaitable[protocol.Evaluation]]
"""Runs an evaluation of the change log again, and tells of it under the token that is given."""


class Daemon:
    """The parts of a running daemon."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.outbox = Outbox(server.protocol.notify)
        self.codec = Codec()
        """Replaced when the client has said how it counts columns."""
        self.configuration = Configuration()
        self.documents = Documents()
        self.sessions = Sessions(self.configuration)
        self.image = Image(self.sessions, self.documents)
        self.attempts = Attempts()
        self.states = States(self.image, self.attempts)
        self.news = DefinitionNews(self.documents, self.image, self.states, self.outbox.post)
        self.slow = SlowForms()
        self.problems = Problems(self.documents, lambda: self.codec, self.outbox.post)
        self.evaluate: Evaluate = _cannot_evaluate
        """Set by the feature that runs code."""
        self.run_again: RunAgain = _cannot_run
        """Set by the feature that runs code."""
        self.make_observer: MakeObserver = FolderObserver
        """Watches a folder for changes by other programs."""
        self.at_end: list[Callable[[], None]] = []
        """Called when the client is gone, before the sessions are closed."""

    def close(self) -> None:
        """End all that goes on, and wait until the workers have ended."""
        for stop in self.at_end:
            stop()
        self.sessions.close()

    def places(self, snapshot: Snapshot, module: Snapshot | None = None) -> Places:
        """Return how to tell the client about places in `snapshot`.

        `module` is the document whose module text runs in that is not of that document.
        """
        others = None if module is None else self.places(module)
        return Places(snapshot, self.documents, self.codec, others)


async def _cannot_run(
    _session: FolderSession, _request: EvaluateRequest, _token: str
) -> protocol.Evaluation:
    raise NotImplementedError


async def _cannot_evaluate(_params: commands.EvaluateParams) -> protocol.Evaluation:
    raise NotImplementedError
