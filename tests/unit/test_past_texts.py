"""Texts that are kept as what is other in the next one, and marks with news over them."""

from __future__ import annotations

import pytest

from relive.session.marks import Marks
from relive.session.past_texts import PastTexts

LINES = [f"line {n}\n" for n in range(400)]


def edited(count: int) -> list[str]:
    """Return so many texts, each with another line than the one before."""
    lines, texts = [*LINES], []
    for n in range(count):
        lines[n * 7 % len(lines)] = f"edited {n}\n" * (n % 3)
        texts.append("".join(lines))
    return texts


@pytest.mark.parametrize("count", [1, 2, 64, 65, 66, 200])
def test_every_text_of_a_file_is_had_again_among_those_of_others(count: int) -> None:
    past, texts = PastTexts(), edited(count)
    kept = [
        [past.keep(file, f"{file}\n{text}") for file in ("a.py", "b.py", None)] for text in texts
    ]
    for text, each in zip(texts, kept, strict=True):
        assert [one.text for one in each] == [f"{file}\n{text}" for file in ("a.py", "b.py", None)]


def test_many_texts_take_little_more_than_one() -> None:
    past = PastTexts()
    kept = [past.keep("a.py", text) for text in edited(60)]
    assert past.characters == sum(each.size for each in kept) < 2 * len("".join(LINES))


def test_a_text_that_did_not_change_is_kept_once() -> None:
    past, text = PastTexts(), "".join(LINES)
    assert past.keep("a.py", text) is past.keep("a.py", text)
    assert past.characters == len(text)


def test_what_is_left_is_counted_anew_when_texts_are_forgotten() -> None:
    past = PastTexts()
    kept = [past.keep("a.py", text) for text in edited(200)]
    past.keep_only(kept[150:])
    assert past.characters == sum(each.size for each in kept[150:])
    assert kept[150].text == edited(200)[150]


TOLD = {"f": ["1"], "g": ["2", "3"]}
NEWS = (
    ({}, TOLD),
    ({"f": ["1"]}, TOLD),
    ({"f": ["4"]}, {"f": ["4"], "g": ["2", "3"]}),
    ({"h": ["5"]}, {**TOLD, "h": ["5"]}),
    ({"g": []}, {"f": ["1"]}),
    ({"none": []}, TOLD),
    ({f"n{n}": [str(n)] for n in range(100)}, {**TOLD, **{f"n{n}": [str(n)] for n in range(100)}}),
)


@pytest.mark.parametrize(("news", "all_told"), NEWS)
def test_marks_with_news_are_as_if_all_had_been_told(
    news: dict[str, list[str]], all_told: dict[str, list[str]]
) -> None:
    known, told = Marks(TOLD), Marks(all_told)
    newer = known.with_news(news)
    assert newer == told
    assert (newer == known) == (told == known) == (newer is known)
    assert all(newer.of(name) == all_told.get(name, []) for name in {*TOLD, *news})
    assert newer.with_news({name: TOLD.get(name, []) for name in news}) == known
