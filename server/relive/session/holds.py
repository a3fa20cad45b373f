"""What a session's process holds: errors whose stacks are alive, and their frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import TYPE_CHECKING, Any

from relive.session.answers import OMIT_NONE, Answer, Error, Evaluation, Frame, Local, file_uri
from relive.session.definition_answers import Redefinition
from relive.session.errors import MAX_ENTRIES, cut, to_error, to_frame
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from relive.session.evaluating import Evaluating


@dataclass(frozen=True)
class HeldFrame(Answer):
    """A frame of what is held."""

    hold: int
    frame: int
    """0 is the innermost of the user's code; the foreign ones come behind all of that."""
    at: Frame
    can_retry: bool
    can_restart: bool
    can_return: bool
    why_not: str | None = field(default=None, metadata=OMIT_NONE)
    """Why one of that cannot be done."""
    thread: str | None = None
    """The thread it is held on; None: the main one."""
    locals: tuple[Local, ...] = ()
    locals_omitted: int = 0
    foreign: bool = False
    """Whether it is a library's, or of code made elsewhere: nothing goes on in it."""
    depth: int = 0
    """How many frames of the whole stack are further in."""

    def to_json(self) -> dict[str, Any]:
        """Return the frame with where it is as its own fields."""
        told = super().to_json()
        at = told.pop("at")
        return {**{name: at[name] for name in ("uri", "name", "line", "text")}, **told}


@dataclass(frozen=True)
class ResumePoint(Answer):
    """Where what is held would go on."""

    file: str
    line: int
    """0-based, in the text that runs."""
    end_line: int
    certain: bool
    """Whether that is the statement that failed, beyond doubt."""
    note: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it with its file as a URI."""
        told = super().to_json()
        return {"uri": file_uri(told.pop("file")), **told}


@dataclass(frozen=True)
class Refused(Answer):
    """What was asked of what is held cannot be done; all is as it was."""

    reason: str


def as_receipt(answer: Evaluation | Refused) -> Evaluation | Redefinition:
    """Return the answer to a `resume` that is replayed as one that can have failed.

    Where nothing is held, what was held the first time has come to its end without it.
    """
    if answer is NOTHING_HELD:
        return Redefinition("ok")
    if isinstance(answer, Refused):
        return Redefinition("refused", error=Error("Refused", answer.reason))
    return answer


@dataclass(frozen=True)
class Hold:
    """An error that is held."""

    number: int
    error: Error
    frames: tuple[HeldFrame, ...]
    job: Evaluating | None = None
    """The evaluation that is held with it; None: it is held on another thread."""
    evaluation: int | None = None
    thread: str | None = None


NOTHING_HELD = Refused(
    "Nothing is held. Errors are held where `relive.holdErrors` says so, by CPython 3.11 to 3.13."
)


class Holds:
    """The errors that are held, the latest last."""

    def __init__(self) -> None:
        self._items: list[Hold] = []

    def __len__(self) -> int:
        return len(self._items)

    @property
    def all(self) -> tuple[Hold, ...]:
        """All of them, the innermost first."""
        return tuple(reversed(self._items))

    @property
    def numbers(self) -> tuple[int, ...]:
        """Their numbers, the latest last."""
        return tuple(each.number for each in self._items)

    @property
    def innermost(self) -> Hold | None:
        """The last on the main thread, or else on any."""
        on_main = [each for each in self._items if each.thread is None]
        return next(reversed(on_main or self._items), None)

    def find(self, number: int | None) -> Hold | None:
        """Return the one of that number; None: the innermost."""
        if number is None:
            return self.innermost
        return next((each for each in self._items if each.number == number), None)

    def of(self, evaluation: int) -> Hold | None:
        """Return where an evaluation itself is held, and not a thread that it has started."""
        held = (each for each in self.all if each.evaluation == evaluation)
        return next((each for each in held if each.thread is None), None)

    def down_to(self, evaluation: int | None) -> list[Hold]:
        """Return those that an evaluation goes on after, and its own; None: the innermost."""
        innermost = self.innermost
        if evaluation is None or innermost is None:
            return [] if innermost is None else [innermost]
        own = [each for each in self._items if each.evaluation == evaluation]
        last = min((each.number for each in own if each.thread is None), default=None)
        return [each for each in self.all if each in own or _lies_on(each, last)]

    def on_threads_of(self, evaluation: int) -> list[Hold]:
        """Return those of threads that an evaluation has started."""
        return [each for each in self.all if each.job is None and each.evaluation == evaluation]

    def add(self, message: dict[str, Any], job: Evaluating | None) -> None:
        """Take in a `held` of the worker's; `job` is the evaluation it is the answer of."""
        self._items.append(_hold(message, job))

    def remove(self, hold: Hold) -> None:
        """Note that it goes on."""
        self._items = [each for each in self._items if each.number != hold.number]

    def forget(self) -> None:
        """Note that the process has ended."""
        self._items = []

    def put_back(self, holds: Iterable[Hold]) -> None:
        """Note that the process goes on as it was when it held these, the latest last."""
        self._items = list(holds)


def _lies_on(hold: Hold, last: int | None) -> bool:
    return last is not None and hold.thread is None and hold.number > last


def _hold(message: dict[str, Any], job: Evaluating | None) -> Hold:
    request = None if job is None else job.request
    file = None if request is None else request.file
    document = None if request is None else request.document
    places = list(reversed(message["error"]["frames"]))
    frames = tuple(
        _frame(message, number, places) for number in range(len(message["frames"][:MAX_ENTRIES]))
    )
    error = to_error(message["error"], file, document)
    evaluation, thread = message["id"], message["thread"]
    return Hold(message["hold"], error, frames, job, evaluation, thread)


def _frame(message: dict[str, Any], number: int, places: list[dict[str, Any]]) -> HeldFrame:
    data = message["frames"][number]
    reasons = [data[name] for name in ("can_retry", "can_restart", "can_return")]
    why = next((cut(each) for each in reasons if each is not None), None)
    can_retry, can_restart, can_return = (each is None for each in reasons)
    at = _place(data, places)
    thread = message["thread"]
    can = can_retry, can_restart, can_return
    rest = {name: data[name] for name in ("foreign", "depth")}
    return HeldFrame(message["hold"], number, at, *can, why, thread=thread, **rest)


def _place(data: dict[str, Any], places: list[dict[str, Any]]) -> Frame:
    """Return where a frame is, with what the error's own frame tells of the place."""
    same = ("file", "line")
    own = not data["foreign"]
    likely = [each for each in places if each["own"] or not own]
    found = next((each for each in likely if all(each[n] == data[n] for n in same)), None)
    if found is not None:
        places.remove(found)
        return to_frame({**found, "name": data["name"]}, data["file"], None)
    told = {"name": data["name"], "file": data["file"], "line": data["line"], "text": ""}
    bare: dict[str, Any] = {"place": None, "span": None, "own": own, "omitted": 0}
    return to_frame({**told, **bare, "locals": [], "locals_omitted": 0}, data["file"], None)
