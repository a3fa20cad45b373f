"""What is told of the live definitions of files: marks of their texts, and what is left of old."""

from __future__ import annotations

import os

from relive.worker.image import marks_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.namespace import Namespace
    from relive.worker.patches import Patches
    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.reading.known import Definitions


def live_definitions(
    image: Image, patches: Patches, files: list[str] | None, known: dict[str, str]
) -> dict[str, dict[str, Any]]:
    """Return what is live of those of `files` that are loaded; None: of all the workspace's own.

    `known`: the revisions that were told last, by file; of those only what has changed is told.
    """
    if files is None:
        loaded, owns = image.namespaces.loaded(None), image.sources.workspace.owns
        files = [each for each in loaded if os.path.isabs(each) and owns(each)]
    told = {file: _told(image, patches, file, known.get(file, "")) for file in files}
    return {file: each for file, each in told.items() if each is not None}


def _told(image: Image, patches: Patches, file: str, known: str) -> dict[str, Any] | None:
    namespace = image.namespaces.get(file)
    if namespace is None:
        return None
    live = image.definitions(namespace)
    revision, changed = live.revision, live.changed_since(known)
    told: dict[str, Any] = {
        "revision": revision,
        "since": None if changed is None else known,
        "fingerprints": _marks(live, changed, image.branches.made(live, namespace)),
        "patched": [patch.name for patch in patches.of(file)],
        "running": {},
        "old_instances": {},
        "holders": {},
        "rebound": image.rebound.among(live, image, namespace),
    }
    for namespace in image.namespaces.every(file):
        _add(told, image, namespace)
    return told


def _marks(
    live: Definitions, changed: set[str] | None, made: dict[str, list[Definition]]
) -> dict[str, list[str]]:
    """Return the marks of what is live, or has changed; in branches only of what was `made`."""
    if changed is None:
        marks = marks_of(list(live.values()))
    else:
        marks = {name: [each.fingerprint for each in live.named(name)] for name in changed}
    marks.update((name, [each.fingerprint for each in some]) for name, some in made.items())
    return marks


def _add(told: dict[str, Any], image: Image, namespace: Namespace) -> None:
    """Add what one of the modules that a file is has left behind."""
    leftovers, live = image.leftovers, image.definitions(namespace)
    for name, words in leftovers.bodies(namespace, live).items():
        told["running"].setdefault(name, []).extend(words)
    for name in leftovers.names_with_old_objects(namespace):
        _count(told["old_instances"], name, leftovers.old_objects(namespace, live, name))
    for name in filter(live.named, leftovers.names_with_holders(namespace)):
        _count(told["holders"], name, leftovers.holders(namespace, name))


def _count(counts: dict[str, int], name: str, found: list[Any]) -> None:
    if found:
        counts[name] = counts.get(name, 0) + len(found)
