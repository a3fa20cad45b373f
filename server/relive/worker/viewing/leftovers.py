"""The objects that changes of a definition have left behind, a page of them as values."""

from __future__ import annotations

from itertools import chain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.render import Renderer
    from relive.worker.shelf import Shelf


def leftovers(
    image: Image, message: dict[str, Any], renderer: Renderer, shelf: Shelf
) -> dict[str, Any]:
    """Return those that `message` asks for, each with why it is told, and how many there are."""
    found = list(_found(image, message["file"], message["name"]))
    start = max(message["start"], 0)
    items = []
    for number, (value, why) in enumerate(found[start : start + message["count"]], start):
        ref = f"{message['id']}:{number + 1}"
        shelf.put(ref, value, {}, ())
        items.append({"value": renderer.render(value, ref, message["limits"]), "why": why})
    return {"items": items, "total": len(found)}


def _found(image: Image, file: str, name: str) -> Iterator[tuple[Any, str]]:
    for namespace in image.namespaces.every(file):
        live = image.definitions(namespace)
        old = image.leftovers.old_objects(namespace, live, name)
        holders = image.leftovers.holders(namespace, name)
        yield from chain(
            ((each, "made before") for each in old),
            ((each, "holds a replaced object") for each in holders),
        )
