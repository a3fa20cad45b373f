"""Which calls are captured, and what is kept of them: the latest of each function."""

from __future__ import annotations

import sys
from _thread import get_ident
from collections import deque
from gc import get_referrers
from types import FunctionType

from relive.worker.bare import class_name, module_of
from relive.worker.capturing.call import Call
from relive.worker.capturing.stretches import goes_on, stretches
from relive.worker.capturing.wording import MAX_TEXT, Wording

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType
    from typing import Any

    from relive.worker.capturing.stretches import Stretch
    from relive.worker.interrupt import Interrupts

_WITH_VALUES = 3
"""Of a function's calls so many, the latest, keep their variables alive."""
_EACH_OF = 100
"""So many calls of one evaluation are captured each, of more ever fewer."""
_WAITS = 0x20 | 0x80 | 0x200
"""Flags of generators and coroutines, which leave the stack while they wait."""
_LEAVES = "Departure"
"""What ends calls so that what is held goes on further out: they end by the error that it was."""
_MOST_UNDER_WAY = 200
"""Of a function: a recursion is bounded, and so are generators that nobody finishes."""


class Target:
    """A function whose calls are captured: whatever code has its name in its file."""

    def __init__(self, file: str, name: str, keep: int) -> None:
        self.file = file
        self.name = name
        self.calls: deque[Call] = deque(maxlen=keep)
        self.under_way: dict[FrameType, Call] = {}
        self.count = 0
        """Calls since an evaluation began."""
        self._next = 1
        """The number of the next one to capture."""
        self._code: CodeType | None = None
        self._stretches: dict[int, Stretch] = {}

    def start_over(self) -> None:
        """Count from the first call again."""
        self.count, self._next = 0, 1

    def count_call(self) -> bool:
        """Count one more call; whether it is one to capture."""
        self.count += 1
        if self.count < self._next:
            return False
        self._next = self.count + 1
        if self.count >= _EACH_OF:
            step = 10 ** (len(str(self.count)) - 2)
            self._next = (self.count // step + 1) * step
        return True

    def stretches_of(self, code: CodeType) -> dict[int, Stretch]:
        """Return what is known of the lines of its code, which a redefinition changes."""
        if code is not self._code:
            self._code, self._stretches = code, stretches(code)
        return self._stretches

    def keep(self, call: Call) -> None:
        """Keep a call that has ended; of older ones the texts alone."""
        self.calls.append(call)
        if len(self.calls) > _WITH_VALUES:
            self.calls[-_WITH_VALUES - 1].let_go()

    def every(self) -> list[Call]:
        """Return the calls that are kept, and those under way."""
        under_way = list(dict.fromkeys(self.under_way.values()))[-(self.calls.maxlen or 1) :]
        return sorted([*self.calls, *under_way], key=lambda each: each.number)


class Recorder:
    """Is told what captured functions do, on whatever thread."""

    def __init__(
        self,
        interrupts: Interrupts,
        main: int,
        evaluation: Callable[[], int | None],
        tell: Callable[[], None],
    ) -> None:
        """Make one that captures nothing; `tell` says that calls have ended."""
        self._interrupts = interrupts
        self._main = main
        self._evaluation = evaluation
        self._tell = tell
        self.targets: dict[tuple[str, str], Target] = {}
        self.names: frozenset[str] = frozenset()
        """The last parts of their names: a quick look tells most other code apart."""
        self._qualified: dict[int, tuple[CodeType, str]] = {}
        """By `id`: two pieces of code may be equal, and to compare them takes long."""
        self.is_muted = False
        """Whether what the main thread runs is no call of the program's."""

    def want(self, wishes: dict[tuple[str, str], int]) -> None:
        """Capture the functions of `wishes` and no others; what is kept of those stays."""
        kept = {key: self.targets.get(key) for key in wishes}
        self.targets = {
            key: target if target is not None else Target(*key, wishes[key])
            for key, target in kept.items()
        }
        for key, target in self.targets.items():
            if target.calls.maxlen != wishes[key]:
                target.calls = deque(target.calls, wishes[key])
        self.names = frozenset(name.rpartition(".")[2] for _, name in self.targets)

    def start_over(self) -> None:
        """Count calls from the first again: another evaluation begins."""
        for target in self.targets.values():
            target.start_over()

    def target_of(self, code: CodeType) -> Target | None:
        """Return the function that `code` is of, if its calls are captured."""
        if code.co_name not in self.names:
            return None
        name = getattr(code, "co_qualname", None) or self._name_of(code)
        return self.targets.get((code.co_filename, name))

    def _name_of(self, code: CodeType) -> str:
        """Return the qualified name that functions made from `code` have (before CPython 3.11)."""
        known = self._qualified.get(id(code))
        if known is None:
            holders = [each for each in get_referrers(code) if type(each) is FunctionType]
            name = holders[0].__qualname__ if holders else code.co_name
            known = self._qualified[id(code)] = code, name
        return known[1]

    def begins(self, target: Target, frame: FrameType) -> bool:
        """Note that a call begins; whether it is captured."""
        if self.is_muted and get_ident() == self._main:
            return False
        if goes_on(frame.f_code):
            return self._goes_on(target, frame)
        if not target.count_call():
            return False
        with self._interrupts.held_back():
            self._begin(target, frame)
            if len(target.under_way) > _MOST_UNDER_WAY:
                target.under_way.pop(next(iter(target.under_way)), None)
        return True

    def _goes_on(self, target: Target, frame: FrameType) -> bool:
        """Note that a held call goes on, in a frame that its own waits for; whether it is one."""
        call = None if frame.f_back is None else target.under_way.get(frame.f_back)
        if call is None:
            return False
        with self._interrupts.held_back():
            call.goes_on(frame, target.stretches_of(frame.f_code))
            target.under_way[frame] = call
        return True

    def _begin(self, target: Target, frame: FrameType) -> Call:
        owner = {
            "file": target.file,
            "name": target.name,
            "number": target.count,
            "evaluation": self._evaluation(),
            "thread": None if get_ident() == self._main else _thread_name(),
        }
        wording = Wording(self._interrupts, self._main)
        call = Call(frame, target.stretches_of(frame.f_code), wording, owner)
        target.under_way[frame] = call
        return call

    def returned(self, target: Target, call: Call, frame: FrameType, value: Any) -> None:
        """Note that a call ends with a value."""
        if not call.is_under_way:  # in the frame in whose place it has gone on
            target.under_way.pop(frame, None)
            return
        with self._interrupts.held_back():
            call.returned(frame, value)
            self._ended(target, call, frame)

    def failed(self, target: Target, frame: FrameType, error: BaseException) -> None:
        """Note that a call ends by an exception; of one that was not captured what there is."""
        if self.is_muted and get_ident() == self._main:
            return
        with self._interrupts.held_back():
            call = target.under_way.get(frame)
            if call is None and goes_on(frame.f_code):
                return  # of a call that was not captured: its own frame fails next
            if call is None:
                call = self._begin(target, frame)
            if not call.is_under_way:
                target.under_way.pop(frame, None)
                return
            call.failed(frame, self._in_words(error))
            self._ended(target, call, frame)

    def forget_unheard(self) -> None:
        """Forget the calls that are on no stack any more, and of whose end nobody has told."""
        if not any(target.under_way for target in self.targets.values()):
            return
        on_stacks = set()
        for top in sys._current_frames().values():
            frame: FrameType | None = top
            while frame is not None:
                on_stacks.add(frame)
                frame = frame.f_back
        for target in self.targets.values():
            for frame in list(target.under_way):
                if frame not in on_stacks and not frame.f_code.co_flags & _WAITS:
                    target.under_way.pop(frame, None)

    def _ended(self, target: Target, call: Call, frame: FrameType) -> None:
        target.under_way.pop(frame, None)
        target.keep(call)
        self._tell()

    def _in_words(self, error: BaseException) -> str:
        """Return an exception in one line, without asking it more than its arguments."""
        if class_name(type(error)) == _LEAVES and module_of(type(error)).startswith("relive."):
            error = error.original  # type: ignore[attr-defined]
        name = type(error).__qualname__
        said = [each for each in error.args if type(each) is str]
        if not said and error.args:
            said = [Wording(self._interrupts, self._main).text(error.args[0])]
        return f"{name}: {said[0]}"[:MAX_TEXT] if said else name[:MAX_TEXT]

    def call(self, number: int) -> Call | None:
        """Return a call that is kept."""
        every = (call for target in self.targets.values() for call in target.every())
        return next((call for call in every if call.number == number), None)


def _thread_name() -> str:
    """Return the name of this thread, if the program makes its threads as most do."""
    threading = sys.modules.get("threading")
    return "" if threading is None else str(threading.current_thread().name)[:MAX_TEXT]
