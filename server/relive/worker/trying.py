"""Tries examples on the main thread between evaluations, as doctest would, leaving no trace.

They run on a copy of their module's names: what they bind is theirs, while the functions they call
work on the module itself. What they print is theirs too. `_` stays what it was, pictures are not
shown, and who asks for input meets its end.
"""

from __future__ import annotations

import sys
from _thread import get_ident
from functools import partial
from time import monotonic, perf_counter

from relive.worker.displays import Displays
from relive.worker.errors.describe import describe_error
from relive.worker.library import standard
from relive.worker.quiet import Quiet
from relive.worker.steady import steady_repr
from relive.worker.timelimit import OutOfTime, within
from relive.worker.tracing.ran import Ran

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.channel import Channel
    from relive.worker.interrupt import Interrupts
    from relive.worker.late_image import LateImage
    from relive.worker.namespace import Namespace, Namespaces
    from relive.worker.streams import Questions

_MOST = 20_000
"""Characters of what one gives that are told: nobody compares more by eye."""
_SHORTEST_S = 0.01
_NAMED = "<example>"


class Examples:
    """Tries one group of examples at a time."""

    def __init__(
        self,
        channel: Channel,
        namespaces: Namespaces,
        interrupts: Interrupts,
        image: LateImage,
        displays: Displays,
        questions: Questions,
    ) -> None:
        self._channel = channel
        self._namespaces = namespaces
        self._interrupts = interrupts
        self._image = image
        self._displays = displays
        self._questions = questions
        interrupts.watch(Examples._try_all.__code__)

    def answer(self, message: dict[str, Any]) -> None:
        """Run the message's examples and send what came of them, whatever they do."""
        namespace = self._namespaces.get(message["file"])
        outcomes: list[dict[str, Any]] = []
        ran = Ran()
        if namespace is not None:
            self._interrupts.install()
            try:
                self._try_all(message, namespace, outcomes, ran)
            except KeyboardInterrupt:  # it came between two of them
                outcomes.append(_outcome("", cut="It was interrupted."))
            self._interrupts.end()
        self._channel.send(
            {
                "op": "examples",
                "id": message["id"],
                "loaded": namespace is not None,
                "outcomes": outcomes,
                "ran": _told(ran),
            }
        )

    def _try_all(
        self,
        message: dict[str, Any],
        namespace: Namespace,
        outcomes: list[dict[str, Any]],
        ran: Ran,
    ) -> None:
        self._interrupts.begin(message["id"])
        names = dict(vars(namespace.module))
        deadline = monotonic() + message["seconds"]
        with ran, _Aside(self._displays, self._questions):
            for source in message["sources"]:
                left = max(deadline - monotonic(), _SHORTEST_S)
                outcomes.append(self._try(source, names, namespace.future_flags, left))
                if outcomes[-1]["cut"] is not None:
                    return

    def _try(
        self, source: str, names: dict[str, Any], flags: int, seconds: float
    ) -> dict[str, Any]:
        started, interrupts = perf_counter(), self._interrupts.count
        with Quiet() as heard, _Shown(names) as shown:
            try:
                code = compile(source, _NAMED, "single", flags, dont_inherit=True)
                within(seconds, partial(exec, code, names))
                told = _outcome(heard.printed, value=shown.only(heard.printed))
            except OutOfTime:
                told = _outcome(heard.printed, cut="It took too long.")
            except BaseException as failure:  # SystemExit too: it may be what is expected
                error = describe_error(failure, _NAMED, self._image)
                told = _outcome(heard.printed, raised=last_line(failure), error=error)
        if self._interrupts.count > interrupts:
            told["cut"] = "It was interrupted."
        return {**told, "seconds": perf_counter() - started}


def _outcome(
    got: str,
    *,
    value: str | None = None,
    raised: str | None = None,
    error: dict[str, Any] | None = None,
    cut: str | None = None,
) -> dict[str, Any]:
    return {
        "got": got[:_MOST],
        "value": value,
        "raised": raised,
        "error": error,
        "cut": cut,
        "seconds": 0.0,
    }


class _Aside:
    """While it lasts there is no input, and no picture is sent."""

    def __init__(self, displays: Displays, questions: Questions) -> None:
        self._displays = displays
        self._questions = questions

    def __enter__(self) -> None:
        self._questions.unasked = get_ident()
        self._stdin = sys.stdin
        self._empty = sys.stdin = standard("io").StringIO()
        self._displays.are_sent = False

    def __exit__(self, *_error: object) -> None:
        self._displays.are_sent = True
        self._questions.unasked = None
        if sys.stdin is self._empty:
            sys.stdin = self._stdin


class _Shown:
    """While it lasts, the values of expressions are printed for examples, and are their `_`."""

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names
        self._texts: list[str] = []

    def __enter__(self) -> _Shown:
        self._theirs, sys.displayhook = sys.displayhook, self._show
        return self

    def __exit__(self, *_error: object) -> None:
        sys.displayhook = self._theirs

    def only(self, printed: str) -> str | None:
        """Return the text of the value, if that is all that was printed."""
        is_all = len(self._texts) == 1 and printed == self._texts[0] + "\n"
        return self._texts[0] if is_all and len(printed) <= _MOST else None

    def _show(self, value: Any) -> None:
        if value is not None:
            text = steady_repr(value)
            self._texts.append(text)
            self._names["_"] = value
            sys.stdout.write(text + "\n")


def last_line(failure: BaseException) -> str:
    """Return what the traceback of an exception ends with, without its notes."""
    kind = type(failure)
    name, module = kind.__qualname__, kind.__module__
    if module not in ("builtins", "__main__"):
        name = f"{module}.{name}"
    try:
        says = str(failure.msg) if isinstance(failure, SyntaxError) else str(failure)
    except BaseException:
        says = "<exception str() failed>"
    return f"{name}: {says}"[:_MOST] if says else name


def _told(ran: Ran) -> list[list[str]] | None:
    """Return the functions that were entered; None: this interpreter does not tell."""
    if not ran.is_told:
        return None
    named = {(each.co_filename, getattr(each, "co_qualname", "")) for each in ran.codes}
    return [[file, name] for file, name in sorted(named)]
