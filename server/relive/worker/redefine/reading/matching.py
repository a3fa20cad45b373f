"""Which statements of a new text are which of those that ran.

A statement is the same as one that ran if its text is, wherever it stands. Otherwise it may be one
that ran with another text: an assignment by the names it binds, anything else by what it does (a
call of the same function, a loop).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict, deque
from operator import attrgetter
from typing import Generic, TypeVar

from relive.worker.redefine.reading.toplevel import DataStatement, TopLevel

_Statement = TypeVar("_Statement", bound=DataStatement)
_BY_HAND = 20
"""How many texts of statements that bind the same names are remembered, of those run by hand."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator


class Ran:
    """The statements a module has run, in the order in which they have."""

    def __init__(self, statements: Iterable[TopLevel] = (), *, by_hand: int = 0) -> None:
        """Begin with statements; `by_hand`: how many of them were run so, which are the last."""
        self._all = dict(enumerate(statements))
        """By number; one that runs later has a higher one."""
        self._known = len(self._all) - by_hand
        """The number of the first that was run by hand."""
        self._next = len(self._all)
        self._places: defaultdict[tuple[str, str], list[int]] | None = None
        """The numbers of those of a text or key, in order, once asked for."""
        self._imported: set[str] | None = None

    def __iter__(self) -> Iterator[TopLevel]:
        return iter(self._all.values())

    @property
    def imported(self) -> set[str]:
        """The names that imports have bound."""
        if self._imported is None:
            imports = (each for each in self if each.is_import)
            self._imported = {name for each in imports for name in each.binds}
        return self._imported

    def by_hand(self) -> set[int]:
        """Return the identities of those that have run since the text was brought in whole."""
        return {id(each) for number, each in self._all.items() if number >= self._known}

    def note(self, new: TopLevel) -> None:
        """Record that a statement ran: that of its text once more, or else another one.

        Whether it is another text of one that binds the same names, or one that has come beside
        it, only the text can tell that is brought in next; till then both are kept, if not of too
        many of them.
        """
        self._imported = None
        places = self._indexed()
        text, *keys = (places[name] for name in _names(new))
        if text:
            self._forget(text[0])
        for key in [] if text else keys:
            by_hand = key[bisect_left(key, self._known) :]
            if len(by_hand) >= _BY_HAND:
                self._forget(by_hand[0])
        self._all[self._next] = new
        self._put(places, self._next)
        self._next += 1

    def _forget(self, number: int) -> None:
        for name in _names(self._all.pop(number)):
            self._indexed()[name].remove(number)

    def _indexed(self) -> defaultdict[tuple[str, str], list[int]]:
        if self._places is None:
            self._places = defaultdict(list)
            for number in self._all:
                self._put(self._places, number)
        return self._places

    def _put(self, places: defaultdict[tuple[str, str], list[int]], number: int) -> None:
        for name in _names(self._all[number]):
            places[name].append(number)


def _names(each: TopLevel) -> list[tuple[str, str]]:
    """Return what a statement is known by: its text, and what binds the same names."""
    return [("text", each.text), *([("key", each.key)] if each.binds else [])]


class Same(Generic[_Statement]):
    """Statements of an old text, to find those of a new one among them: each counts once.

    Those that make functions may differ inside these; one that is quite the same is preferred.
    """

    def __init__(self, old: Iterable[_Statement], new: Iterable[_Statement]) -> None:
        texts: defaultdict[str, list[_Statement]] = defaultdict(list)
        for each in old:
            texts[each.text].append(each)
        several = {text for text, same in texts.items() if len(same) > 1}
        wanted = {each.exact_text for each in new if each.text in several}
        self._alike = {text: _Alike(same, wanted) for text, same in texts.items()}

    def take(self, each: _Statement) -> _Statement | None:
        """Return the old statement that need not run again for `each`."""
        alike = self._alike.get(each.text)
        return None if alike is None else alike.take(each)


