"""What Python callers ask of a session: each call waits for its answer, on its own thread."""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from relive.session import callers
from relive.session.answers import Evaluation, SessionInfo, Value
from relive.session.definition_answers import Patches, Redefinition, Undo
from relive.session.driver import CallerDriver, Driver, LoopDriver
from relive.session.keeping import forget
from relive.session.requests import (
    EvaluateRequest,
    InCall,
    InFrame,
    RedefineRequest,
    RevertRequest,
    UndoRequest,
)
from relive.session.shown import GoneError, NoViewError, ShownValue
from relive.session.values import Gone, InspectedValue, NoView
from relive.session.viewing import Inspection, View

Answer = TypeVar("Answer")
Own = TypeVar("Own", bound="Blocking")


class Blocking(ABC):
    """The part of a session for callers without an event loop."""

    _cwd: str
    home: str
    """The folder whose `.relive` has what is stored of the session."""
    _lock: threading.RLock
    _driver: Driver | None

    @abstractmethod
    def submit(self, request: EvaluateRequest, done: Callable[[Evaluation], None]) -> int:
        """See Session."""

    @abstractmethod
    def submit_redefine(
        self, request: RedefineRequest, done: Callable[[Redefinition], None]
    ) -> None:
        """See Session."""

    @abstractmethod
    def submit_revert(self, request: RevertRequest, done: Callable[[Redefinition], None]) -> None:
        """See Session."""

    @abstractmethod
    def submit_undo(self, request: UndoRequest, done: Callable[[Undo], None]) -> None:
        """See Session."""

    @abstractmethod
    def submit_patches(self, done: Callable[[Patches], None]) -> None:
        """See Session."""

    @abstractmethod
    def submit_view(
        self, view: View[Answer], done: Callable[[Answer | Gone | NoView], None]
    ) -> int:
        """See Session."""

    @abstractmethod
    def info(self) -> SessionInfo:
        """See Session."""

    @abstractmethod
    def begin_restart(self, done: Callable[[SessionInfo], None]) -> None:
        """See Session."""

    @abstractmethod
    def _driven_by(self, driver: Driver) -> Driver:
        """Have `driver` wait for the session's descriptors."""

    @abstractmethod
    def close(self) -> None:
        """See Session."""

    def __enter__(self: Own) -> Own:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def evaluate(
        self,
        text: str,
        file: str | os.PathLike[str] | None = None,
        *,
        anew: bool = False,
        call: int | None = None,
        frame: int | None = None,
        hold: int | None = None,
    ) -> Evaluation:
        """Run `text` and return what came of it.

        With `file` it runs in the module of that file, and what it needs of the file's
        definitions runs first; otherwise in the session's scratch module. With `anew` forms that
        are marked to be kept run in any case. With `call` it runs in the variables of a captured
        call, of a function of that file (`CapturedCall.call`); with `frame` in those of a frame of
        the error that is held last, or of `hold`, and what it binds is the frame's.
        """
        if file is None:
            request = callers.in_scratch(text)
        else:
            request = callers.in_file(text, file, self._cwd)
        in_call = None if call is None else InCall(call)
        inside = in_call if frame is None else InFrame(frame, hold)
        if anew or inside is not None:
            request = replace(request, anew=anew, inside=inside)
        answer: Evaluation = self._wait(partial(self.submit, request))
        return answer

    def forget_kept(self) -> int:
        """Remove the values that forms have stored; return how many there were."""
        return forget(Path(self.home))

    def redefine(
        self,
        file_or_files: str | os.PathLike[str] | list[str | os.PathLike[str]],
        source: str | None = None,
        name: str | None = None,
    ) -> Redefinition:
        """Bring the definitions of a file into the running process.

        Args:
            file_or_files: a file, or several to be changed as one step: all of them, or none.
            source: the new text; None: the file's text on disk.
            name: one definition, qualified as `Class.method`; None: all that changed.

        Raises:
            OSError: a file cannot be read.
            ValueError: no file, or `source` or `name` for several.
        """
        files = file_or_files if isinstance(file_or_files, list) else [file_or_files]
        try:
            request = callers.redefinition(files, source, name, self._cwd)
        except (SyntaxError, UnicodeDecodeError) as error:
            return callers.unreadable(error)
        answer: Redefinition = self._wait(partial(self.submit_redefine, request))
        return answer

    def patches(self) -> Patches:
        """Return what runs, outside the workspace, as something else than what was loaded."""
        return self._wait(self.submit_patches)

    def revert_patch(
        self, file: str | os.PathLike[str] | None = None, name: str | None = None
    ) -> Redefinition:
        """Bring what is patched back to what was loaded.

        Args:
            file: a file outside the workspace; None: all of them.
            name: one definition, qualified as `Class.method`, and what is patched inside it;
                None: all of the file.

        Raises:
            ValueError: a name without a file.
        """
        request = callers.reversion(file, name, self._cwd)
        answer: Redefinition = self._wait(partial(self.submit_revert, request))
        return answer

    def inspect(
        self, expression: str, file: str | os.PathLike[str] | None = None
    ) -> InspectedValue:
        """Return what `expression` gives in the module of `file`, and the first of its parts.

        Raises:
            NoViewError: it is no expression, or it failed.
        """
        path = None if file is None else callers.module_file(file, self._cwd)
        return self._look(Inspection(expression, path))

    def value(self, shown: Value | str) -> ShownValue:
        """Return what can be asked of a value that was shown, by itself or by its `ref`."""
        return ShownValue(shown if isinstance(shown, str) else shown.ref, self._look)

    def _look(self, view: View[Answer]) -> Answer:
        answer: Answer | Gone | NoView = self._wait(partial(self.submit_view, view))
        if isinstance(answer, Gone):
            raise GoneError(answer.gone)
        if isinstance(answer, NoView):
            raise NoViewError(answer.reason)
        return answer

    def _wait(self, begin: Callable[[Callable[[Answer], None]], Any]) -> Answer:
        if isinstance(self._driver, LoopDriver):
            raise RuntimeError("this session is driven by an event loop; use the submit methods")
        answers: list[Answer] = []
        with self._lock:
            if self._driver is None:
                self._driven_by(CallerDriver(self._lock))
            begin(answers.append)
        if isinstance(self._driver, CallerDriver):
            self._driver.run_until(lambda: bool(answers))
        return answers[0]
