"""The parts of a value, for a person to walk down: each with its name, its text and its own ref.

The ref of a part is that of the whole with the part's number and a mark of its name behind it: so
nothing has to be remembered of what was listed, and a part of that number which has another name by
then is not taken for it. The mark is of the name as it is told without asking a key.
"""

from __future__ import annotations

from time import monotonic

from relive.worker.parts import parts_of
from relive.worker.render import bounded_repr
from relive.worker.shelf import GoneError
from relive.worker.timelimit import within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.render import Renderer
    from relive.worker.shelf import Shelf

_MAX_KEY = 80
_SECONDS = 3.0
"""For all the texts of one page."""
_CHANGED = "What this was part of has changed. List its parts anew."


def find(shelf: Shelf, ref: str) -> Any:
    """Return the value or part that `ref` names.

    Raises:
        GoneError: it is not there any more.
    """
    root, *steps = ref.split("/")
    value = shelf.find(root)
    for step in steps:
        number, _, mark = step.partition("~")
        name, value = _part(value, int(number) if number.isdecimal() else -1)
        if _mark(name) != mark:
            raise GoneError(_CHANGED)
    return value


def children_below(
    value: Any, ref: str, path: Iterable[int], message: dict[str, Any], renderer: Renderer
) -> dict[str, Any]:
    """Return the parts of what is found by walking down `path` from `value`."""
    for number in path:
        name, value = _part(value, number)
        ref = part_ref(ref, number, name)
    return children(value, ref, message, renderer)


def children(value: Any, ref: str, message: dict[str, Any], renderer: Renderer) -> dict[str, Any]:
    """Return the parts that `message` asks for, and how many there are in all."""
    start, limits = max(message["start"], 0), message["limits"]
    page, total = within(_SECONDS, _page, value, start, message["count"])
    end, items = monotonic() + _SECONDS, []
    for number, (kind, key, part) in enumerate(page, start):
        name = _name(kind, key)
        left = max(min(limits["repr_budget"], end - monotonic()), 0.001)
        child = part_ref(ref, number, quiet_name(kind, key))
        shown = renderer.render(part, child, {**limits, "repr_budget": left})
        items.append({"name": name, "value": shown})
    return {"items": items, "total": total}


def _page(value: Any, start: int, count: int) -> tuple[list[tuple[str, Any, Any]], int]:
    parts = parts_of(value)
    return parts.page(start, count), parts.total


def _part(value: Any, number: int) -> tuple[str, Any]:
    found = within(_SECONDS, _page, value, number, 1)[0] if number >= 0 else []
    if not found:
        raise GoneError(_CHANGED)
    kind, key, part = found[0]
    return quiet_name(kind, key), part


def _name(kind: str, key: Any) -> str:
    if kind in ("attribute", "member"):  # such as of a set, which has no order to speak of
        return str(key)
    return f"[{bounded_repr(key, _MAX_KEY, 0.1)[0]}]"


def quiet_name(kind: str, key: Any) -> str:
    """Return the name of a part as far as no code of a key's tells it."""
    if kind in ("attribute", "member"):
        return str(key)
    return f"[{bounded_repr(key, _MAX_KEY, 0.1, asks=False)[0]}]"


def part_ref(ref: str, number: int, name: str) -> str:
    """Return the ref of a part: that of the whole, its number and a mark of its quiet name."""
    return f"{ref}/{number}~{_mark(name)}"


def _mark(name: str) -> str:
    return format(hash(name) & 0xFFFFFF, "x")