class _Alike(Generic[_Statement]):
    """Old statements of one text."""

    def __init__(self, statements: list[_Statement], wanted: Container[str]) -> None:
        """Put the `statements` in order; `wanted`: the exact texts that will be asked for."""
        self._left = deque(statements)
        self._exact: defaultdict[str, deque[_Statement]] = defaultdict(deque)
        if len(statements) > 1:
            for each in statements:
                self._exact[each.exact_text].append(each)
        spare = (same for text, same in self._exact.items() if text not in wanted)
        self._spare = deque(each for same in spare for each in same)
        self._taken: set[int] = set()

    def take(self, new: _Statement) -> _Statement | None:
        """Return one that is quite the same as `new`; or that nothing else will be; or any."""
        same = self._exact.get(new.exact_text) if self._exact else None
        for waiting in (same or deque(), self._spare, self._left):
            while waiting:
                each = waiting.popleft()
                if id(each) not in self._taken:
                    self._taken.add(id(each))
                    return each
        return None


def _given_up(ran: Ran, new: list[TopLevel]) -> set[int]:
    """Return the identities of those that ran, and then others by hand, of which the text is gone.

    So the text is what it was, and the names mean what the others gave: it is an edit of these.
    """
    by_hand = ran.by_hand()
    last = {each.key: each for each in ran if each.binds} if by_hand else {}
    now = {each.key: each for each in new if each.binds} if by_hand else {}
    texts = {each.text for each in new}
    tried = [each for each in last.values() if id(each) in by_hand and each.text not in texts]
    again = {now[each.key].text for each in tried if each.key in now}
    return {id(each) for each in ran if each.text in again}


class Had:
    """The statements a module has run, to find those of a new text among them."""

    def __init__(self, ran: Ran, new: Iterable[TopLevel]) -> None:
        """Compare what `ran` with all statements of a new text, whichever branch they are in."""
        texts = list(new)
        given_up = _given_up(ran, texts)
        self.same = Same((each for each in ran if id(each) not in given_up), texts)
        self._ran = ran
        spare: defaultdict[str, int] = defaultdict(int)  # a Counter asks what users may patch
        for each in texts:
            spare[each.text] += 1
        self._vanished: defaultdict[str, deque[TopLevel]] = defaultdict(deque)
        for each in ran:
            if spare[each.text] > 0 and id(each) not in given_up:
                spare[each.text] -= 1
            else:
                self._vanished[each.key].append(each)
        self._drop_former(ran, [each for each in texts if spare[each.text] > 0])

    def _drop_former(self, ran: Ran, new: list[TopLevel]) -> None:
        """Leave out what others were tried by hand in the place of, before the text has another."""
        by_hand = ran.by_hand()
        for key, vanished in self._vanished.items():
            if by_hand and id(vanished[-1]) in by_hand:
                wanted = max(sum(each.key == key for each in new), 1)
                while len(vanished) > wanted:
                    vanished.popleft()

    def other_text_of(self, each: TopLevel) -> TopLevel | None:
        """Return the statement that ran and that `each` has become, if there is one."""
        same = self._vanished.get(each.key)
        return same.popleft() if same else None

    def left(self) -> list[TopLevel]:
        """Return the statements that ran and that none of the new text was found to be.

        None that another one has run after, which gave the same place something else.
        """
        left = [each for same in self._vanished.values() for each in same]
        last = {each.key: each for each in self._ran} if left else {}
        left = [each for each in left if each.adds_on or last[each.key] is each]
        return sorted(left, key=attrgetter("line"))


def matched(
    old: Iterable[_Statement], new: Iterable[_Statement]
) -> list[tuple[_Statement, _Statement]]:
    """Pair statements that need not run again."""
    texts = list(new)
    same = Same(old, texts)
    pairs = [(same.take(each), each) for each in texts]
    return [(before, each) for before, each in pairs if before is not None]
