"""Whether a class is more than its own statements: what else runs when a class statement does."""

from __future__ import annotations

import sys
import types
from abc import ABCMeta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from relive.worker.redefine.reading.class_text import ClassText

_PLAIN = (type, ABCMeta)


def is_generated(cls: type, text: ClassText) -> bool:
    """Whether something makes members from the text: a decorator, metaclass, base or hook."""
    return is_made(cls, text.definition.decorators) or _is_told(cls)


def is_made(cls: type, decorators: list[str]) -> bool:
    """Whether a decorator, a metaclass or a stand-in for a base makes something of the text."""
    if decorators or type(cls) not in _PLAIN:
        return True
    written = vars(cls).get("__orig_bases__")
    return written is not None and types.resolve_bases(written) != cls.__bases__


def takes_attributes(cls: type, text: ClassText) -> bool:
    """Whether a metaclass deals with attributes that are set on its classes afterwards."""
    own = type(cls).__setattr__ is not type.__setattr__
    return own and not text.definition.decorators


def _is_told(cls: type) -> bool:
    """Whether a base wants to know of its subclasses."""
    for base in cls.__mro__[1:]:
        if "__init_subclass__" in vars(base):
            typing = sys.modules.get("typing")
            return base is not object and base is not getattr(typing, "Generic", None)
    return False
