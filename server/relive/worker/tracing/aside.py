"""What the code changes in place that a redefinition runs: decorators, class statements, defaults.

No statement is traced then, so the objects that such code may come to are looked at just before it
runs, and once more when the redefinition is done.
"""

from __future__ import annotations

from types import CellType, FunctionType, MethodType

from relive.worker.tracing.closure import Closure
from relive.worker.tracing.facts import facts_of
from relive.worker.tracing.graph import Graph
from relive.worker.tracing.places import Places
from relive.worker.tracing.tracer import Changes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from relive.worker.namespace import Namespace, Namespaces
    from relive.worker.tracing.places import Place

_BEFORE_S = 0.01
"""What looking may take before the code runs, in processor time."""
_AFTER_S = 0.04
_REDEFINED = (FunctionType, MethodType, CellType, type)
"""Types of objects that the redefinition itself changes, of which it tells by their names."""


class Aside:
    """The code that one redefinition runs."""

    def __init__(self, namespaces: Namespaces, files: list[str]) -> None:
        """Be told of what runs; what is looked at is what runs in the modules of these files."""
        self._files = frozenset(files)
        self._places = Places(namespaces)
        self.closure = Closure(self._places, Graph(_BEFORE_S), follows=True)
        """What the code may come to, as it was before."""
        self._ran: list[tuple[CodeType, dict[str, Any]]] = []
        self._lines: dict[str | None, int] = {}
        """By file: where the first of the code stands."""
        self._is_lost = False
        """Whether it could not be looked at."""

    def told(self, altered: dict[str, Any]) -> dict[str, Any]:
        """Return what a redefinition made another, with what its code has changed."""
        changed = self._changed()
        ran_at = [[file, line] for file, line in self._lines.items()] if changed else []
        return {**altered, "changed": list(map(list, changed)), "ran_at": ran_at}

    def runs(self, code: CodeType, namespace: Namespace, line: int) -> None:
        """Look at what there is: code is about to run that stands at a line, from 0."""
        if self._is_lost or namespace.file not in self._files or not facts_of(code).acts:
            return
        try:
            if not self._ran:
                self._places.look()
            scope = namespace.module.__dict__
            self.closure.add(code, scope)
            self._ran.append((code, scope))
            self._lines[namespace.file] = min(line, self._lines.get(namespace.file, line))
        except Exception:  # other threads may be at what is looked at, or user code may patch it
            self._is_lost = True

    def _changed(self) -> list[Place]:
        """Return the names through which something is reached that was changed."""
        if not self._ran or self._is_lost:
            return []
        try:
            self._places.look()
            after = Closure(self._places, Graph(_AFTER_S, holds=True), follows=True)
            for code, scope in self._ran:
                after.add(code, scope)
            changes = Changes(self, after, self._places, passed=_REDEFINED)
            return sorted(changes.found(set()), key=str)
        except Exception:
            return []
