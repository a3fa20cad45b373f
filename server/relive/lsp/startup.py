"""Start-up code of a folder: which there is, who may say that it runs, and who is told of it."""

from __future__ import annotations

import hashlib
import io
import tokenize
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from relive.changelog.disk import NAME as FOLDER
from relive.lsp.configuration import Startup
from relive.lsp.shared import SharedSession
from relive.lsp.startup_protocol import StartupParams
from relive.session.answers import Evaluation, file_uri
from relive.session.requests import EvaluateRequest
from relive.session.starting import Decide, whole_file

NAME = "startup.py"


class Member(Protocol):
    """One who has the session."""

    @property
    def startup(self) -> Startup:
        """Whether the connection has start-up code run."""

    def allow(self, params: StartupParams, allowed: Callable[[bool], None]) -> None:
        """Have the user say whether it runs."""


class FolderStartup:
    """The start-up code of a folder's session."""

    def __init__(self, folder: str, shared: SharedSession) -> None:
        self._folder = folder
        self._path = Path(folder, FOLDER, NAME)
        self._shared = shared

    def wanted(self, decide: Decide) -> None:
        """See StartupCode: it is read anew for each process."""
        try:
            content = self._path.read_bytes()
        except OSError:  # there is none
            decide(None)
            return
        text, problem = _decoded(content)

        def allowed(yes: bool) -> None:
            runs = yes and text is not None
            decide(whole_file(str(self._path), text or "") if runs else None)

        self._ask(self._params(content, problem), allowed)

    def _params(self, content: bytes, problem: str | None) -> StartupParams:
        digest = hashlib.sha256(content).hexdigest()
        uri, folder = file_uri(str(self._path)) or "", file_uri(self._folder) or ""
        return StartupParams(uri, folder, digest, problem)

    def _ask(self, params: StartupParams, allowed: Callable[[bool], None]) -> None:
        """Let those decide who have said so when they came, or else one who can ask a user."""
        members = self._shared.members
        if any(each.startup == "run" for each in members):
            allowed(True)
            return
        asks = [each for each in members if each.startup == "ask"]
        if asks:
            asks[0].allow(params, allowed)
        else:
            allowed(False)

    def begins(self, evaluation: int, request: EvaluateRequest) -> None:
        """See StartupCode."""
        self._shared.begins_unasked(evaluation, request)

    def ended(self, answer: Evaluation) -> None:
        """See StartupCode."""
        self._shared.ended_unasked(answer)


def _decoded(content: bytes) -> tuple[str | None, str | None]:
    """Return the text of a source file, or why it has none."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return io.TextIOWrapper(io.BytesIO(content), encoding).read(), None
    except (SyntaxError, ValueError, LookupError) as problem:
        return None, str(problem)
