"""What a step made another than it was, for the receipt: who shows results has to know."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.history import Changed
    from relive.worker.redefine.reading.definitions import Definition

_PLAIN = (int, float, complex, str, bytes, bool, type(None))
_LONGEST = 1000
"""Characters of a plain value's mark; a longer one has none."""
NOTHING_ALTERED: dict[str, Any] = {"definitions": [], "bound": [], "changed": [], "ran_at": []}


def altered(modules: Iterable[Changed]) -> dict[str, Any]:
    """Return the wire's Altered."""
    definitions: list[dict[str, Any]] = []
    bound: list[tuple[str | None, str, str | None, str | None]] = []
    for each in modules:
        file = each.namespace.file
        found = [
            _definition(file, before, each.module.definitions.get(key))
            for key, before in each.before.items()
        ]
        definitions += [one for one in found if one is not None]
        defined = {one["name"] for one in found if one is not None}
        for name, (before, now) in each.bound.items():
            if name not in defined:
                bound.append((file, name, _mark(before), _mark(now)))
    return {**NOTHING_ALTERED, "definitions": definitions, "bound": bound}


def _definition(
    file: str | None, before: Definition | None, now: Definition | None
) -> dict[str, Any] | None:
    either = now or before
    if either is None or (before and now and before.source == now.source):
        return None  # as all are that an edit further up has moved
    marks = [None if each is None else each.fingerprint for each in (before, now)]
    if marks[0] == marks[1]:
        return None
    return {
        "file": file,
        "name": either.name,
        "kind": either.kind,
        "before": marks[0],
        "now": marks[1],
    }


def _mark(value: Any) -> str | None:
    """Return what tells a plain value from others; None: only the object itself is the same."""
    if type(value) not in _PLAIN:
        return None
    mark = f"{type(value).__name__} {value!r}"
    return mark if len(mark) <= _LONGEST else None
