"""Where a statement of an old text stands in a new one, block by block."""

from __future__ import annotations

import ast
import re
from collections import Counter
from difflib import SequenceMatcher

from relive.worker.holding.going_on import Refused
from relive.worker.holding.paths import block_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from relive.worker.holding.paths import Path

_WORD = re.compile(r"\w+")
ALIKE = 0.5
"""From here on a changed statement plainly stands in the place of the old one."""


class Mapped:
    """A place in the new text, and which statements around it are which old ones."""

    def __init__(self) -> None:
        self.path: Path = []
        self.around: list[tuple[ast.stmt, ast.stmt]] = []
        """Pairs of old and new statements that the place is inside of, outermost first."""
        self.certain = True
        self.notes: list[str] = []

    def doubt(self, note: str) -> None:
        """Say that a person should look."""
        self.certain = False
        self.notes.append(note)


def map_path(old: list[ast.stmt], new: list[ast.stmt], path: Path) -> Mapped:
    """Return where the statement at `path` of `old` is to be entered in `new`.

    Raises:
        Refused: nothing is left of it.
    """
    mapped = Mapped()
    for depth, (branch, place) in enumerate(path):
        is_last = depth == len(path) - 1
        if not new:
            raise Refused("the block that the failing statement stood in is empty now")
        found, ends = _place_in(old, new, place, mapped, is_last=is_last)
        mapped.path.append((branch, found))
        if is_last or ends:
            return mapped
        before, after = old[place], new[found]
        mapped.around.append((before, after))
        inner = path[depth + 1][0]
        old_block, new_block = block_of(before, inner), block_of(after, inner)
        if new_block is None or old_block is None:
            mapped.around.pop()
            mapped.doubt("the block that it stood in is gone: the statement around it runs anew")
            return mapped
        old, new = old_block, new_block
    return mapped


def _place_in(
    old: list[ast.stmt], new: list[ast.stmt], place: int, mapped: Mapped, *, is_last: bool
) -> tuple[int, bool]:
    """Return the statement of `new` for one of `old`, and whether the way ends there."""
    before, after = [ast.dump(each) for each in old], [ast.dump(each) for each in new]
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    number = next(n for n, each in enumerate(opcodes) if each[1] <= place < each[2])
    tag, low, high, new_low, new_high = opcodes[number]
    if tag == "equal":
        found = new_low + place - low
        if is_last and place == low and number and opcodes[number - 1][0] == "insert":
            found = opcodes[number - 1][3]
            mapped.doubt("what was put before the failing statement runs first")
        return found, False
    if tag == "delete":
        mapped.doubt("the statement is gone: what followed it is next")
        if new_low >= len(new):
            raise Refused("the failing statement is gone, and nothing follows it in its block")
        return new_low, True
    return _replaced(old, new, (low, high), (new_low, new_high), place, mapped, is_last=is_last)


def _replaced(
    old: list[ast.stmt],
    new: list[ast.stmt],
    before: tuple[int, int],
    after: tuple[int, int],
    place: int,
    mapped: Mapped,
    *,
    is_last: bool,
) -> tuple[int, bool]:
    """Choose among new statements that stand where old ones, `place` among them, stood."""
    dump = ast.dump(old[place])
    scored = [
        (alike(dump, ast.dump(new[each])) + (type(new[each]) is type(old[place])), -each)
        for each in range(*after)
    ]
    score, negative = max(scored)
    best = -negative
    if not is_last:
        if type(new[best]) is not type(old[place]):
            mapped.doubt(f"the `{_word(old[place])}` around it is gone: entered in its place")
            return after[0], True
        return best, False
    earlier = place - before[0]
    begin = _behind(old[before[0] : place], new[after[0] : best], after[0])
    found = max(begin, best - max(best - after[0] - earlier, 0))
    is_only = before[1] - before[0] == after[1] - after[0] == 1
    if found != best or earlier:
        mapped.doubt("several statements were changed here")
    elif not is_only or score < 1 + ALIKE:
        mapped.doubt("the failing statement was rewritten")
    return found, False


def _behind(old: list[ast.stmt], new: list[ast.stmt], begin: int) -> int:
    """Return the first of `new`, counted from `begin`, behind all that stand for one of `old`."""
    dumps = [(type(each), ast.dump(each)) for each in old]
    for place in reversed(range(len(new))):
        text = ast.dump(new[place])
        if any(kind is type(new[place]) and alike(each, text) >= ALIKE for kind, each in dumps):
            return begin + place + 1
    return begin


def alike(one: str, other: str) -> float:
    """Return how much of two dumps is the same words, from 0 to 1."""
    mine, theirs = Counter(_WORD.findall(one)), Counter(_WORD.findall(other))
    return 2 * (mine & theirs).total() / ((mine.total() + theirs.total()) or 1)


def _word(node: ast.stmt) -> str:
    return type(node).__name__.lower().replace("async", "async ")
