"""Reading a module's text again: nothing is parsed twice, and it comes to the same."""

from __future__ import annotations

import ast
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relive.worker.redefine.reading import places
from relive.worker.redefine.reading import statements as top_level
from relive.worker.redefine.reading.definitions import Definition
from relive.worker.redefine.reading.matching import Had, Ran, matched
from relive.worker.redefine.reading.runs import Run
from relive.worker.redefine.reading.source import Source
from relive.worker.redefine.reading.toplevel import TopLevel

PIECES = st.sampled_from(
    [
        "x = 1\n",
        "x = 1; y = 2\n",
        "z = (1,\n  2); w = 3\n",
        "def f():\n    pass\n",
        "@d\n@(\n  e\n)\ndef g(x=lambda: 1):\n    return '''\ndef h(): pass\n'''\n",
        "class C:\n    def m(self): pass\n",
        "@d\nclass C:\n    class D:\n        @d\n        def m(self): pass\n    x = 1\n",
        "def f():\r\n    return 1\r\n",
        'y = """\r\n"""\r\n',
        "\r\n",
        "if x:\n    def f(): pass\n",
        "else:\n    y = 1\n",
        "try:\n    import a, b\nexcept ImportError:\n    def g(): pass\n",
        "'''\n",
        "'''text'''\n",
        "# comment\n",
        "\n",
        "\\\n",
        "    z = 1\n",
        "(\n",
        ")\n",
        "f",
        "@d\n",
        "\f\n",
        "é = 'é'; y = 4\n",
    ]
)


def told(text: Source) -> list[Any]:
    """Return everything that a text says of its statements, whoever read it."""
    runs = [each for each in text.runs_in_force({"x": 1}) if isinstance(each, Run)]
    for name in "fghC":
        named = [each for run in runs for each in run.definitions if each.own_name == name]
        assert [each for run in runs for each in run.named({name, "other"})] == named
        assert any(name in run.names for run in runs) == bool(named)
    return [
        (each.name, each.line, each.end_line, each.header_line, each.source, each.place)
        if isinstance(each, Definition)
        else (each.line, each.text, [one.line for one in text.definitions_under(each.node)])
        for each in text.in_force({"x": 1})
    ] + [text.docstring]


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=6), st.lists(PIECES, max_size=2), st.lists(PIECES, max_size=6))
def test_an_edited_text_is_read_as_if_it_were_new(
    before: list[str], between: list[str], after: list[str]
) -> None:
    texts = "".join([*before, *after]), "".join([*before, *between, *after])
    for old, new in (texts, texts[::-1]):
        try:
            former = Source(old)
        except SyntaxError:
            continue
        try:
            fresh = Source(new)
        except SyntaxError:
            with pytest.raises(SyntaxError):
                Source(new, "", former)
        else:
            assert told(Source(new, "", former)) == told(fresh)
            assert told(former) == told(Source(old))


LINES = st.sampled_from(
    [
        "def f(): return 1\n",
        "def f(): return 22\n",
        "def f(x=lambda: 1): return x\n",
        "def g(): return 1\n",
        "@f.setter\ndef f(): return 1\n",
        "@f.setter\ndef f(): return 3\n",
        "class C: a = 1\n",
        "class C: a = 22\n",
        "if x: y = 1\n",
        "if x:\n    def f(): return 4\n",
        "if x:\n    def f(): return 5\n",
        "@d\nclass C:\n    class D:\n        @d\n        def m(self): pass\n    x = 1\n",
        "def h():\r\n    return 1\r\n",
        "x = 1\n",
        "'text'\n",
        "# comment\n",
    ]
)


@settings(deadline=None, max_examples=400)
@given(
    st.lists(LINES, min_size=3, max_size=12),
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 2), LINES | PIECES), min_size=1, max_size=4
    ),
)
def test_a_text_edited_in_several_places_is_read_as_if_it_were_new(
    pieces: list[str], edits: list[tuple[int, int, str]]
) -> None:
    new = list(pieces)
    for place, gone, piece in edits:
        at = place % (len(new) + 1)
        new[at : at + gone] = [piece]
    before, after = "".join(pieces), "".join(new)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(places, "_SHORT", 2)
        try:
            former = Source(before)
        except SyntaxError:
            return
        try:
            fresh = Source(after)
        except SyntaxError:
            with pytest.raises(SyntaxError):
                Source(after, "", former)
            return
        edited = Source(after, "", former)
        assert told(edited) == told(fresh)
        assert all_of(edited) == all_of(fresh)
        assert told(former) == told(Source(before))
        assert_touched(edited, former)


def assert_touched(edited: Source, former: Source) -> None:
    """Assert that a definition which the former text had not, or elsewhere, is said to be other."""
    had = {(each.name, each.line, each.source) for each in definitions_of(former)}
    for each in definitions_of(edited):
        if (each.name, each.line, each.source) not in had:
            assert edited.touched is None or each.own_name in edited.touched


def definitions_of(text: Source) -> list[Definition]:
    return [each for several in text.by_key.values() for each in several]


@settings(deadline=None, max_examples=300)
@given(
    st.lists(LINES, min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), LINES), min_size=1, max_size=5),
)
def test_one_edit_after_another_is_read_as_if_the_text_were_new(
    lines: list[str], edits: list[tuple[int, str]]
) -> None:
    former, before = Source("".join(lines)), "".join(lines)
    for number, line in edits:
        lines[number % len(lines)] = line
        text = "".join(lines)
        now, fresh = Source(text, "", former), Source(text)
        assert told(now) == told(fresh)
        assert all_of(now) == all_of(fresh)
        assert told(former) == told(Source(before))
        assert now.touched is not None
        former, before = now, text


