"""Searching for who runs a piece of code: only when there is something to find."""

from __future__ import annotations

import gc
from types import FunctionType

import pytest

from relive.worker.redefine.finding import holders
from relive.worker.redefine.finding.running import Running
from relive.worker.redefine.finding.searched import Searched
from relive.worker.redefine.reading.codes import Coded, pairs_between
from relive.worker.redefine.reading.origins import Compiled

OLD = "def plain(): return 1\ndef around(n):\n    def inside(): return n\n    return inside\n"


class Text(Coded):
    """A text whose functions live in `scope`."""

    def __init__(self, text: str) -> None:
        import ast

        super().__init__(ast.parse(text).body[0])
        code = compile(text, "<text>", "exec")
        self.scope: dict[str, FunctionType] = {}
        exec(code, self.scope)
        self.codes = Compiled(code).between(1, 100)


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    counted: list[int] = []
    real = gc.get_referrers

    def counting(*objects: object) -> list[object]:
        counted.append(len(objects))
        return list(real(*objects))

    monkeypatch.setattr(holders.gc, "get_referrers", counting)
    return counted


def test_functions_under_their_names_need_no_search(searches: list[int]) -> None:
    old, new = Text(OLD), Text(OLD.replace("1", "2"))
    pairs = pairs_between(old, new)
    for pair in pairs:
        found = old.scope.get(pair.old.co_name)
        pair.functions += [found] if found else []
    holders.find_holders(pairs, Running(Searched()))
    assert searches == []


def test_a_live_closure_is_searched_for_and_found(searches: list[int]) -> None:
    old, new = Text(OLD), Text(OLD)
    closures = [old.scope["around"](n) for n in range(3)]
    pairs = pairs_between(old, new)
    for pair in pairs:
        found = old.scope.get(pair.old.co_name)
        pair.functions += [found] if found else []
    holders.find_holders(pairs, Running(Searched()))
    inside = next(pair for pair in pairs if pair.old.co_name == "inside")
    assert searches == [1]
    assert {id(each) for each in inside.functions} == {id(each) for each in closures}
