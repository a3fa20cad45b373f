"""One run of a form that is to be kept: what is seen of it, and what speaks against keeping."""

from __future__ import annotations

import os
import sys
import time
from _thread import _count as _count_threads
from types import ModuleType

from relive.worker.keeping import chance
from relive.worker.keeping.belonging import files_not_followed, own_modules
from relive.worker.keeping.content import Content, changed_name
from relive.worker.keeping.marks import final_mark, mark_of, state_of
from relive.worker.keeping.pickling import RefusedError, store
from relive.worker.tracing.ran import Ran

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.keeping.effects import Effects
    from relive.worker.keeping.form import Form
    from relive.worker.keeping.marks import Mark

_OF_THE_MODULE = frozenset(["__annotations__", "__conditional_annotations__", "__annotate__"])
_ABSENT = object()


class Attempt:
    """The state before a run, and what is other after it."""

    def __init__(self, form: Form, inputs: Content, effects: Effects, started: float) -> None:
        """Look at what is there before the form runs; `started` is when this process did."""
        self._form = form
        self._inputs = inputs
        self._effects = effects
        self._process_started = started
        self._modules = {name: _names_in(name) for name in own_modules()}
        self._states = chance.states()
        self._named = named_files(inputs)
        self._threads = _count_threads()
        self._ran = Ran()
        self._seconds = 0.0

    def run(self) -> Any:
        """Run the form and return its value."""
        self._effects.begin()
        started = time.perf_counter()
        try:
            with self._ran:
                return self._form.run()
        finally:
            self._effects.end()
            self._seconds = time.perf_counter() - started

    def stored(self, value: Any, limit: int) -> tuple[dict[str, Any], bytes]:
        """Return what has to be so for the value to be taken, and the values.

        Raises:
            RefusedError, UnknownError: with the reason.
        """
        self._check_acts()
        self._check_code()
        self._check_inputs()
        names = self._bound()
        states = chance.states()
        moved = chance.changed(self._states, states)
        moved_to = {each: states[each] for each in moved}
        conditions = {
            "at": time.time(),
            "seconds": self._seconds,
            "files": self._files(),
            "libraries": self._libraries(),
            "chance": [moved, chance.mark(self._states, moved)],
        }
        made = store({"names": names, "value": value, "chance": moved_to}, self._inputs, limit)
        return {**conditions, "definitions": made.definitions, "mark": made.mark}, made.data

    def _check_acts(self) -> None:
        if self._effects.acts:
            raise RefusedError("; ".join(self._effects.acts[:3]))
        if _count_threads() > self._threads:
            raise RefusedError("a thread that it started still runs")

    def _check_code(self) -> None:
        new = sorted(own_modules() - self._modules.keys())
        if new:
            raise RefusedError(f"it imported {new[0]} while it ran: import it before")
        unseen = sorted(each.co_name for each in self._ran.codes - self._inputs.codes)
        if unseen:
            raise RefusedError(f"it called {unseen[0]} in a way that cannot be followed")

    def _check_inputs(self) -> None:
        """Raise if what the form was made from is not what it was."""
        after = Content(self._inputs.resolved)
        after.add_code(self._form.code, self._form.scope)
        if after.digest() != self._inputs.digest():
            raise RefusedError(f"{changed_name(self._inputs, after)} is changed in place")

    def _bound(self) -> dict[str, Any]:
        """Return the names the form has bound; raise if it did more to names than that."""
        own = str(self._form.scope.get("__name__"))
        changes = {
            name: _changes(before, _names_in(name)) for name, before in self._modules.items()
        }
        changed = changes.pop(own, {})
        elsewhere = [f"{module}.{name}" for module, names in changes.items() for name in names]
        if elsewhere:
            raise RefusedError(f"it assigns {elsewhere[0]} in another module")
        gone = [name for name, value in changed.items() if value is _ABSENT]
        if gone:
            raise RefusedError(f"it deletes {gone[0]}")
        scope = self._form.scope
        bound = {**changed, **{n: scope[n] for n in sorted(self._form.binds) if n in scope}}
        if not bound:
            raise RefusedError("it binds no name: assign its value to one")
        return bound

    def _files(self) -> dict[str, Mark]:
        found = {}
        for path, opened in self._effects.read.items():
            mark = final_mark(path, opened)
            if mark is None:
                raise RefusedError(f"{path} is no plain file, or changed while it was read")
            found[path] = mark
        for path, mark in self._named.items():
            if mark_of(path) != mark:
                raise RefusedError(f"{path} changed meanwhile")
            found[path] = mark
        return found

    def _libraries(self) -> dict[str, list[int]]:
        found = {}
        for file, module in files_not_followed().items():
            try:
                status = os.stat(file)
            except OSError:
                raise RefusedError(f"the file of {module.__name__} is not there any more") from None
            if status.st_ctime > self._process_started:
                raise RefusedError(
                    f"{module.__name__} was installed or changed since this process began: restart"
                )
            found[file] = state_of(status)
        return found


def named_files(inputs: Content) -> dict[str, Mark]:
    """Return the files that texts in the code or its input name, with their marks.

    C code opens files that nobody is told of; most often it was given the whole name.
    """
    found = {}
    for text in inputs.texts:
        path = os.path.abspath(text)
        try:
            if os.path.isfile(path) or (os.sep in text.strip("./\\") and os.path.isdir(path)):
                found[path] = mark_of(path)
        except ValueError:  # a character that no name may have
            pass
    return found


def _names_in(module: str) -> dict[str, Any]:
    found = sys.modules.get(module)
    names = dict(vars(found)) if isinstance(found, ModuleType) else {}
    return {name: value for name, value in names.items() if name not in _OF_THE_MODULE}


def _changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """Return the names that are other objects now, or gone."""
    changed = {n: value for n, value in after.items() if before.get(n, _ABSENT) is not value}
    return {**changed, **dict.fromkeys(before.keys() - after.keys(), _ABSENT)}
