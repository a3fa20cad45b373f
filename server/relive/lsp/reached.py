"""Whether an evaluation of more than a form has run that form, which may have been edited since.

An evaluation that failed has run what stands above the statement that failed, and one of a whole
file nothing that was written into it afterwards. Where neither is certain it is taken to have run
the form: going back too far costs time, and not far enough has the form count twice.
"""

from __future__ import annotations

from typing import Literal

from relive.session.timeline import Step
from relive.source.forms import top_level_forms
from relive.source.positions import Position, Range

How = Literal["ok", "failed", "not"]
_ENDED_WELL = ("ok", "partial")
_ENDED_BELOW = ("error", "interrupted", "held")
"""What else an evaluation of several statements may have come to: not all of them have run."""


def how_it_ended(step: Step) -> How:
    """Return what became of all the code of an evaluation."""
    return "ok" if step.status in _ENDED_WELL else "failed"


def how_it_ran(step: Step, range_: Range, now: str) -> How:
    """Return what became of the code that stands at a place of its document in an evaluation.

    Args:
        step: the evaluation, of text that the place is in by now.
        range_: the place.
        now: the document as it is.
    """
    whole = how_it_ended(step)
    if step.document is None:
        return whole
    then = step.document.text
    lines = _lines_then(range_, then, now)
    if lines is None:
        return "not"
    failing = _failing(step, then) if step.status in _ENDED_BELOW else None
    if failing is None:
        return whole
    if failing.end[0] < lines[0]:
        return "not"
    return "ok" if lines[1] < failing.start[0] else "failed"


def _lines_then(range_: Range, then: str, now: str) -> tuple[int, int] | None:
    """Return between which lines the code stood; None: nowhere, it was written in since."""
    first, last = range_.start[0], range_.end[0]
    if then == now:
        return first, last
    from difflib import SequenceMatcher  # late: most sessions never come here

    former, lines = then.split("\n"), now.split("\n")
    edits = SequenceMatcher(None, former, lines).get_opcodes()
    about = [each for each in edits if each[3] <= last and each[4] > first]
    is_new = all(kind == "insert" for kind, *_ in about)
    if is_new and "\n".join(lines[first : last + 1]) not in then:
        return None
    kind, start, end, from_, _ = about[0]
    begin = start + (first - from_ if kind == "equal" else 0)
    kind, start, end, from_, _ = about[-1]
    return begin, start + last - from_ if kind == "equal" else max(begin, end - 1)


def _failing(step: Step, then: str) -> Range | None:
    """Return where the form stood that an evaluation did not get beyond, if that is known."""
    gave, change = step.gave, step.change
    if gave is None:
        return None
    ran = [each.result.range.end for each in gave.statements if each.result and each.is_asked_for]
    begin: Position = (change.line or 0, change.column or 0)
    forms = top_level_forms(then)
    end = max([begin, *ran])
    return next((each.range for each in forms if each.range.start >= end), None)
