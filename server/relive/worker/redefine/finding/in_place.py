"""What stands in the place of a definition, told without any code of the program's."""

from __future__ import annotations

from relive.worker.bare import own_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.reading.definitions import Definition

_METHODS = (staticmethod, classmethod)


def held_at(
    definition: Definition, scope: dict[str, Any], *, metaclasses: bool
) -> tuple[Any] | None:
    """Return what its place holds, of a method the function; None: nothing, or nobody can tell.

    Args:
        definition: whose place it is.
        scope: the names of its module.
        metaclasses: whether to look into classes that have another metaclass than `type`.
    """
    names: Any = scope
    for name in definition.scopes:
        cls = names.get(name)
        if not (issubclass(type(cls), type) if metaclasses else type(cls) is type):
            return None
        names = own_names(cls)
    if definition.own_name not in names:
        return None
    held = names[definition.own_name]
    return (held.__func__ if issubclass(type(held), _METHODS) else held,)
