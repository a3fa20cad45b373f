"""What Python callers ask of the past: undo, the versions of a definition, process and disk."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Callable
from functools import partial

from relive.changelog.history import History
from relive.session import callers
from relive.session.comparing import Comparison, compared
from relive.session.definition_answers import Redefinition, RunningFile, Undo
from relive.session.recovering import Recovering
from relive.session.requests import PYTHON, RedefineRequest, UndoRequest
from relive.session.versions import Past, Versions, entries_about


class GoingBack(Recovering):
    """The part of a session, for callers without an event loop, that brings back what was."""

    @abstractmethod
    def submit_running(
        self, file: str | None, done: Callable[[tuple[RunningFile, ...]], None]
    ) -> None:
        """See Session."""

    def undo(self) -> Undo:
        """Undo the last step that changed definitions in the process, and was not undone yet.

        A step is a redefinition, a reverted patch, or an evaluation of definitions that were live
        already. No file changes.
        """
        answer: Undo = self._wait(partial(self.submit_undo, UndoRequest(PYTHON)))
        return answer

    def versions(self, file: str | os.PathLike[str], name: str) -> Versions:
        """Return every text of a definition that ran, newest first, as far as the log tells.

        Args:
            file: the definition's.
            name: qualified, as `Class.method`.
        """
        return self._past(callers.module_file(file, self._cwd), name).versions()

    def redefine_to(
        self, file: str | os.PathLike[str], name: str, entry: str | None = None
    ) -> Redefinition:
        """Bring one definition back as an entry of the log brought it; None: as it was loaded.

        Raises:
            NoVersionError: there is no such version, or no place for it.
        """
        path = callers.module_file(file, self._cwd)
        document, line = self._past(path, name).document(entry)
        request = RedefineRequest(path, document, name, line, cause=PYTHON)
        answer: Redefinition = self._wait(partial(self.submit_redefine, request))
        return answer

    def compare(self, file: str | os.PathLike[str] | None = None) -> Comparison:
        """Return the definitions in which the process and a file on disk differ.

        None: all files of the workspace that are loaded.
        """
        path = None if file is None else callers.module_file(file, self._cwd)
        running = self._running(path)
        return compared(running, {each.file: callers.text_of(each.file) for each in running})

    def _past(self, file: str, name: str) -> Past:
        history = None if self.log is None else History(self.log.folder)
        said = callers.text_of(file) or ""
        return Past(file, name, said, self._running(file), entries_about(history, file))

    def _running(self, file: str | None) -> tuple[RunningFile, ...]:
        answer: tuple[RunningFile, ...] = self._wait(partial(self.submit_running, file))
        return answer
