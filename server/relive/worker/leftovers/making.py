"""What of a class's text says how its objects are made: a constructor, or fields."""

from __future__ import annotations

import ast

from relive.worker.redefine.classes.generated import is_made
from relive.worker.redefine.finding.live import bound_to, live_class, owner_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from relive.worker.redefine.finding.live import Retired
    from relive.worker.redefine.reading.definitions import Definition

_CONSTRUCTORS = ("__init__", "__new__", "__post_init__", "__attrs_post_init__")
_FIELDS = (ast.AnnAssign, ast.Assign)


def is_making(definition: Definition) -> bool:
    """Whether a definition can say how objects are made: a class, or a constructor in one."""
    return definition.kind == "class" or (
        definition.kind == "method" and definition.own_name in _CONSTRUCTORS
    )


def making_of(definition: Definition | None) -> str:
    """Return what a definition says of how objects are made, as a text that tells it from others.

    Of a constructor all of it, of a class its fields. What is not there says nothing.
    """
    if definition is None:
        return ""
    if not isinstance(definition.node, ast.ClassDef):
        return definition.fingerprint
    fields = [each for each in definition.node.body if isinstance(each, _FIELDS)]
    return "\n".join(ast.dump(each) for each in fields)


def class_made(definition: Definition, module: ModuleType, retired: Retired) -> type | None:
    """Return the live class whose objects a constructor or fields make, if there is one.

    Of a class that makes nothing of its own statements, what stands in it is no field.
    """
    try:
        owner = owner_of(definition, module, retired)
    except LookupError:
        return None
    if definition.kind == "method":
        return owner if issubclass(type(owner), type) else None
    cls = live_class(bound_to(definition, owner), definition.name, module, retired)
    return cls if cls is not None and _has_fields(cls, definition) else None


def _has_fields(cls: type, definition: Definition) -> bool:
    decorators = [ast.dump(each) for each in getattr(definition.node, "decorator_list", ())]
    hooks = (base for base in cls.__mro__[1:-1] if "__init_subclass__" in vars(base))
    return is_made(cls, decorators) or next(hooks, None) is not None
