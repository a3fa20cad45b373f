"""Pairing the functions of a text that has only moved: as if they were compared, without doing so."""

from __future__ import annotations

import sys
from types import CodeType
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from relive.worker.redefine.reading import codes
from relive.worker.redefine.reading.codes import moved, paired, paired_in_place

INSIDE = st.sampled_from(
    [
        "a = 1",
        "a = lambda: 1",
        "a = lambda: 2",
        "b = [lambda: x for x in ()], (lambda: 1)",
        "def g(): return lambda: 1",
        "def g(): return 2",
        "class C:\n        def m(self): return lambda: 1",
        "class C:\n        class D:\n            def m(self): return [x for x in ()]",
        "return {(lambda: x)() for x in ()}",
    ]
)


def compiled(parts: list[str]) -> list[CodeType]:
    text = "\n\n\ndef f():\n" + "".join(f"    {part}\n" for part in parts)
    module = compile(text, "m.py", "exec")
    return [each for each in module.co_consts if isinstance(each, CodeType)]


@settings(deadline=None)
@given(st.lists(INSIDE, min_size=1, max_size=6), st.integers(-3, 3))
def test_what_has_moved_is_paired_as_if_it_were_compared(parts: list[str], lines: int) -> None:
    before = compiled(parts)
    after = [moved(each, lines) for each in before]
    found, wanted = paired_in_place(before, after), paired(before, after)
    assert [told(each) for each in found] == [told(each) for each in wanted]


def told(pair: codes.Pair) -> tuple[Any, ...]:
    return id(pair.old), id(pair.new), pair.outermost


def test_nothing_is_compared_for_it() -> None:
    before = compiled(["a = lambda: 1", "def g(): return 2"])
    after, called = [moved(each, 1) for each in before], []
    sys.setprofile(lambda frame, _event, _argument: called.append(frame.f_code.co_name))
    list(paired_in_place(before, after))
    sys.setprofile(None)
    assert "paired_in_place" in called
    assert "same_code" not in called
