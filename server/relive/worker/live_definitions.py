"""What is told of the live definitions of files: marks of their texts, and what is left of old."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.namespace import Namespace
    from relive.worker.patches import Patches


def live_definitions(
    image: Image, patches: Patches, files: list[str] | None
) -> dict[str, dict[str, Any]]:
    """Return what is live of those of `files` that are loaded; None: of all the workspace's own."""
    if files is None:
        loaded, owns = image.namespaces.loaded(None), image.sources.workspace.owns
        files = [each for each in loaded if os.path.isabs(each) and owns(each)]
    told = {file: _told(image, patches, file) for file in files}
    return {file: each for file, each in told.items() if each is not None}


def _told(image: Image, patches: Patches, file: str) -> dict[str, Any] | None:
    marks = image.fingerprints(file)
    if marks is None:
        return None
    told: dict[str, Any] = {
        "fingerprints": marks,
        "patched": [patch.name for patch in patches.of(file)],
        "running": {},
        "old_instances": {},
        "holders": {},
    }
    for namespace in image.namespaces.every(file):
        _add(told, image, namespace)
    return told


def _add(told: dict[str, Any], image: Image, namespace: Namespace) -> None:
    """Add what one of the modules that a file is has left behind."""
    leftovers, live = image.leftovers, image.definitions(namespace)
    for name, words in leftovers.bodies(namespace, live).items():
        told["running"].setdefault(name, []).extend(words)
    for name in leftovers.names_with_old_objects(namespace):
        _count(told["old_instances"], name, leftovers.old_objects(namespace, live, name))
    for name in {each.name for each in live.values()}:
        _count(told["holders"], name, leftovers.holders(namespace, name))


def _count(counts: dict[str, int], name: str, found: list[Any]) -> None:
    if found:
        counts[name] = counts.get(name, 0) + len(found)
