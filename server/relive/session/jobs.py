"""What a session does for someone: each job is sent to the worker and ends with one answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

from relive.session.answers import Error, file_path
from relive.session.death import unable
from relive.session.definition_answers import DefinitionChange, Redefinition, Undo
from relive.session.events import ANYTHING, Touched
from relive.session.gave import CHANGED, Gave, changed_definitions
from relive.session.recording import NOT_RECORDED
from relive.session.requests import RedefineRequest, RevertRequest
from relive.session.stacks import Line
from relive.session.translate import as_undo, to_redefinition, to_undo
from relive.source import definitions, forms
from relive.source.margins import margin
from relive.source.positions import LineTable


class Job(ABC):
    """One request while it waits, runs and ends."""

    interruptible = False
    goes_with_others = True
    """Whether an interrupt of all that is asked for drops it while it waits, too."""
    is_quiet = False
    """Whether it is too small to be told of: the session does not count as busy with it."""
    takes_output = False
    """Whether what is written meanwhile is its own affair and not shown."""
    may_go_beside = False
    """Whether the control thread can do it, or have it done, while the main one is busy."""
    ops: frozenset[str] = frozenset()
    """The worker's messages about it, all but the last of which may come several times."""

    def __init__(self, number: int) -> None:
        self.id = number
        self.is_done = False
        self.is_its_turn = True
        """Whether what it is to come after has been answered, where that matters."""
        self.recorded = NOT_RECORDED
        self.begun: float | None = None
        """When the worker was given it."""
        self._made = perf_counter()

    @property
    def subject(self) -> int:
        """The number that the worker's messages about it carry."""
        return self.id

    @abstractmethod
    def message(self) -> dict[str, Any]:
        """Return the message that asks the worker for it."""

    def begin(self) -> None:
        """Note that the worker has it now."""
        self.begun = perf_counter()

    @property
    def duration_ms(self) -> float:
        """How long the worker has had it, or it has waited for one."""
        begun = self._made if self.begun is None else self.begun
        return round((perf_counter() - begun) * 1000, 3)

    @abstractmethod
    def receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Take a message of the worker about this job; return what to send back, if anything."""

    @abstractmethod
    def finish(self) -> None:
        """Hand over the final answer."""

    @abstractmethod
    def died(self, error: Error) -> None:
        """Hand over the final answer of a job whose worker is gone."""

    @property
    def running(self) -> Line | None:
        """What runs, if it is user code."""
        return None

    @property
    def document(self) -> str | None:
        """The text of the file whose code runs."""
        return None

    @property
    def touched(self) -> Touched | None:
        """Whose meaning it may have changed, when it has ended."""
        return None

    def gave(self) -> Gave | None:
        """Return what it ran and gave, when it has ended, if that is part of the session."""
        return None

    def cancel(self) -> None:  # noqa: B027 - only interruptible jobs are cancelled
        """Hand over the final answer of a job that was dropped while it waited."""


class Changing(Job):
    """What ends in the receipt of a redefinition."""

    may_go_beside = True
    ops = frozenset(("redefined",))

    def __init__(self, number: int, done: Callable[[Redefinition], None]) -> None:
        super().__init__(number)
        self._done = done
        self._answer = Redefinition("error", error=unable("it was not carried out"))

    @abstractmethod
    def receipt(self, message: dict[str, Any]) -> Redefinition:
        """Return what the worker's answer says."""

    def receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """See Job."""
        self.is_done = True
        self._answer = self.receipt(message)
        return None

    def files(self) -> dict[str, str]:
        """Return the files it is about, with their texts."""
        return {}

    @property
    def touched(self) -> Touched | None:
        """See Job."""
        changed = [each for each in self._answer.changes if each.outcome in CHANGED]
        is_new = [each for each in changed if each.kind != "statement" and each.before is None]
        names, added = self._all_names(changed), self._all_names(is_new)
        return Touched(names, "change", added) if names else None

    def _all_names(self, changed: Iterable[DefinitionChange]) -> frozenset[tuple[str | None, str]]:
        names = ((file_path(each.uri), name) for each in changed for name in self._names(each))
        return frozenset(names)

    def _names(self, change: DefinitionChange) -> tuple[str, ...]:
        """Return what a definition or a statement binds; ANYTHING if its text is not known."""
        if change.kind != "statement":
            return (change.name,)
        text = self.files().get(file_path(change.uri) or "")
        if text is None or change.range is None:
            return (ANYTHING,)
        form = forms.form_at(text, change.range.start)
        return (ANYTHING,) if form is None else form.binds

    def gave(self) -> Gave:
        """See Job."""
        return Gave(changed=tuple(changed_definitions(self._answer, self.files())))

    def finish(self) -> None:
        """See Job."""
        begun = self.begun is not None
        self._done(self.recorded.changed(self._answer, self.duration_ms, self.files(), begun=begun))

    def died(self, error: Error) -> None:
        """See Job."""
        self._answer = Redefinition("error", error=error)
        self.finish()


