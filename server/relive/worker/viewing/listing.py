"""The names of a namespace, or the parts of a value, a page of them, without any code of theirs."""

from __future__ import annotations

from relive.worker.bare import type_name
from relive.worker.timelimit import within
from relive.worker.viewing.children import find, part_ref, quiet_name
from relive.worker.viewing.still import (
    has_quiet_parts,
    is_quiet_table,
    length_of,
    name_kind,
    quiet_parts,
    size_of,
    text_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.shelf import Shelf
    from relive.worker.viewing.scopes import Scopes

    Part = tuple[int, str, Any]
    """A part with its number and its name."""

_SECONDS = 3.0
_AT_A_TIME = 10_000
_MOST_FILTERED = 1_000_000
"""Parts that are looked at for those that a filter lets through."""
_ORDER = {"value": 0, "function": 1, "class": 2, "module": 3}


def listing(message: dict[str, Any], scopes: Scopes, shelf: Shelf) -> dict[str, Any]:
    """Return the names or parts that `message` asks for, and how many there are in all.

    Raises:
        GoneError: what they are to be parts of is not there.
    """
    if message["parent"] is not None:
        value, ref = find(shelf, message["parent"]), message["parent"]
    else:
        root = scopes.root(message["file"], message["frame"], f"{message['id']}:0")
        if root is None:
            return {"items": [], "total": 0, "is_module": True, "file": message["file"]}
        value, ref = root
    shown, total = _chosen(value, message, in_order=not scopes.has(ref))
    items = [_told(part, ref, message["text"]) for part in shown]
    return {"items": items, "total": total, **scopes.of_module(ref)}


def _chosen(value: Any, message: dict[str, Any], *, in_order: bool) -> tuple[list[Part], int]:
    parts, start = quiet_parts(value), max(message["start"], 0)
    end, wanted = start + message["count"], message["filter"].casefold()
    if in_order and not wanted:
        page = within(_SECONDS, parts.page, start, end - start)
        return list(_named(page, start)), parts.total
    every = [
        part
        for first in range(0, min(parts.total, _MOST_FILTERED), _AT_A_TIME)
        for part in _named(within(_SECONDS, parts.page, first, _AT_A_TIME), first)
        if wanted in part[1].casefold()
    ]
    if not in_order:
        # A name that is just what is looked for comes first: it is on whatever page is asked for.
        every.sort(key=lambda part: (part[1] != message["filter"], _ORDER[name_kind(part[2])]))
    return every[start:end], len(every)


def _named(page: Iterable[tuple[str, Any, Any]], first: int) -> Iterable[Part]:
    for number, (kind, key, part) in enumerate(page, first):
        yield number, quiet_name(kind, key), part


def _told(part: Part, ref: str, limit: int) -> dict[str, Any]:
    number, name, value = part
    return {
        "name": name,
        "text": text_of(value, limit),
        "type": type_name(type(value)),
        "size": size_of(value),
        "length": length_of(value),
        "ref": part_ref(ref, number, name),
        "children": has_quiet_parts(value),
        "has_table": is_quiet_table(value),
        "kind": name_kind(value),
    }
