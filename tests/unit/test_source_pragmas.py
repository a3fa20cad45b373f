"""Which forms a pragma is about, also in text that does not parse."""

from __future__ import annotations

import pytest

from relive.source.pragmas import blanked, forms_with

BEARING = [
    ("behind a form", "a = 1\nS = 2  # relive: nolog\nb = 3\n"),
    ("on the line before it", "a = 1\n# relive: nolog\nS = 2\nb = 3\n"),
    ("among comments before it", "a = 1\n# why\n# relive: nolog\n# more\nS = 2\nb = 3\n"),
    ("on any of its lines", "a = 1\nS = [\n  2,  # relive: nolog\n  3,\n]\nb = 3\n"),
    ("alone on a line inside it", "a = 1\ndef S():\n    # relive: nolog\n    return 1\nb = 3\n"),
    ("before a decorator", "a = 1\n# relive: nolog\n@d\ndef S(): pass\nb = 3\n"),
    ("with other pragmas", "a = 1\nS = 2  # noqa  # relive: keep, nolog  # more\nb = 3\n"),
    ("written otherwise", "a = 1\nS = 2  #Relive:NoLog\nb = 3\n"),
    ("where the form is broken", "a = 1\nS = (2 +  # relive: nolog\nb = 3\n"),
    ("in a string that is not closed yet", "a = 1\nS = 'abc  # relive: nolog\nb = 3\n"),
    ("where the rest is broken", "a = 1\nS = 2  # relive: nolog\nb = 3\ndef f(:\n  x =\n"),
    ("behind a broken form", "a = 1\nS = 'two\n# relive: nolog\n\nb = 3\n"),
    ("with carriage returns", "a = 1\r\nS = 2  # relive: nolog\r\nb = 3\r\n"),
]


@pytest.mark.parametrize("text", [text for _, text in BEARING], ids=[what for what, _ in BEARING])
def test_a_form_with_a_pragma_is_blanked_and_no_other(text: str) -> None:
    assert "S" in text
    left = blanked(text, "nolog")
    assert "S" not in left
    assert "2" not in left
    assert "a = 1" in left
    assert "b = 3" in left
    assert left.count("\n") == text.count("\n")
    assert left.count("\r") == text.count("\r")
    assert blanked(left, "nolog") == left
    assert blanked(text, "keep") == (left if "keep" in text else text)


NOT_BEARING = [
    "s = '# relive: nolog'\n",
    's = """\n# relive: nolog\n"""\n',
    "s = f'''\n# relive: nolog\n{1}'''\n",
    "# relive: nolog\n\na = 1\n",
    "# relive: nologging\na = 1\n",
    "# relive nolog\na = 1\n",
    "a = 1\n# relive: nolog\n",
    "",
]


@pytest.mark.parametrize("text", NOT_BEARING)
def test_what_is_no_pragma_of_a_form(text: str) -> None:
    assert forms_with(text, "nolog") == ()


def test_forms_on_one_line_share_their_pragma() -> None:
    assert len(forms_with("a = 1; b = 2  # relive: keep\nc = 3", "keep")) == 2
