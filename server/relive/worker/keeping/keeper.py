"""Takes the value that is kept of a form, or runs it and keeps what it gives.

A wrong value is worse than a slow one. So a value is taken only if everything that was looked at
when it was stored is the same, and it is stored only if nothing happened that could not be seen
later: the reasons against it are told with the result.
"""

from __future__ import annotations

import os
import sys
from _blake2 import blake2b  # see `content.py`

from relive.worker.keeping import chance
from relive.worker.keeping.attempt import Attempt, named_files
from relive.worker.keeping.content import Content
from relive.worker.keeping.digest import UnknownError
from relive.worker.keeping.effects import Effects
from relive.worker.keeping.marks import mark_of, state_of
from relive.worker.keeping.pickling import RefusedError, load, mark_of_definitions
from relive.worker.keeping.shelter import Kept, Shelter, UnfitError
from relive.worker.quiet import Quiet
from relive.worker.timelimit import OutOfTime, within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from relive.worker.keeping.form import Form

    T = TypeVar("T")

_LONGEST_S = 120.0
"""Seconds that looking at what a form is made from, taking a value, or storing it may take."""
_FORMAT = 1
_ENVIRONMENT = frozenset(["environ", "environb", "getenv", "getenvb", "expandvars", "expanduser"])


class Keeper:
    """Keeps the values of forms in one worker."""

    def __init__(self, patched: Callable[[], list[Any]], started: float) -> None:
        """Make it.

        Args:
            patched: tells what of libraries runs otherwise than it was loaded.
            started: when the process did.
        """
        self._effects = Effects()
        self._patched = patched
        self._started = started

    def run(self, form: Form, shelter: Shelter, *, anew: bool, nothing: Any) -> Any:
        """Return the value of a form, taken or run; `form.told` says which, and why.

        `nothing` is what a form without a value gives.
        """
        looked = self._guarded(form, lambda: self._look(form))
        if looked is None:
            return form.run()
        inputs, mark = looked
        doubt = None
        if not anew:
            taken = self._guarded(form, lambda: (_taken(form, shelter, inputs, mark),))
            if taken is None:
                doubt = f"what was kept was not taken: {form.told['reason']}"
            elif taken[0] is not None:
                return taken[0]["value"] if form.has_value else nothing
        attempt = Attempt(form, inputs, self._effects, self._started)
        value = attempt.run()
        self._guarded(form, lambda: _store(form, shelter, mark, attempt, value, doubt), soft=True)
        return value

    def look_away(self) -> None:
        """Take nothing more for the doing of the form that runs: Relive itself looks about."""
        self._effects.end()

    def spoil(self, reason: str) -> None:
        """Have the form that runs, if one does, not be kept."""
        self._effects.acts.append(reason)

    def _look(self, form: Form) -> tuple[Content, str]:
        """Return what the form is made from, and one mark of it."""
        inputs = Content()
        inputs.add_code(form.code, form.scope)
        return inputs, self._mark(form, inputs)

    def _guarded(self, form: Form, look: Callable[[], T], *, soft: bool = False) -> T | None:
        """Look at values within limits; None: that failed, and the form is told why.

        An interrupt is let through, unless it is `soft`: the form has run, and what it has made
        is not to be lost.
        """
        try:
            with Quiet():
                return within(_LONGEST_S, look)
        except (UnknownError, RefusedError, UnfitError) as error:
            form.refuse(str(error))
        except OutOfTime:
            form.refuse(f"that would take more than {_LONGEST_S:.0f} seconds")
        except RecursionError:
            form.refuse("its values are nested too deeply to be looked at")
        except KeyboardInterrupt:
            form.refuse("it was interrupted while it was stored")
            form.was_interrupted = True
            if not soft:
                raise
        except OSError as error:
            what = error.filename or "the file"
            form.refuse(f"{what} cannot be used: {error.strerror or type(error).__name__}")
        except BaseException as error:  # what a value's own code may raise
            form.refuse(f"looking at its values failed: {type(error).__name__}")
        return None

    def _mark(self, form: Form, inputs: Content) -> str:
        """Return one mark of all that can be told before the form runs."""
        names = {name for code in inputs.codes for name in code.co_names}
        texts = sorted(inputs.texts) if names & _ENVIRONMENT else []
        told = (
            _FORMAT,
            sys.version,
            sys.platform,
            sys.prefix,
            tuple(sys.flags),
            os.getcwd(),
            form.scope.get("__name__"),
            [
                (text, os.environ.get(text))
                for text in texts
                if "\0" not in text and "=" not in text
            ],
            self._patched(),
            _arithmetic(),
            inputs.digest(),
        )
        return blake2b(repr(told).encode("utf-8", "replace"), digest_size=20).hexdigest()


def _arithmetic() -> tuple[Any, ...]:
    """Return how decimal numbers are computed, which every use of them goes by."""
    decimal = sys.modules.get("decimal")
    if decimal is None or not hasattr(decimal, "getcontext"):
        return (28, "ROUND_HALF_EVEN")
    context = decimal.getcontext()
    return (context.prec, context.rounding)


def _taken(form: Form, shelter: Shelter, inputs: Content, mark: str) -> dict[str, Any] | None:
    """Bind what is kept of the form, and return it; None if nothing is that still counts."""
    kept = shelter.read(mark)
    if kept is None or not _still_holds(kept, inputs):
        return None
    try:
        values: dict[str, Any] = load(kept.data)
    except LookupError:  # it refers to what is not there yet
        return None
    chance.restore(values["chance"])
    form.scope.update(values["names"])
    form.tell("taken", kept.conditions)
    return values


def _still_holds(kept: Kept, inputs: Content) -> bool:
    """Whether all is as it was that a stored value depends on besides its mark."""
    conditions = kept.conditions
    files: dict[str, Any] = conditions["files"]
    names, mark = conditions["chance"]
    return (
        all(
            mark_of(path, with_content=known[0] == "content") == known
            for path, known in files.items()
        )
        and named_files(inputs).keys() <= files.keys()
        and all(_state(path) == known for path, known in conditions["libraries"].items())
        and chance.mark(chance.states(), names) == mark
        and _same_definitions(conditions)
    )


def _same_definitions(conditions: dict[str, Any]) -> bool:
    try:
        return bool(mark_of_definitions(conditions["definitions"]) == conditions["mark"])
    except LookupError:  # one of them is not there yet
        return False


def _state(path: str) -> list[int]:
    try:
        return state_of(os.stat(path))
    except OSError:
        return []


def _store(
    form: Form, shelter: Shelter, mark: str, attempt: Attempt, value: Any, doubt: str | None
) -> bool:
    conditions, data = attempt.stored(value if form.has_value else None, shelter.limit)
    shelter.write(mark, conditions, data)
    form.tell("stored", conditions, doubt)
    return True
