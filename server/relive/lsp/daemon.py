"""What the features share. Each part has one owner, and the features find each other here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from relive.lsp import commands, protocol
from relive.lsp.attempts import Attempts
from relive.lsp.captures import Captures
from relive.lsp.configuration import Configuration
from relive.lsp.convert import Places
from relive.lsp.definition_news import DefinitionNews
from relive.lsp.documents import Documents, Snapshot
from relive.lsp.encoding import Codec
from relive.lsp.folder_session import FolderSession
from relive.lsp.image import Image
from relive.lsp.outbox import Outbox
from relive.lsp.problems import Problems
from relive.lsp.registry import Registry
from relive.lsp.rpc import Server
from relive.lsp.sessions import Sessions
from relive.lsp.slow_forms import SlowForms
from relive.lsp.states import States
from relive.lsp.watching.observer import FolderObserver, MakeObserver
from relive.session.holds import Hold
from relive.session.requests import Cause, EvaluateRequest, ResumeRequest


class Evaluate(Protocol):
    """Runs a part of a document, as a client asks for it."""

    def __call__(
        self, params: commands.EvaluateParams, cause: Cause = ...
    ) -> Awaitable[protocol.Evaluation]:
        """Run it; `cause` is who wants that."""


EvaluateText = Callable[[commands.EvaluateTextParams], Awaitable[protocol.Evaluation]]
"""Runs text that stands in no document."""
Queue = Callable[[commands.QueueParams], Awaitable[protocol.Queue]]
"""Tells what runs and what waits."""
RunAgain = Callable[[FolderSession, EvaluateRequest, str], Awaitable[protocol.Evaluation]]
"""Runs an evaluation of the change log again, and tells of it under the token that is given."""


Resume = Callable[
    [FolderSession, Hold, ResumeRequest, "str | None"], Awaitable[protocol.Evaluation]
]
"""Has what is held go on, and tells of its evaluation under the token, or the one it had."""


class Daemon:
    """The parts of what serves one connection."""

    def __init__(self, server: Server, registry: Registry | None = None) -> None:
        self.server = server
        self.registry = registry or Registry()
        """The sessions of the process."""
        self.outbox = Outbox(server.protocol.notify, server.protocol.backlog)
        self.codec = Codec()
        """Replaced when the client has said how it counts columns."""
        self.configuration = Configuration()
        self.documents = Documents()
        self.sessions = Sessions(self.configuration, self.registry)
        self.image = Image(self.sessions, self.documents)
        self.attempts = Attempts()
        self.states = States(self.image, self.attempts)
        self.news = DefinitionNews(self.documents, self.image, self.states, self.outbox.post)
        self.captures = Captures()
        self.slow = SlowForms()
        self.problems = Problems(self.documents, lambda: self.codec, self.outbox.post)
        self.evaluate: Evaluate = _cannot_evaluate
        """Set by the feature that runs code."""
        self.evaluate_text: EvaluateText = _cannot_evaluate
        """Set by the feature that runs code."""
        self.queue: Queue = _cannot_queue
        """Set by the feature that runs code."""
        self.resume: Resume = _cannot_resume
        """Set by the feature that runs code."""
        self.held_document: Callable[[FolderSession, Hold], str | None] = lambda *_: None
        """Returns the document whose evaluation is held; set by the feature that runs code."""
        self.run_again: RunAgain = _cannot_run
        """Set by the feature that runs code."""
        self.make_observer: MakeObserver = FolderObserver
        """Watches a folder for changes by other programs."""
        self.end_all: Callable[[], None] = lambda: None
        """Ends the process, with all connections and sessions; set by who serves them."""
        self.at_begin: list[Callable[[], None]] = [self.sessions.enter]
        """Called once the client can be told things."""
        self.at_end: list[Callable[[], None]] = []
        """Called when the client is gone, before its sessions are let go."""

    def close(self) -> None:
        """End all that goes on for this connection; its sessions stay, with what runs in them."""
        self.server.give_up()
        for stop in self.at_end:
            stop()
        self.sessions.leave()

    def look_again(self, session: FolderSession) -> None:
        """Ask a copy that goes on what it holds, of all that was asked about of the one before."""
        if self.news.follows_all:
            self.image.follow_all_soon(session)
        else:
            self.image.refresh_soon(session)

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


async def _cannot_resume(
    _session: FolderSession, _hold: Hold, _request: ResumeRequest, _token: str | None
) -> protocol.Evaluation:
    raise NotImplementedError


async def _cannot_evaluate(params: object, cause: object = None) -> protocol.Evaluation:
    raise NotImplementedError


async def _cannot_queue(_params: commands.QueueParams) -> protocol.Queue:
    raise NotImplementedError
