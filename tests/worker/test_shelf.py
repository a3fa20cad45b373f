"""Values that were shown are found again, and not kept alive for that."""

from __future__ import annotations

import pytest

from relive.session.session import Session
from relive.session.values import Gone, ValueText
from relive.session.viewing import TextView


def whole(session: Session, code: str, then: str = "None") -> str:
    """Return the whole text of what `code` gives, asked for after `then` has run."""
    ref = session.evaluate(code).results[-1].value.ref
    assert session.evaluate(then).status == "ok"
    told = session._wait(lambda done: session.submit_view(TextView(ref), done))
    if isinstance(told, Gone):
        return "gone"
    assert isinstance(told, ValueText)
    return told.text


FOUR = "1\n2\n3\n4"
"""What pushes a value out of the latest three."""

FOUND = {
    "a small value": ("'a' * 300", FOUR, repr("a" * 300)),
    "an instance": ("class C: pass\nc = C(); k = c\nc", f"{FOUR}\ndel c", "<scratch.C object"),
    "a list by its name": ("x = [1, 2]", FOUR, "[1, 2]"),
    "a list by another name": ("x = y = [1, 2]", f"{FOUR}\nx = None", "[1, 2]"),
    "a list read by its name": ("x = [1, 2]\nx", FOUR, "[1, 2]"),
    "a list as it is now": ("x = [1, 2]", "x.append(3)", "[1, 2, 3]"),
    "a list of the latest three": ("[1, 2]", "3\n4", "[1, 2]"),
}
GONE = {
    "a list nobody has": ("[1, 2]", FOUR),
    "an instance nobody has": ("class C: pass\nC()", FOUR),
    "a name bound to an equal list": ("x = [1, 2]", "x = [1, 2]"),
    "a name bound in a loop": ("x = [1, 2]", "for i in range(50): x = [i]"),
    "a name bound by a function": (
        "x = [1, 2]",
        "def f():\n    global x\n    x = None\nf()\nx = [1, 2]",
    ),
    "a name bound before a failure": (
        "x = [1, 2]",
        "try:\n    exec('x = None')\nfinally: pass\nx = [1, 2]",
    ),
    "a name that was deleted": ("x = [1, 2]", "del x"),
}


@pytest.mark.parametrize(("code", "then", "text"), FOUND.values(), ids=FOUND.keys())
def test_a_value_is_found(fast_session: Session, code: str, then: str, text: str) -> None:
    assert whole(fast_session, code, then).startswith(text)


@pytest.mark.parametrize(("code", "then"), GONE.values(), ids=GONE.keys())
def test_a_value_that_nobody_has_is_gone(fast_session: Session, code: str, then: str) -> None:
    assert whole(fast_session, code, then) == "gone"
