"""In which order statements bind names and look them up."""

from __future__ import annotations

import pytest

from relive.source.binding_order import order_of


@pytest.mark.parametrize(
    ("text", "read_first", "surely"),
    [
        ("for x in xs:\n    total += x", "xs total", ""),
        ("for x in xs:\n    pass\nelse:\n    print(x)", "xs print x", ""),
        ("while (line := f()):\n    print(line)", "f print", "line"),
        ("with open(p) as f:\n    text = f.read()", "open p", "f"),
        ("if a:\n    k = 1\nelse:\n    k = 2\nprint(k)", "a print", "k"),
        ("if a:\n    k = 1\nprint(k)", "a print k", ""),
        ("try:\n    v = d[k]\nexcept KeyError as e:\n    v = e", "d k KeyError", "v"),
        ("try:\n    v = d\nfinally:\n    w = v", "d v", "v w"),
        ("match a:\n    case [x, *y]:\n        print(x, y)", "a print", ""),
        ("match a:\n    case x:\n        b = x", "a", "b x"),
        ("x += 1", "x", "x"),
        ("xs[0] = y", "xs y", ""),
        ("a = [b for b in c]\nd = a", "b c", "a d"),
        ("def f():\n    return g", "g", "f"),
        ("for x in x:\n    pass", "x", ""),
        ("a = 1\ndel a\nprint(a)", "print a", ""),
        ("if a:\n    del b", "a b", ""),
        ("a = (", "a", ""),
    ],
)
def test_order(text: str, read_first: str, surely: str) -> None:
    order = order_of(text)
    assert order.read_first == set(read_first.split())
    assert order.surely == set(surely.split())


def test_what_is_bound_first() -> None:
    text = "for x in xs:\n    for y in x:\n        n += y\n        z = y\nprint(z)"
    assert order_of(text).bound_first == {"x", "y"}


def test_what_text_may_look_up_that_is_run_is_not_bound_first() -> None:
    assert order_of("for x in xs:\n    y = eval(s)").bound_first == {"x"}
    assert order_of("x = eval(s)").bound_first == frozenset()


def test_what_is_nested_too_deeply_counts_as_looked_up() -> None:
    text = "a = " + "-" * 100_000 + "b"
    assert order_of(text).read_first >= {"a", "b"}
