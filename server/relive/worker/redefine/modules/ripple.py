"""What other modules computed from a value that has changed is computed anew.

They are gone through like a file that was edited, with nothing but those values changed.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from types import ModuleType, SimpleNamespace

from relive.worker.redefine.modules.file_edit import FileEdit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.redefine.part import Part
    from relive.worker.redefine.step import Step


def plan_ripple(step: Step, image: Image) -> None:
    """Plan what follows elsewhere from the names that a step has changed."""
    reached = [part.namespace.module for part in step.parts]
    waiting = list(step.parts)
    while waiting:
        part = waiting.pop(0)
        for module, reader in _readers(part, image).items():
            namespace = image.namespaces.of_module(module)
            if module not in reached and namespace is not None:
                reached.append(module)
                step.transaction.perform()  # it reads the names that have followed
                edit = FileEdit(image, namespace, image.of(namespace).text)
                waiting.append(edit.plan_again(step, reader.names, reader.before))


class _Reader:
    """A module that has names which changed."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        """Its own, and those of other modules as `module.name`."""
        self.before: dict[str, Any] = {}
        """What they were; of another module, something that has them as they were."""


def _readers(part: Part, image: Image) -> dict[ModuleType, _Reader]:
    """Return the modules of the workspace that have names which changed."""
    found: defaultdict[ModuleType, _Reader] = defaultdict(_Reader)
    for module, name, old in part.followed:
        if _text(module, image):
            found[module].names.add(name)
            found[module].before[name] = old
    home = part.namespace.module
    for module in list(sys.modules.values()) if part.changed else ():
        text = _text(module, image)
        for alias in _aliases(module, home) if text else ():
            names = {f"{alias}.{name}" for name in part.changed}
            if names := {name for name in names if name in text}:
                found[module].names |= names
                found[module].before[alias] = SimpleNamespace(**part.before)
    return found


def _aliases(module: ModuleType, home: ModuleType) -> list[str]:
    return [local for local, value in list(vars(module).items()) if value is home]


def _text(module: ModuleType, image: Image) -> str:
    file = vars(module).get("__file__") if isinstance(module, ModuleType) else None
    return (image.sources.loaded(file) or "") if isinstance(file, str) else ""
