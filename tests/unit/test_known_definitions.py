"""Which definitions are news to a revision that was told before."""

from __future__ import annotations

import pytest

from relive.worker.redefine.reading import known
from relive.worker.redefine.reading.definitions import definitions_in
from relive.worker.redefine.reading.known import Definitions

TEXT = "def f(): pass\nclass C:\n    def m(self): pass\n    def n(self): pass\n"


def test_what_came_and_went_since_is_news() -> None:
    f, c, m, n = definitions_in(TEXT)
    held = Definitions([f, c, m])
    before = held.revision
    assert held.changed_since(before) == set()
    held.put(n)
    held.drop("f")
    assert held.changed_since(before) == {"C.n", "f"}
    assert (held.named("f"), held.named("C.n")) == ([], [n])
    assert held.changed_since(held.revision) == set()


@pytest.mark.parametrize("revision", ["", "of nobody", "of nobody:0"])
def test_to_a_revision_of_others_all_is_news(revision: str) -> None:
    assert Definitions(definitions_in(TEXT)).changed_since(revision) is None
    assert Definitions().changed_since(Definitions().revision) is None


def test_to_a_revision_of_long_ago_all_is_news(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "_NOTED", 10)
    (f,) = definitions_in("def f(): pass\n")
    held = Definitions()
    revisions = []
    for _ in range(100):
        revisions.append(held.revision)
        held.put(f)
    told = [held.changed_since(each) for each in revisions]
    assert told[:79] == [None] * 79
    assert told[90:] == [{"f"}] * 10
