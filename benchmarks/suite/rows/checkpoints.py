"""A checkpoint before each evaluation, beside a bare fork of the same process."""

from __future__ import annotations

from checkpoints import HEAPS, LARGE, Forking, before_each_evaluation
from suite.frame import Comparison, Contender, Place, Row

_SIZES = {**HEAPS, **LARGE}
_SMALLEST, *_OTHERS = _SIZES
_LARGEST = _OTHERS[-1]


def _contenders(place: Place) -> dict[str, Contender]:
    place.afterwards(before_each_evaluation())
    return {name: each for size in _SIZES for name, each in _pair(place, size).items()}


def _pair(place: Place, size: str) -> dict[str, Contender]:
    process = Forking(_SIZES[size])
    place.afterwards(process.close)
    return {
        _fork(size): Contender(process.bare_s),
        _checkpoint(size): Contender(process.checkpoint_s),
    }


def _fork(size: str) -> str:
    return f"a fork, {size}"


def _checkpoint(size: str) -> str:
    return f"a checkpoint, {size}"


ROW = Row(
    "checkpoints",
    "a checkpoint before each evaluation, by the heap",
    _contenders,
    (
        *(
            Comparison(_checkpoint(each), _fork(each), at_most=3 if each == _LARGEST else None)
            for each in _SIZES
        ),
        *(Comparison(_checkpoint(each), _checkpoint(_SMALLEST)) for each in _OTHERS),
    ),
    rounds=15,
)
