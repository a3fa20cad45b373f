"""Arrays of NumPy's that show parts of the same memory: stored as that, and not as copies."""

from __future__ import annotations

import sys

from relive.worker.keeping.objects import is_array, owner_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    View = tuple[Any, ...]

_WASTE = 4
"""A view is stored with all the memory it is of, unless it shows less than a fourth of that."""


def view_of(array: Any) -> View | None:
    """Return the array that has the memory of `array`, and which part that shows; None: a copy."""
    owner = owner_of(array)
    if not is_array(owner) or array.dtype.hasobject or owner.nbytes > _WASTE * array.nbytes:
        return None
    if not (owner.flags.c_contiguous or owner.flags.f_contiguous):
        return None
    offset = _address(array) - _address(owner)
    return (owner, array.dtype, array.shape, array.strides, offset, array.flags.writeable)


def shown(view: View) -> Any:
    """Return the array that a view was."""
    owner, dtype, shape, strides, offset, writeable = view
    numpy = sys.modules["numpy"]
    memory = owner.ravel(order="K").view("u1")
    array = numpy.ndarray(shape, dtype, memory, offset, strides)
    array.flags.writeable = writeable
    return array


def _address(array: Any) -> int:
    found: int = array.__array_interface__["data"][0]
    return found
