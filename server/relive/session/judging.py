"""Whether examples gave what they were to give."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Literal

from relive.session.answers import Error
from relive.session.trying import Outcome, Tried
from relive.source.doctests import Example, Group
from relive.source.expected import meets, raises_as
from relive.source.quick_dataclasses import dataclass

Status = Literal["passed", "failed", "unknown"]

_NOT_DEFINED = re.compile(r"NameError: name '(\w+)' is not defined")


@dataclass(frozen=True)
class Check:
    """What came of one example."""

    status: Status
    got: str | None = None
    """What it printed, its value included; of what raised: the traceback's last line."""
    error: Error | None = None
    """What it raised without being expected to."""
    prints: bool = False
    """Whether it has printed something besides its value."""


@dataclass(frozen=True)
class Verdict:
    """What came of a group of examples."""

    status: Status
    checks: tuple[Check, ...]
    """One for each example."""
    reason: str | None = None
    """Why it is not known."""
    ran: frozenset[tuple[str, str]] | None = None
    """The user's functions that were entered, by file and name; None: it is not known."""
    duration_ms: float = 0.0


def unknown(group: Group, reason: str | None = None) -> Verdict:
    """Return what is known of examples that were not run."""
    return Verdict("unknown", tuple(Check("unknown") for _ in group.examples), reason)


def judge(group: Group, tried: Tried, bound: Collection[str] = ()) -> Verdict:
    """Return what came of the examples of a group.

    `bound` are the names that the text of their module binds: one that is not there was only not
    evaluated yet.
    """
    if not group.run:
        return unknown(group, "It is to be skipped.")
    if tried.not_run is not None:
        return unknown(group, tried.not_run)
    missing = next((each for each in map(_missing, tried.outcomes) if each and each in bound), None)
    if missing is not None:
        return unknown(group, f"`{missing}` is not loaded. Evaluate it first.")
    checks = tuple(_checks(group, tried.outcomes))
    pairs = zip(group.examples, checks, strict=True)
    failed = any(each.status != "passed" and not example.is_skipped for example, each in pairs)
    took = sum(each.duration_ms for each in tried.outcomes)
    status: Status = "failed" if failed else "passed"
    return Verdict(status, checks, None, tried.ran, round(took, 3))


def _missing(outcome: Outcome) -> str | None:
    found = _NOT_DEFINED.fullmatch(outcome.raised or "")
    return None if found is None else found.group(1)


def _checks(group: Group, outcomes: tuple[Outcome, ...]) -> Iterator[Check]:
    given = iter(outcomes)
    for example in group.examples:
        outcome = None if example.is_skipped else next(given, None)
        yield Check("unknown") if outcome is None else _check(example, outcome)


def _check(example: Example, outcome: Outcome) -> Check:
    if outcome.cut is not None:
        return Check("failed", outcome.cut)
    if outcome.raised is None:
        prints = outcome.value is None and outcome.got != ""
        status: Status = "passed" if meets(example, outcome.got) else "failed"
        return Check(status, outcome.got, prints=prints)
    if raises_as(example, outcome.raised):
        return Check("passed", outcome.raised)
    return Check("failed", outcome.raised, outcome.error)
