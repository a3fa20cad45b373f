"""The order in which the files of a step have their turn."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from relive.worker.redefine.modules.file_edit import FileEdit


def in_order(edits: list[FileEdit], imported: Callable[[ModuleType], set[str]]) -> list[FileEdit]:
    """Return edits so that each comes after those whose modules it imports, where that can be.

    `imported`: tells the names of the modules that one imports, by way of others too.
    """
    if len(edits) < 2:
        return edits
    by_name = {each.namespace.module.__name__: each for each in edits}
    ordered: list[FileEdit] = []
    begun: set[str] = set()

    def put(edit: FileEdit) -> None:
        module = edit.namespace.module
        if module.__name__ in begun:
            return
        begun.add(module.__name__)
        for other in sorted(imported(module) & by_name.keys()):
            put(by_name[other])
        ordered.append(edit)

    for each in edits:
        put(each)
    return ordered
