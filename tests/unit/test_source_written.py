"""What is being written at a place of a text that need not be whole; `|` is the place."""

from __future__ import annotations

import pytest

from relive.source.positions import position_of
from relive.source.written import Chain, call_at, chain_at, written_at

WRITTEN = {
    "nothing": ("|", ("name", None, "", "")),
    "name": ("x = fo|", ("name", None, "fo", "")),
    "attribute": ("a.b|", ("attribute", "a", "b", "")),
    "attribute of an attribute": ("print(a.b.|", ("attribute", "a.b", "", "")),
    "key": ("d['k|", ("key", "d", "k", "'")),
    "key with a blank": ('d["a b|', ("key", "d", "a b", '"')),
    "key without a quote": ("d[|", ("key", "d", "", "")),
    "key of an attribute of an item": ("a[0].b['|", ("key", "a[0].b", "", "'")),
    "after a key": ("d['k'].|", ("attribute", "d['k']", "", "")),
    "item of an item": ("d['k'][1].x|", ("attribute", "d['k'][1]", "x", "")),
    "of the last item": ("rows[-1].|", ("attribute", "rows[-1]", "", "")),
    "key of the last of an item": ("f(a['k'][ -2 ]['|", ("key", "a['k'][-2]", "", "'")),
    "of a difference": ("a[1-1].x|", None),
    "of a negative text": ("a[-'k'].x|", None),
    "of a broken text": (r"a['\x'].y|", None),
    "in a list": ("[fo|", ("name", None, "fo", "")),
    "a list": ("x = [|", ("name", None, "", "")),
    "in brackets above": ("f(\n    a.b,\n    a.c|", ("attribute", "a", "c", "")),
    "in a function": ("def f():\n    if x:\n        y = a.b|", ("attribute", "a", "b", "")),
    "in an f-string": ("f'{a.b|", ("attribute", "a", "b", "")),
    "of a call": ("f().b|", None),
    "of a sum": ("(a + b).c|", None),
    "of a variable item": ("d[x].c|", None),
    "a number": ("x = 1|", None),
    "a number with a point": ("x = 1.|", None),
    "behind a text": ("x = 'a'|", None),
    "behind an item": ("x = a[1]|", ("name", None, "", "")),
    "of a module": ("from a.b import c, d|", ("import", None, "d", "")),
    "of a module, in brackets": ("from a import (\n    c,\n    d|", ("import", None, "d", "")),
    "a module": ("if x:\n    import a.b|", ("import", None, "b", "")),
    "in a line with an import": ("import a; a.b|", ("attribute", "a", "b", "")),
    "after an import": ("import a\nb|", ("name", None, "b", "")),
    "a generator of": ("def f():\n    yield from a.b|", ("attribute", "a", "b", "")),
    "an error from": ("raise a from b|", ("name", None, "b", "")),
    "comment": ("x = 1  # a.b|", None),
    "text": ("'a.b|", None),
    "long text": ("x = '''\na.b|", None),
    "after a broken line": ("x = = 1\ny.z|", ("attribute", "y", "z", "")),
}


def as_text(chain: Chain | None) -> str | None:
    if chain is None:
        return None
    steps = (f".{key}" if kind == "attribute" else f"[{key!r}]" for kind, key in chain.steps)
    return chain.name + "".join(steps)


@pytest.mark.parametrize(("marked", "expected"), WRITTEN.values(), ids=WRITTEN.keys())
def test_what_is_written(marked: str, expected: tuple[str, str | None, str, str] | None) -> None:
    text = marked.replace("|", "")
    position = position_of(text, marked.index("|"))
    found = written_at(text, position)
    told = found and (found.kind, as_text(found.chain), found.prefix, found.quote)
    assert told == expected
    if found is not None:
        line = text.split("\n")[position[0]]
        assert line[found.start[1] : position[1]] == found.prefix


CALLS = {
    "first": ("f(|", ("f", 0, None)),
    "second": ("a.f(1, |", ("a.f", 1, None)),
    "keyword": ("f(1, key=|", ("f", 1, "key")),
    "after a nested one": ("f(g(1, 2), |", ("f", 1, None)),
    "nested": ("f(g(1, |", ("g", 1, None)),
    "over lines": ("f(\n    [1, 2],\n    |", ("f", 1, None)),
    "in a list": ("f([1, |", None),
    "after a bracket in a text": ("f('(', |", ("f", 1, None)),
    "in a text": ('f(1, "g(a, b|', ("f", 1, None)),
    "only in a text": ('x = "f(|', None),
    "in a comment": ("x = 1  # f(|", None),
    "closed": ("f(1)|", None),
    "of a call": ("f()(|", None),
    "none": ("x = 1|", None),
}


@pytest.mark.parametrize(("marked", "expected"), CALLS.values(), ids=CALLS.keys())
def test_the_call_around_a_place(marked: str, expected: tuple[str, int, str | None] | None) -> None:
    text = marked.replace("|", "")
    found = call_at(text, position_of(text, marked.index("|")))
    assert (found and (as_text(found.chain), found.argument, found.keyword)) == expected


CHAINS = {
    "name": ("x = fo|o", "foo"),
    "whole": ("a.b.c|", "a.b.c"),
    "inner": ("a.b|.c", "a.b"),
    "item": ("d['k'].b|", "d['k'].b"),
    "behind the last item": ("1 + d[-1].b|", "d[-1].b"),
    "not a name": ("1 +| 2", None),
    "in a text": ("'a|'", None),
    "of a call": ("f().a|", None),
}


@pytest.mark.parametrize(("marked", "expected"), CHAINS.values(), ids=CHAINS.keys())
def test_the_chain_at_a_place(marked: str, expected: str | None) -> None:
    text = marked.replace("|", "")
    found = chain_at(text, position_of(text, marked.index("|")))
    assert (found and as_text(found[0])) == expected
    if found is not None:
        (_, start), (_, end) = found[1].start, found[1].end
        assert text[start:end] == expected
