"""A base that only tells CPython what it does not see: two classes lay out their objects alike.

An object can change its class if both classes add the same to the same base. A class directly under
`object` and one under a base without attributes of its own, such as `ABC` or `Generic`, have
objects of one layout, but add it to different bases, and CPython compares no further. With an
empty class in front of the new bases, which adds what the old class added, it does.
"""

from __future__ import annotations

from relive.worker.redefine.classes.merge import layout, slots
from relive.worker.redefine.classes.replace import moves_not
from relive.worker.redefine.finding.live import instances_of


def bridge() -> type:
    """Return a new empty class to be the first base."""
    return type("SameLayout", (), {"__module__": "relive", "__doc__": "Empty; see its first line."})


def wants_bridge(old: type, fresh: type) -> bool:
    """Whether live objects cannot go over to `fresh`, and could with a bridge among its bases."""
    alike = layout(old) == layout(fresh) and not slots(old) and not slots(fresh)
    if not alike or issubclass(old, tuple):
        return False
    instance = next((each for each in instances_of(old) if type(each) is old), None)
    return instance is not None and moves_not(instance, fresh) is not None
