"""When checkpoints are made and which are kept, by times and numbers alone."""

from __future__ import annotations

import pytest

from relive.session import checkpoints
from relive.session.checkpoints import Checkpoint, Checkpoints, thinned


def made(*numbers: int, cost_s: float = 0.004) -> Checkpoints:
    kept = Checkpoints()
    for number in numbers:
        kept.asked(float(number))
        kept.made(Checkpoint(number, float(number)), cost_s)
    return kept


def test_the_first_is_due_at_once_when_something_has_run() -> None:
    kept = Checkpoints()
    assert kept.due_in(0.0) is None  # nobody waits for a copy of an empty process
    kept.worked(0.0)
    assert kept.due_in(0.0) == 0


def test_on_other_systems_none_is_made_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "_NOT_HERE", "not here")
    none = Checkpoints()
    assert (none.due_in(0.0), none.why_not) == (None, "not here")


def test_where_none_is_wanted_none_stays() -> None:
    kept = made(1, 4)
    assert kept.all_gone() == [1, 4]
    assert kept.all() == []


DUE = {
    "at once, and little ran": (0.25, 0.01, 0.004, 0.75),
    "at once, and much ran": (0.25, 0.05, 0.004, 0),
    "a second later": (1.0, 0.0, 0.004, 0),
    "long after": (60.0, 0.0, 0.004, 0),
    "a second later, but it is dear": (1.0, 0.1, 0.2, None),
    "dear, but more would be lost": (1.0, 0.3, 0.2, 0),
}


@pytest.mark.parametrize(("later", "worked", "cost", "due"), DUE.values(), ids=DUE.keys())
def test_one_is_made_when_it_is_worth_it(
    later: float, worked: float, cost: float, due: float | None
) -> None:
    kept = made(1, cost_s=cost)
    assert kept.due_in(1.0 + later) is None  # nothing has run that it would not have
    kept.worked(worked)
    assert kept.due_in(1.0 + later) == due


ACTING = {
    "not in the same moment": (0.1, 0.0, 0.004, pytest.approx(0.1)),
    "not a second later": (0.2, 0.0, 0.004, 0),
    "less often where it takes longer": (0.5, 0.0, 0.06, pytest.approx(0.1)),
    "at least each second": (1.0, 0.0, 0.19, 0),
    "not where it is very dear": (5.0, 0.1, 0.3, None),
}


@pytest.mark.parametrize(("later", "worked", "cost", "due"), ACTING.values(), ids=ACTING.keys())
def test_what_may_act_again_is_worth_one_sooner(
    later: float, worked: float, cost: float, due: float | None
) -> None:
    kept = made(1, cost_s=cost)
    assert kept.due_in(1.0 + later, lambda: True) is None
    kept.worked(worked)
    assert kept.due_in(1.0 + later, lambda: True) == due


def test_where_an_error_is_held_there_is_one_however_dear() -> None:
    kept = made(1, cost_s=1.0)
    kept.worked(0.1)
    kept.comes_to_hold()
    assert kept.due_in(1.0) == 0


def test_they_are_told_by_what_comes_after_them() -> None:
    told = made(1, 4, 9).told([1, 3, 7])
    assert [each["evaluation"] for each in told] == [1, 7]  # after the last nothing has come yet


def test_what_a_large_process_writes_to_is_copied_and_makes_one_dear() -> None:
    kept = Checkpoints()
    kept.asked(1.0)
    kept.made(Checkpoint(1, 1.0), 0.004, kilobytes=1024 * 1024)
    kept.worked(0.9)
    assert kept.due_in(5.0) is None
    kept.worked(0.2)
    assert kept.due_in(5.0) == 0


@pytest.mark.parametrize(("count", "kept"), [(4, 4), (10, 6), (100, 10), (1000, 13)])
def test_old_ones_get_sparse(count: int, kept: int) -> None:
    numbers = [each.number for each in made(*range(1, count + 1)).all()]
    assert numbers[0] == 1
    assert numbers[-4:] == list(range(count - 3, count + 1))
    assert len(numbers) <= kept


def test_there_are_never_more_than_fifteen() -> None:
    assert len(thinned(list(range(1, 100_000)))) == 15


def test_the_nearest_one_before_is_found() -> None:
    kept = made(3, 7)
    found = [kept.before(number) for number in (2, 3, 6, 9)]
    assert [each and each.number for each in found] == [None, 3, 3, 7]


def test_the_oldest_are_dropped_when_all_hold_too_much() -> None:
    kept = made(1, 2)
    kept.weighed({1: 10, 2: 10, 3: 10})  # also of one that nobody has told of yet
    assert kept.beyond(20) == []
    kept.asked(3.0)
    kept.made(Checkpoint(3, 3.0), 0.004)
    assert kept.beyond(20) == [1]
    assert [each.number for each in kept.all()] == [2, 3]


def test_where_they_may_hold_nothing_there_is_none() -> None:
    kept = made(1, 2)
    kept.weighed({1: 0, 2: 0})
    assert kept.beyond(0) == [1, 2]


def test_going_back_uses_one_up_and_later_ones_with_it() -> None:
    kept = made(1, 2, 3)
    kept.went_back(2)
    assert [each.number for each in kept.all()] == [1]
    assert kept.due_in(3.0) == 0
    assert kept.has_run  # one is to be made of what was gone back to
