"""Texts go over a channel as their differences, and arrive as they are."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from relive.source import margins
from relive.wire.blocks import Margin
from relive.wire.edits import Edit
from relive.wire.frames import encode
from relive.wire.texts import LateText, TextsReceived, TextsSent

LONG = "".join(f"def f{n}(x):\n    return x + {n}\n\n" for n in range(30_000))
PIECES = st.sampled_from(
    [
        "x = 1\n",
        "'''",
        '"""',
        "def f():\n",
        "    pass\n",
        "\\\n",
        "\\",
        "\n",
        "# ' \n",
        "  x\n",
        "\f",
    ]
)


@settings(deadline=None)
@given(st.text("ab\n", max_size=12), st.text("ab\n", max_size=12))
def test_an_edit_makes_the_one_text_of_the_other(old: str, new: str) -> None:
    assert Edit.between(old, new).applied_to(old) == new


@settings(deadline=None)
@given(
    st.text("ab\n", max_size=12),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 5), st.text("ab\n", max_size=4))),
)
def test_edits_that_were_made_are_put_together(old: str, edits: list[tuple[int, int, str]]) -> None:
    texts = [f"#{old}"]
    for start, length, text in edits:
        begin = min(start, len(texts[-1]))
        end = min(begin + length, len(texts[-1]))
        texts.append(margins.edited(texts[-1], begin, end, text))
    for text in texts:
        assert margins.between(text, texts[-1]).applied_to(text) == texts[-1]


@settings(deadline=None)
@given(
    st.text("ab\n", max_size=12),
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(0, 5), st.text("ab\n", max_size=4), st.booleans())
    ),
)
def test_a_late_text_is_what_its_edits_make_of_it(
    old: str, edits: list[tuple[int, int, str, bool]]
) -> None:
    text, late = old, [LateText(old)]
    texts = [old]
    for start, length, new, is_read in edits:
        begin = min(start, len(text))
        edit = Edit(begin, min(begin + length, len(text)), new)
        text = edit.applied_to(text)
        late.append(late[-1].edited(edit))
        texts.append(text)
        assert len(late[-1]) == len(text)
        if is_read:
            assert late[-1].text == text
    assert [each.text for each in late] == texts


def test_edits_far_apart_are_put_into_a_late_text() -> None:
    late = LateText(LONG).edited(Edit(0, 0, "# one\n"))
    end = len(late)
    assert late.edited(Edit(end, end, "# two\n")).text == f"# one\n{LONG}# two\n"


def test_an_edit_that_was_made_is_known() -> None:
    """What was typed is told, not what happens to differ: the texts are not compared."""
    new = margins.edited(LONG, 4, 6, LONG[4:7])
    newest = margins.edited(new, 20, 20, "!")
    known = margins.between(LONG, newest)
    assert (known.start, known.end, known.text) == (4, 19, newest[4:21])


def test_an_edit_is_no_longer_than_what_differs() -> None:
    edit = Edit.between(LONG, LONG.replace("x + 15000\n", "x - 15000\n"))
    assert (edit.text, edit.end - edit.start) == ("-", 1)


def redefine(file: str, document: str) -> dict[str, object]:
    return {"op": "redefine", "files": [{"file": file, "document": document}]}


def test_a_text_is_sent_whole_once_and_then_what_is_other() -> None:
    sent, received = TextsSent(), TextsReceived()
    edited = LONG.replace("15000", "fifteen")
    texts = [LONG, edited, f"{edited}x = 1\n", f"{edited}x = 1\n", ""]
    sizes = []
    for text in texts:
        for message in ({"op": "evaluate", "file": "a", "document": text}, redefine("b", text)):
            short = sent.shortened(message)
            sizes.append(len(encode(short)))
            arrived = received.complete(short)
            for each in arrived.get("files", ()):
                each["document"] = each["document"].text
            assert arrived == message
    assert min(sizes[:2]) > len(LONG)
    assert max(sizes[2:]) < 150


def test_a_message_without_a_text_is_sent_as_it_is() -> None:
    for message in (
        {"op": "loaded", "files": ["a"]},
        {"op": "evaluate", "file": None, "document": None},
        {"op": "evaluate", "file": "a", "document": None},
    ):
        assert TextsReceived().complete(TextsSent().shortened(message)) == message


@settings(deadline=None)
@given(st.lists(PIECES, max_size=8), st.lists(PIECES, max_size=3), st.lists(PIECES, max_size=8))
def test_the_margin_of_an_edited_text_is_what_it_would_be(
    before: list[str], between: list[str], after: list[str]
) -> None:
    old, new = "".join([*before, *after]), "".join([*before, *between, *after])
    for former, text in ((old, new), (new, old)):
        older, fresh = Margin(former), Margin(text)
        older.imports(), older.blocks_of("f")  # what has been found goes along
        margin = older.edited(Edit.between(former, text), text)
        assert margin.is_certain == fresh.is_certain
        assert margin.imports() == fresh.imports()
        assert margin.blocks_of("f") == fresh.blocks_of("f")
        for line in range(text.count("\n") + 1):
            assert margin.block_at(line) == fresh.block_at(line)
