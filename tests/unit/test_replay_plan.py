"""Which entries of a life are replayed, told from the entries alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from relive.changelog.entries import Change, Defined, Entry, Outcome, Status
from relive.changelog.history import Reading
from relive.session.recovery import Choice, judged, news, plan
from relive.session.replay import Replaying, request_of
from relive.session.requests import EvaluateRequest, RedefineRequest

DOCUMENT = "x = 1\n\ndef f():\n    return 1\n"
PLAIN = Change("evaluate", "/w/m.py", "x = 1", document=DOCUMENT)
DEFINED = Change("redefine", "/w/m.py", document=DOCUMENT, name="f")
WHOLE = Change("redefine", "/w/m.py", document=DOCUMENT)
EFFECTS = replace(PLAIN, text="go()")
HIDDEN = replace(PLAIN, text=None)


def entry(number: int, change: Change, status: Status | None = "ok", **more: object) -> Entry:
    outcome = None if status is None else Outcome(status)
    return Entry("s", number, 1, float(number), change, outcome, **more)  # type: ignore[arg-type]


JUDGED = {
    "plain data": (entry(1, PLAIN), None),
    "a definition": (entry(1, DEFINED), None),
    "a whole file": (entry(1, WHOLE), None),
    "patches taken back": (entry(1, Change("revert", "/w/m.py")), None),
    "a call": (entry(1, EFFECTS), "may act on files"),
    "what failed": (entry(1, PLAIN, "error"), None),
    "running at the end": (entry(1, PLAIN, None), "was running"),
    "died": (entry(1, PLAIN, "died"), "was running"),
    "interrupted": (entry(1, PLAIN, "interrupted"), "was interrupted"),
    "kept out": (entry(1, HIDDEN, hidden=True), "kept out of the log"),
    "a form elsewhere kept out": (entry(1, PLAIN, hidden=True), None),
    "a whole file with a form kept out": (entry(1, WHOLE, hidden=True), "kept out of the log"),
    "damaged": (entry(1, HIDDEN, lacks="damage"), "damaged"),
    "too large": (entry(1, HIDDEN, lacks="size"), "too large"),
    "a file that is damaged": (entry(1, replace(WHOLE, document=None), lacks="damage"), "damaged"),
    "a document that is damaged": (entry(1, replace(PLAIN, document=None), lacks="damage"), None),
}


@pytest.mark.parametrize("case", JUDGED)
def test_what_is_replayed_without_a_look(case: str) -> None:
    given, why = JUDGED[case]
    (found,) = judged([given])
    assert (found.why is None) == (why is None), found.why
    assert (why or "") in (found.why or "")
    assert found.is_suspect == ("was running" in (why or ""))


def test_what_was_to_run_again_is_left_out_if_that_was_gone_back_over_before_it_did() -> None:
    """The way back was past 2 and 3; the next rewind came when only 2 had run again."""
    again = replace(PLAIN, origin="rewind")
    entries = [
        *(entry(number, PLAIN) for number in (1, 2, 3, 4)),
        entry(5, Change("rewind", of="s:4")),
        entry(6, replace(again, of="s:2")),
        entry(7, replace(again, of="s:3"), "cancelled"),
        entry(8, Change("rewind", of="s:7")),
    ]
    told = judged(list(news(Reading(tuple(entries)))))
    assert [each.entry.number for each in told if each.why is None] == [1, 6]


def test_what_goes_on_once_more_after_it_was_gone_back_over_goes_on_with_what_is_held() -> None:
    retried = Change("resume", "/w/m.py", action="retryStatement", of="s:1")
    told = plan(
        [
            entry(1, PLAIN, "held"),
            entry(2, retried, "held"),
            entry(3, Change("rewind", of="s:2")),
            entry(4, replace(retried, action="abandon"), "error"),
        ],
        Choice(omit_last=0),
    )
    assert [each.number for each in told.entries] == [1, 4]


def test_what_was_gone_back_over_is_left_out() -> None:
    back = Change("rewind", of="s:2")
    again = [entry(5, PLAIN), entry(6, Change("rewind", of="s:5")), entry(7, PLAIN)]
    told = judged([entry(1, PLAIN), entry(2, PLAIN), entry(3, PLAIN), entry(4, back), *again])
    assert [each.entry.number for each in told if each.why is None] == [1, 7]
    assert {each.why for each in told if each.entry.number in (2, 3, 5)} == {"was gone back over"}


def test_what_ran_again_on_the_way_back_counts_once() -> None:
    back = entry(4, Change("rewind", of="s:3"))
    again = entry(5, replace(PLAIN, origin="rewind", of="s:2"))
    by_hand = entry(6, replace(PLAIN, origin="replay", of="s:1"))
    told = judged([entry(1, PLAIN), entry(2, PLAIN), entry(3, PLAIN), back, again, by_hand])
    assert [each.entry.number for each in told if each.why is None] == [1, 5, 6]


def test_what_was_lost_as_the_process_ended_is_left_out_only_if_it_ran_again() -> None:
    ran = [entry(1, PLAIN), entry(2, PLAIN), entry(3, PLAIN), entry(4, EFFECTS, "died")]
    lost = entry(5, Change("rewind", of="s:2", unasked=True))
    again = entry(6, replace(PLAIN, origin="replay", of="s:3"))
    told = judged([*ran, lost, again, entry(7, PLAIN)])
    assert [each.entry.number for each in told if each.why is None] == [1, 2, 6, 7]
    assert {each.entry.number: each.why for each in told}[3] == "was gone back over"
    back = entry(8, Change("rewind", of="s:2"))
    told = judged([*ran, lost, back])
    assert [each.entry.number for each in told if each.why is None] == [1]


F = (Defined("/w/m.py", "f", "function", "redefined"),)
UNDO = Change("undo")


def changing(number: int, change: Change, status: Status = "ok") -> Entry:
    """An entry that has changed f."""
    return replace(entry(number, change), outcome=Outcome(status, definitions=F))


LIFE = [
    entry(1, PLAIN),
    changing(2, DEFINED),
    changing(3, UNDO, "refused"),
    entry(4, EFFECTS),
    entry(5, PLAIN, "interrupted"),
    entry(6, HIDDEN, hidden=True),
    entry(7, EFFECTS, None),
]

CHOICES = {
    "without a look": (Choice(), [1, 2]),
    "all": (Choice(omit_last=0), [1, 2, 4]),
    "all but the last, which was running": (Choice(omit_last=1), [1, 2, 4]),
    "all but four": (Choice(omit_last=4), [1, 2]),
    "all but six": (Choice(omit_last=6), [1]),
    "more than there are": (Choice(omit_last=99), []),
    "by name, in the log's order": (Choice(("s:7", "s:1", "s:5")), [1, 5, 7]),
    "what cannot": (Choice(("s:6", "s:1")), [1]),
    "none": (Choice(()), []),
}


@pytest.mark.parametrize("case", CHOICES)
def test_what_is_chosen(case: str) -> None:
    choice, expected = CHOICES[case]
    planned = plan(LIFE, choice)
    assert [each.number for each in planned.entries] == expected
    meant = len(LIFE) if choice.entries is None else len(choice.entries)
    assert len(planned.entries) + len(planned.skipped) == meant
    assert all(each.why for each in planned.skipped)
    assert planned.is_careful == (choice == Choice())


AGAIN = replace(PLAIN, text="def f():\n    return 2")
AND_MORE = replace(PLAIN, text="def f():\n    return 2\n\ngo()")
UNDOS = {
    "neither is run": ([DEFINED, UNDO], 0, []),
    "a definition that was evaluated again": ([PLAIN, AGAIN, UNDO], 0, [1]),
    "each undo goes one step back": ([DEFINED, AGAIN, DEFINED, UNDO, UNDO], 0, [1]),
    "after an undo": ([DEFINED, UNDO, DEFINED], 0, [3]),
    "what did more is run, and undone": ([AND_MORE, UNDO], 0, [1, 2]),
    "what ran meanwhile runs so again": ([DEFINED, EFFECTS, UNDO], 0, [1, 2, 3]),
    "what is left out ran meanwhile": ([DEFINED, EFFECTS, UNDO], 2, [1]),
    "only some of it had come to an end": ([DEFINED, EFFECTS, DEFINED, UNDO, UNDO], 0, [1, 2, 5]),
    "by name": ([DEFINED, DEFINED, replace(UNDO, of="s:1")], 0, [2]),
    "the undo is left out": ([DEFINED, UNDO], 1, [1]),
    "nobody knows of what": ([PLAIN, UNDO], 0, [1]),
}


@pytest.mark.parametrize("case", UNDOS)
def test_an_undo_goes_with_what_it_undoes(case: str) -> None:
    changes, omitted, expected = UNDOS[case]
    entries = [
        entry(number, change) if change in (PLAIN, EFFECTS) else changing(number, change)
        for number, change in enumerate(changes, 1)
    ]
    planned = plan(entries, Choice(omit_last=omitted))
    assert [each.number for each in planned.entries] == expected


def test_without_a_look_an_undo_of_what_is_not_run_is_not_either() -> None:
    assert plan([changing(1, AND_MORE), changing(2, UNDO)], Choice()).entries == ()


@pytest.mark.parametrize("choice", [Choice(("s:8",)), Choice(("other:1",)), Choice(omit_last=-1)])
def test_nonsense_is_refused(choice: Choice) -> None:
    with pytest.raises(ValueError, match=r"s:8|other:1|negative"):
        plan(LIFE, choice)


def test_what_did_nothing_is_no_news() -> None:
    saved = replace(WHOLE, unasked=True, origin="save")
    changed = Outcome("ok", definitions=(Defined("/w/m.py", "f", "function", "redefined"),))
    entries = [
        entry(1, saved),
        replace(entry(2, saved), outcome=changed),
        entry(3, saved, "error"),
        entry(4, WHOLE),
        entry(5, PLAIN, "cancelled"),
        entry(6, PLAIN, None),
    ]
    assert [each.number for each in news(Reading(tuple(entries)))] == [2, 3, 4, 6]


def took(before: Status | None, status: str) -> Replaying[str]:
    replaying: Replaying[str] = Replaying(plan([entry(1, PLAIN, before)] * 2, Choice(("s:1",))))
    assert replaying.next() is not None
    replaying.took(status, "why")
    return replaying


ENDS = {
    "fails now": ("ok", "error", "failed"),
    "is refused now": ("ok", "refused", "failed"),
    "failed then, too": ("error", "error", "goes on"),
    "works now": ("error", "ok", "goes on"),
    "the process dies": ("ok", "died", "failed"),
    "the process dies again": ("died", "died", "failed"),
    "is held now": ("ok", "held", "failed"),
    "was held then, too": ("held", "held", "goes on"),
    "is interrupted": ("ok", "interrupted", "stopped"),
    "a part is refused": ("ok", "partial", "goes on"),
}


@pytest.mark.parametrize("case", ENDS)
def test_whether_a_replay_goes_on(case: str) -> None:
    before, status, expected = ENDS[case]
    replaying = took(before, status)  # type: ignore[arg-type]
    goes_on = replaying.next() is not None
    assert goes_on == (expected == "goes on")
    assert (replaying.failed is not None) == (expected == "failed")
    assert (replaying.done, len(replaying.left)) == ((1, 1) if goes_on else (0, 2))


def test_a_replay_that_was_stopped_is_over() -> None:
    replaying = took("ok", "ok")
    replaying.stop()
    assert replaying.next() is None
    assert (replaying.failed, len(replaying.left)) == (None, 1)


def test_what_stands_runs_at_its_present_place() -> None:
    now = "# new\n" + DOCUMENT
    request = request_of(entry(1, PLAIN), {"/w/m.py": now}.get, careful=True)
    assert isinstance(request, EvaluateRequest)
    assert (request.line, request.document, request.careful) == (1, now, True)
    assert (request.cause.origin, request.cause.of) == ("replay", "s:1")
    edited = now.replace("x = 1", "x = 2")
    for texts in ({"/w/m.py": edited}, {}):
        request = request_of(entry(1, PLAIN), texts.get, careful=False)
        assert isinstance(request, EvaluateRequest)
        assert (request.line, request.document, request.careful) == (0, DOCUMENT, False)


def test_text_that_stands_in_no_file_sees_the_file_as_it_is() -> None:
    detached = replace(PLAIN, text="g()", detached=True)
    request = request_of(entry(1, detached), {"/w/m.py": "new"}.get, careful=False)
    assert isinstance(request, EvaluateRequest)
    assert (request.document, request.detached) == ("new", True)


def test_a_definition_that_stands_comes_from_the_present_document() -> None:
    meant = replace(DEFINED, at_line=2)
    now = "# new\n" + DOCUMENT
    request = request_of(entry(1, meant), {"/w/m.py": now}.get, careful=True)
    assert isinstance(request, RedefineRequest)
    assert (request.document, request.line, request.unasked) == (now, 3, False)
    edited = now.replace("return 1", "return 2")
    request = request_of(entry(1, meant), {"/w/m.py": edited}.get, careful=True)
    assert isinstance(request, RedefineRequest)
    assert (request.document, request.line) == (DOCUMENT, 2)


def test_whole_files_run_nothing_new_as_long_as_nobody_has_looked() -> None:
    for careful in (True, False):
        request = request_of(entry(1, WHOLE), {}.get, careful=careful)
        assert isinstance(request, RedefineRequest)
        assert request.unasked == careful