class Redefining(Changing):
    """A redefinition."""

    def __init__(
        self, number: int, request: RedefineRequest, done: Callable[[Redefinition], None]
    ) -> None:
        super().__init__(number, done)
        self._request = request
        self._files = dict([(request.file, request.document), *request.others])

    def files(self) -> dict[str, str]:
        """See Changing."""
        return self._files

    def receipt(self, message: dict[str, Any]) -> Redefinition:
        """See Changing."""
        return to_redefinition(message, self._files)

    def message(self) -> dict[str, Any]:
        """See Job."""
        request, files = self._request, self._files
        return {
            "op": "redefine",
            "id": self.id,
            "files": [{"file": file, "document": document} for file, document in files.items()],
            "name": request.name,
            "segments": self._segments(),
            "imports": self._imports(),
            "unasked": request.unasked,
            "leaves_new": request.leaves_new,
        }

    def _imports(self) -> list[str] | None:
        """Return the file's imports, if it takes more than the margin to tell them."""
        document = self._request.document
        if self._request.name is None or margin(document).is_certain:
            return None
        table = LineTable(document)
        found = [form for form in forms.top_level_forms(document) if form.kind == "import"]
        return [table.slice(form.range) for form in found if form.range.start[1] == 0]

    def _segments(self) -> list[dict[str, Any]]:
        request = self._request
        if request.name is None:
            return []
        return [
            {
                "text": each.source,
                "line": each.range.start[0],
                "scopes": [list(scope) for scope in each.scopes],
                "is_asked": request.line in (None, each.range.start[0]),
            }
            for each in definitions.named(request.document, request.name)
        ]


class Reverting(Changing):
    """Patches brought back to what was loaded."""

    def __init__(
        self, number: int, request: RevertRequest, done: Callable[[Redefinition], None]
    ) -> None:
        super().__init__(number, done)
        self._request = request

    def receipt(self, message: dict[str, Any]) -> Redefinition:
        """See Changing."""
        return to_redefinition(message, {})

    def message(self) -> dict[str, Any]:
        """See Job."""
        request = self._request
        return {"op": "revert", "id": self.id, "file": request.file, "name": request.name}


class Undoing(Changing):
    """The last step that changed definitions, taken back."""

    ops = frozenset(("undone",))

    def __init__(self, number: int, done: Callable[[Undo], None]) -> None:
        super().__init__(number, lambda receipt: done(as_undo(receipt)))

    def receipt(self, message: dict[str, Any]) -> Undo:
        """See Changing."""
        return to_undo(message)

    def message(self) -> dict[str, Any]:
        """See Job."""
        return {"op": "undo", "id": self.id}


class Question(Job):
    """A question about what is live, which the worker answers beside whatever runs."""

    def __init__(self, number: int, question: dict[str, Any], done: Callable[[Any], None]) -> None:
        super().__init__(number)
        self.ops = frozenset((question["op"],))
        self._question = question
        self._done = done
        self._answer: Any = None

    def message(self) -> dict[str, Any]:
        """See Job."""
        return {**self._question, "id": self.id}

    def receive(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """See Job."""
        self.is_done = True
        self._answer = message["answer"]
        return None

    def finish(self) -> None:
        """See Job."""
        self._done(self._answer)

    def died(self, error: Error) -> None:
        """See Job."""
        self._done(None)