def all_of(text: Source) -> list[Any]:
    """Return what a text says of its statements together."""
    by_key = {
        key: [(each.line, each.source, each.place) for each in several]
        for key, several in text.by_key.items()
    }
    everything = [(each.line, each.text) for each in text.everything()]
    return [by_key, everything, text.names_within, text.docstring]


def test_a_text_keeps_its_own_places_when_another_is_made_of_it() -> None:
    text = "def g(): pass\ndef f(): return 1\ndef h(): return 2\n"
    former = Source(text)
    Source(text.replace("g", "f"), "", former)
    assert told(former) == told(Source(text))
    edited = text.replace("2", "3")
    assert told(Source(edited, "", former)) == told(Source(edited))


@pytest.mark.parametrize("count", [100, 1_000])
def test_only_what_an_edit_touches_is_parsed(monkeypatch: Any, count: int) -> None:
    parsed = []
    parse = top_level.parse

    def noting(text: str, file: str) -> ast.Module:
        parsed.append(len(text))
        return parse(text, file)

    text = "".join(f"def f{n}(x):\n    return x + {n}\n\n" for n in range(count))
    former = Source(text)
    monkeypatch.setattr(top_level, "parse", noting)
    edits = text.replace("+ 50\n", "- 50\n"), f"import a\n{text}", text[: text.index("def f60(")]
    for edited in edits:
        Source(edited, "", former)
    assert len(parsed) == len(edits)
    assert max(parsed) < 100
    assert (
        Source(text.replace("+ 50\n", "- 50\n"), "", former).by_key["f7"][0]
        is (former.by_key["f7"][0])
    )


def test_what_is_between_two_edits_far_apart_is_not_parsed(monkeypatch: Any) -> None:
    parsed = []
    parse = top_level.parse

    def noting(text: str, file: str) -> ast.Module:
        parsed.append(text)
        return parse(text, file)

    text = "".join(f"def f{n}(x):\n    return x + {n}\n\n" for n in range(1_000))
    former = Source(text)
    monkeypatch.setattr(top_level, "parse", noting)
    edited = "import a\n" + text.replace("+ 500\n", "- 500\n\n").replace("+ 900\n", "- 900\n")
    without = edited[: edited.index("def f600(")] + edited[edited.index("def f650(") :]
    found = Source(without, "", former)
    assert len(parsed) == 4
    assert sum(map(len, parsed)) < 1_000
    monkeypatch.undo()
    assert all_of(found) == all_of(Source(without))


def test_finding_one_change_looks_at_no_other_definition() -> None:
    few, many = calls_of_finding(250), calls_of_finding(2_500)
    assert many <= few + 200  # a longer text is compared in more steps


def calls_of_finding(count: int) -> int:
    """Return how often anything is called to find one changed definition of so many."""
    text = "".join(f"def f{n}(x):\n    return x + {n}\n\n" for n in range(count))
    former = Source(text.replace("+ 50\n", "* 50\n"))
    former = Source(text, "", former)
    edited, calls = text.replace("+ 50\n", "- 50\n"), []
    sys.setprofile(lambda _frame, event, _argument: calls.append(event))
    found = Source(edited, "", former)
    runs = [each for each in found.runs_in_force({}) if isinstance(each, Run)]
    named = [each for run in runs for each in run.named(found.touched)]
    sys.setprofile(None)
    assert "f50" in [each.name for each in named]
    return sum(event in ("call", "c_call") for event in calls)


def statements(text: str) -> list[TopLevel]:
    return [TopLevel(node) for node in ast.parse(text).body]


def test_statements_that_are_alike_are_told_apart_by_their_functions() -> None:
    old = statements("on(lambda: 1)\non(lambda: 2)\non(lambda: 3)\n")
    new = statements("on(lambda: 3)\non(lambda: 4)\non(lambda: 1)\n")
    pairs = [(one.node.lineno, other.node.lineno) for one, other in matched(old, new)]
    assert pairs == [(3, 1), (2, 2), (1, 3)]


def test_a_statement_that_runs_once_more_is_the_same_and_another_text_is_kept_beside_it() -> None:
    ran = Ran(statements("x = 1\nlog()\nx = 2\n"))
    for each in statements("x = 3\nlog()\ny = 1\nx = 2\nz = 1\nx = 4"):
        ran.note(each)
    in_order = ["x = 1", "x = 3", "log()", "y = 1", "x = 2", "z = 1", "x = 4"]
    assert [ast.unparse(each.node) for each in ran] == in_order


@pytest.mark.parametrize("text", ["log()\n", "on(lambda: {n})\n", "x{n} = {n}\n", "x = {n}\n"])
def test_matching_looks_at_each_statement_a_few_times(monkeypatch: Any, text: str) -> None:
    looked_at: list[str] = []

    class Noting(TopLevel):
        """Notes what is asked of its text, which is all that is compared."""

        def __getattribute__(self, name: str) -> Any:
            looked_at.append(name)
            return super().__getattribute__(name)

    def counted(count: int) -> int:
        text_ = "".join(text.format(n=n) for n in range(count))
        old, new = ([Noting(node) for node in ast.parse(text_).body] for _ in range(2))
        looked_at.clear()
        ran = Ran(old)
        had = Had(ran, new)
        for each in new:
            had.same.take(each)
        for each in new:
            ran.note(each)
        return len(looked_at)

    few = counted(100)  # of the first of a name, less is to be let go of
    assert counted(1_100) - few <= 10 * (counted(200) - few) + 100
