"""What is known of texts goes along with their edits, and stays for who asks about the text before."""

from __future__ import annotations

from relive.source import margins


def test_a_text_is_known_on_once_it_was_edited() -> None:
    text = "def only_here():\n    return 1\n"
    known = margins.margin(text)
    after = margins.edited(text, 0, 0, "# more\n")
    assert margins.margin(after) is not known
    assert margins.margin(text) is known


def test_edits_in_a_row_are_put_together() -> None:
    first = "".join(["a = 1\n", "b = 2\n"])
    second = margins.edited(first, 0, 1, "x")
    third = margins.edited(second, len(second), len(second), "c = 3\n")
    assert margins.between(first, third).applied_to(first) == third
    assert margins.between(third, first).applied_to(third) == first


def test_a_text_of_two_documents_is_edited_in_each() -> None:
    text = "def of_both():\n    return 1\n"
    one, other = margins.edited(text, 0, 0, "# one\n"), margins.edited(text, 0, 0, "# other\n")
    assert margins.margin(one).text == f"# one\n{text}"
    assert margins.margin(other).text == f"# other\n{text}"
