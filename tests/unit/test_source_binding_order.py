"""In which order statements bind names and look them up."""

from __future__ import annotations

import pytest

from relive.source.binding_order import read_first


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("for x in xs:\n    total += x", "xs total"),
        ("for x in xs:\n    pass\nelse:\n    print(x)", "xs print x"),
        ("while (line := f()):\n    print(line)", "f print"),
        ("with open(p) as f:\n    text = f.read()", "open p"),
        ("if a:\n    k = 1\nelse:\n    k = 2\nprint(k)", "a print"),
        ("if a:\n    k = 1\nprint(k)", "a print k"),
        ("try:\n    v = d[k]\nexcept KeyError as e:\n    v = e", "d k KeyError"),
        ("try:\n    v = d\nfinally:\n    w = v", "d v"),
        ("match a:\n    case [x, *y]:\n        print(x, y)", "a print"),
        ("match a:\n    case x:\n        b = x", "a"),
        ("x += 1", "x"),
        ("xs[0] = y", "xs y"),
        ("a = [b for b in c]\nd = a", "b c"),
        ("def f():\n    return g", "g"),
        ("for x in x:\n    pass", "x"),
        ("a = 1\ndel a\nprint(a)", "print a"),
        ("a = (", "a"),
    ],
)
def test_order(text: str, expected: str) -> None:
    assert read_first(text) == set(expected.split())


def test_what_is_nested_too_deeply_counts_as_looked_up() -> None:
    text = "a = " + "-" * 100_000 + "b"
    assert read_first(text) >= {"a", "b"}
