"""Definitions that share a name: which of a new text is which of those the image holds.

A name may be defined in several branches, defined again further down, or be one that nobody looks
up, as the `_` of registered handlers. Each of them may have live functions, so each has a key of
its own; text that is equal is the same definition, then what has an equal heading, as handlers have
that are registered by decorators or annotations; and what is left is paired in order.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Mapping

    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.reading.known import Definitions

_NOTHING: dict[str, Container[str]] = {}


def number(
    olds: Definitions,
    found: list[Definition],
    text: str | None = None,
    *,
    taken: Container[str] = (),
    to_come: Mapping[str, Container[str]] = _NOTHING,
) -> None:
    """Give definitions the keys of those they are another text of.

    Args:
        olds: what the image holds.
        found: definitions of a new text, of any names.
        text: the whole of that text, if `found` is not all of it: what it still holds is none of
            `found`.
        taken: keys of `olds` that others of the new text have already.
        to_come: texts of namesakes further down in the new text, which are another's `found`.
    """
    times = _times(found)
    named: dict[str, list[Definition]] = {}
    for each in found:
        is_alone = times[each.shared_key] == 1 and each.shared_key not in to_come
        only = olds.only(each.shared_key) if text is None and is_alone else None
        if only is not None and only.key not in taken:
            each.copy = only.copy
        else:
            named.setdefault(each.shared_key, []).append(each)
    for key, several in named.items():
        left = [old for old in olds.namesakes(key) if old.key not in taken]
        _number(left, several, to_come.get(key, ()) if text is None else text)


def last_of(several: Iterable[Definition]) -> Definition | None:
    """Return the one of several definitions of a name that comes last in the text."""
    return max(several, key=lambda each: each.line, default=None)


def meant_anew(now: Iterable[Definition], before: Iterable[Definition]) -> Definition | None:
    """Return what a name means that several definitions of a text have, if it was another before.

    That is the last one; of one that stands where nobody can tell whether it has run nothing is
    known.
    """
    last, former = last_of(now), last_of(before)
    if last is None or last.is_conditional or former is None or former.key == last.key:
        return None
    return last


def _times(found: list[Definition]) -> dict[str, int]:
    """Return how many share each key; no Counter: that asks builtins, which may be patched."""
    times: dict[str, int] = {}
    for each in found:
        times[each.shared_key] = times.get(each.shared_key, 0) + 1
    return times


def _number(olds: list[Definition], found: list[Definition], others: Container[str]) -> None:
    waiting = list(olds)
    left = _pair(waiting, found, lambda each: each.source)
    gone = [each for each in waiting if each.source not in others]
    if len(gone) > 0 < len(left):
        left = _pair(gone, left, _heading)
    taken = {each.copy for each in olds}
    for each in left:
        each.copy = gone.pop(0).copy if gone else _free(taken)
        taken.add(each.copy)


def _pair(
    olds: list[Definition], found: list[Definition], mark: Callable[[Definition], object]
) -> list[Definition]:
    """Pair those of one mark, and take the old ones out; return the new ones that are left."""
    left = []
    for each in found:
        same = next((old for old in olds if mark(old) == mark(each)), None)
        if same is None:
            left.append(each)
        else:
            olds.remove(same)
            each.copy = same.copy
    return left


def _heading(each: Definition) -> object:
    """Return what tells handlers of one name apart, and is seldom edited with their bodies."""
    return (type(each.node), each.decorators, each.header)


def _free(taken: set[int]) -> int:
    return next(number for number in range(len(taken) + 1) if number not in taken)
