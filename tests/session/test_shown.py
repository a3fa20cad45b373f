"""What a Python caller asks of values that were shown."""

from __future__ import annotations

import pytest

from relive.session.session import Session
from relive.session.shown import GoneError, NoViewError


def test_a_value_is_asked_about(fast_session: Session) -> None:
    code = (
        "class H(list):\n    def _repr_html_(self): return '<b>'\n"
        "h = H([(1, 'x'), (2, 'y')])\nrows = list(h)\nh\nrows"
    )
    *_, h, rows = (result.value for result in fast_session.evaluate(code).results)
    assert h is not None
    assert rows is not None
    shown = fast_session.value(rows)
    assert shown.text().text == "[(1, 'x'), (2, 'y')]"
    assert [each.name for each in shown.children(1).items] == ["[1]"]
    assert [each.value.text for each in shown.children(path=(1,)).items] == ["2", "'y'"]
    assert shown.table(count=1, sort=0, descending=True).rows == (("2", "y"),)
    html = fast_session.value(h.ref)
    assert html.mimes().mimes == ("text/html",)
    assert html.mime("text/html").to_json() == {"mime": "text/html", "data": "<b>", "encoding": "text"}  # fmt: skip


def test_an_expression_is_inspected(fast_session: Session, workspace: object) -> None:
    fast_session.evaluate("x = {'k': [1]}")
    value = fast_session.inspect("x['k']")
    assert (value.text, [each.value.text for each in value.children]) == ("[1]", ["1"])
    with pytest.raises(NoViewError, match="NameError: name 'x' is not defined"):
        fast_session.inspect("x", file="other.py")


def test_why_there_is_no_answer(fast_session: Session) -> None:
    with pytest.raises(GoneError, match="has ended"):
        fast_session.value("1:1").text()
    value = fast_session.evaluate("[1]").results[0].value
    assert value is not None
    with pytest.raises(NoViewError, match="no table"):
        fast_session.value(value).table()
    fast_session.evaluate("1\n2\n3")
    with pytest.raises(GoneError, match="Evaluate the code again"):
        fast_session.value(value).text()
