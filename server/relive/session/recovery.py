"""Which life can be recovered, and which of its entries are replayed: what the log alone tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from relive.changelog.entries import Entry, parsed_id
from relive.changelog.history import History, Reading
from relive.changelog.sessions import Life, Recorded
from relive.session.answers import Answer
from relive.session.held_log import continued
from relive.session.logged import effects_of, is_news
from relive.session.undone import is_cancelled_by_undo, naming_what_ran, rewound, undone
from relive.source.quick_dataclasses import dataclass

_SUSPECT = "was running when its process ended"


@dataclass(frozen=True)
class Choice:
    """What a caller wants to be replayed. Neither: what can be without a look."""

    entries: tuple[str, ...] | None = None
    """Ids: these, in the log's order."""
    omit_last: int | None = None
    """All but that many, the last, and what did not end by itself."""

    @property
    def is_careful(self) -> bool:
        """Whether nobody has looked at the entries."""
        return self.entries is None and self.omit_last is None


@dataclass(frozen=True)
class Skipped(Answer):
    """An entry that is not replayed."""

    id: str
    why: str


_LATEST = 1000
"""Entries of a life that are looked at before anybody asks for them: opening a folder is not to
wait for a log of a million."""


@dataclass(frozen=True)
class Plan:
    """What is replayed, and what is not."""

    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...] = ()
    is_careful: bool = False


@dataclass(frozen=True)
class Judged:
    """An entry of a life with whether it is replayed unless something else is asked for."""

    entry: Entry
    why: str | None = None
    """Why it is not."""

    @property
    def is_suspect(self) -> bool:
        """Whether it was running when its process ended."""
        return is_suspect(self.entry)


def offered(history: History, own: str | None) -> Life | None:
    """Return the newest life that ended against the user's wish and was not dealt with.

    `own` is the session that asks: what another one that is alive has lost is for that to say. A
    life that is nothing but a replay that did not get through gives way to the one replayed.
    """
    sessions = history.sessions()
    for life in _lost(sessions, own):
        entries = _latest(history, life)
        if entries:
            return _replayed_by(entries, sessions) or life
    return None


def superseded(history: History, own: str | None, life: Life) -> list[Life]:
    """Return the lives that do nothing but replay another one, and did not get through."""
    sessions = history.sessions()
    return [
        each
        for each in _lost(sessions, own)
        if _replayed_by(_latest(history, each), sessions) == life
    ]


def evaluations(history: History, life: Life) -> int:
    """Return how many entries a life has to recover; a long one is not read for that."""
    return life.entries if life.entries > _LATEST else len(_latest(history, life))


def _latest(history: History, life: Life) -> list[Entry]:
    return list(news(history.entries(life.session, life.number, limit=_LATEST)))


def find_life(history: History, session: str, number: int) -> Life | None:
    """Return a life by its session and number."""
    lives = (life for each in history.sessions() if each.id == session for life in each.lives)
    return next((life for life in lives if life.number == number), None)


def is_running(history: History, life: Life) -> bool:
    """Whether the life has not ended yet, in this daemon or another."""
    alive = (each.alive for each in history.sessions() if each.id == life.session)
    return life.how is None and any(alive)


def life_of_entry(history: History, entry: str) -> Life | None:
    """Return the life that the entry of that id is of."""
    named = parsed_id(entry)
    return None if named is None else _with_entry(history.sessions(), *named)


def news(reading: Reading) -> Iterator[Entry]:
    """Yield the entries of a life that did something, or may have, in the order of doing it."""
    for entry in naming_what_ran(sorted(reading.entries, key=lambda each: each.place)):
        never_ran = entry.outcome is not None and entry.outcome.status == "cancelled"
        runs_by_itself = entry.change.origin == "startup"
        if is_news(entry) and not never_ran and not runs_by_itself:
            yield entry


def judged(entries: Sequence[Entry]) -> list[Judged]:
    """Return each entry with why it is not replayed if nobody says which are to be."""
    return _judged(entries, _without_a_look)


def plan(entries: Sequence[Entry], choice: Choice) -> Plan:
    """Return which of a life's entries are replayed.

    Raises:
        ValueError: an entry that is asked for is none of them, or the number is negative.
    """
    if choice.entries is not None:
        return _chosen(entries, choice.entries)
    if choice.omit_last is not None:
        return _all_but_the_last(entries, choice.omit_last)
    told = judged(entries)
    skipped = tuple(Skipped(each.entry.id, each.why) for each in told if each.why is not None)
    return Plan(tuple(each.entry for each in told if each.why is None), skipped, is_careful=True)


