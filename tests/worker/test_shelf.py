"""Values that were shown are found again, and not kept alive for that."""

from __future__ import annotations

import pytest

from relive.session.session import Session
from relive.session.viewing import TextView
from viewing import refused, shown, told

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
    "a large text of the latest three": ("'x' * 200_000", "3\n4", "'xxxx"),
}
GONE = {
    "a list nobody has": ("[1, 2]", FOUR),
    "a large text nobody has": ("'x' * 200_000", FOUR),
    "an instance nobody has": ("class C: pass\nC()", FOUR),
    "a name bound to an equal list": ("x = [1, 2]", "x = [1, 2]"),
    "a name bound in a loop": ("x = [1, 2]", "for i in range(50): x = [i]"),
    "a name bound by a function": (
        "x = [1, 2]",
        "def f():\n    global x\n    x = None\nf()\nx = [1, 2]",
    ),
    "a name bound before a failure": (
        "x = [1, 2]",
        "try:\n    for i in range(9): x = [i]\n    1 / 0\nexcept ZeroDivisionError: pass",
    ),
    "a name that was deleted": ("x = [1, 2]", "del x"),
}


@pytest.fixture
def session(lasting_session: Session) -> Session:
    return lasting_session


@pytest.mark.parametrize(("code", "then", "text"), FOUND.values(), ids=FOUND.keys())
def test_a_value_is_found(session: Session, code: str, then: str, text: str) -> None:
    ref = shown(session, code).ref
    assert session.evaluate(then).status == "ok"
    assert told(session, TextView(ref)).text.startswith(text)


@pytest.mark.parametrize(("code", "then"), GONE.values(), ids=GONE.keys())
def test_a_value_that_nobody_has_is_gone(session: Session, code: str, then: str) -> None:
    ref = shown(session, code).ref
    assert session.evaluate(then).status == "ok"
    assert "Evaluate the code again" in refused(session, TextView(ref))


def test_a_value_that_was_asked_for_is_let_go_of(session: Session) -> None:
    ref = shown(session, "import weakref\nclass C: pass\nc = C(); w = weakref.ref(c)\nc").ref
    told(session, TextView(ref))
    assert shown(session, f"{FOUR}\ndel c\nw() is None").text == "True"


def test_many_values_are_forgotten_but_for_the_latest(fast_session: Session) -> None:
    first = shown(fast_session, "'first'").ref
    many = fast_session.evaluate("\n".join(["0"] * 5_000))
    assert refused(fast_session, TextView(first))
    assert told(fast_session, TextView(many.results[-1].value.ref)).text == "0"