def is_suspect(entry: Entry) -> bool:
    """Whether the entry was running when its process ended."""
    return entry.outcome is None or entry.outcome.status == "died"


def _chosen(entries: Sequence[Entry], ids: Sequence[str]) -> Plan:
    unknown = set(ids) - {entry.id for entry in entries}
    if unknown:
        raise ValueError(f"{min(unknown)} is no entry of this process")
    meant = [entry for entry in entries if entry.id in set(ids)]
    return _plan([Judged(entry, _cannot(entry)) for entry in meant])


def _all_but_the_last(entries: Sequence[Entry], omitted: int) -> Plan:
    if omitted < 0:
        raise ValueError("the number of entries to leave out cannot be negative")
    last = {entry.id for entry in entries[max(len(entries) - omitted, 0) :]}
    return _plan(_judged(entries, lambda entry: "is one of the last" if entry.id in last else None))


def _judged(entries: Sequence[Entry], judge: Callable[[Entry], str | None]) -> list[Judged]:
    """Judge entries: by `judge`, and by what cannot be replayed or had better not."""
    why = {each.id: _cannot(each) or _had_better_not(each) or judge(each) for each in entries}
    over = rewound(entries)
    why.update(dict.fromkeys(over, "was gone back over"))
    left = [each for each in entries if each.id not in over]
    taken_back = undone(left)
    for entry in entries:
        if entry.change.kind == "undo" and why[entry.id] is None:
            step = taken_back.get(entry.id)
            if step is not None and why[step.id] is None:
                between = left[left.index(step) + 1 : left.index(entry)]
                runs = [each for each in between if why[each.id] is None]
                if is_cancelled_by_undo(step, runs):
                    why[step.id] = "was undone"
            if step is None or why[step.id] is not None:
                why[entry.id] = "undoes what is left out"
    for entry_id, held in continued(left).items():
        if why[held.id] is not None and why[entry_id] is None:
            why[entry_id] = "goes on with what is left out"
    return [Judged(entry, why[entry.id]) for entry in entries]


def _plan(told: Sequence[Judged]) -> Plan:
    skipped = tuple(Skipped(each.entry.id, each.why) for each in told if each.why is not None)
    return Plan(tuple(each.entry for each in told if each.why is None), skipped)


def _cannot(entry: Entry) -> str | None:
    """Return why an entry cannot be replayed, if it cannot."""
    change = entry.change
    if change.kind == "rewind":
        return "is done by leaving out what it went back over"
    lacks_code = change.kind == "evaluate" and change.text is None
    lacks_text = change.kind == "redefine" and (change.document is None or entry.lacks is not None)
    whole_file = change.kind == "redefine" and change.name is None
    if entry.hidden and (lacks_code or whole_file):
        return "its code is kept out of the log"
    if change.inside == "call":
        return "ran in the variables of a captured call"
    if lacks_code or lacks_text:
        damaged = entry.lacks == "damage"
        return "its text is damaged in the log" if damaged else "its text was too large for the log"
    return None


def _had_better_not(entry: Entry) -> str | None:
    if is_suspect(entry):
        return _SUSPECT
    if entry.outcome is not None and entry.outcome.status == "interrupted":
        return "was interrupted"
    return None


def _without_a_look(entry: Entry) -> str | None:
    unclear = effects_of(entry.change) == "unknown"
    return "may act on files, the network or other programs" if unclear else None


def _lost(sessions: Sequence[Recorded], own: str | None) -> Iterator[Life]:
    return (life for session in sessions for life in session.lost(own))


def _replayed_by(entries: Sequence[Entry], sessions: Sequence[Recorded]) -> Life | None:
    """Return the life that these entries do nothing but replay, if it is still to be dealt with."""
    if any(entry.change.origin != "replay" or entry.change.of is None for entry in entries):
        return None
    named = parsed_id(entries[-1].change.of or "") if entries else None
    found = None if named is None else _with_entry(sessions, *named)
    return None if found is None or found.mark is not None else found


def _with_entry(sessions: Sequence[Recorded], session: str, number: int) -> Life | None:
    lives = (life for each in sessions if each.id == session for life in each.lives)
    return next((life for life in lives if 0 <= number - life.first < life.entries), None)
