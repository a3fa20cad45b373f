"""What code can act on, told from its text."""

from __future__ import annotations

import pytest

from relive.source.harmless import is_harmless


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("total", True),
        ("x = 1 + y", True),
        ("total = sum(map(net, prices))", True),
        ("net(1) + len([n for n in rows])", True),
        ("f'{total:.2f}'", True),
        ("def net(x):\n    return x * rate", True),
        ("sorted(rows, key=lambda row: net(row))", True),
        ("max(rows, key=len)", True),
        ("list(filter(None, rows))", True),
        ("list(map(os.remove, rows))", False),
        ("list(filter(other, rows))", False),
        ("sorted(rows, key=other)", False),
        ("sorted(rows, **how)", False),
        ("list(map(*how))", False),
        ("other(1)", False),
        ("print(total)", False),
        ("rows.append(1)", False),
        ("open('f')", False),
        ("a.b = 1", False),
        ("rows[0] = 1", False),
        ("del rows", False),
        ("import os", False),
        ("with lock: x = 1", False),
        ("(lambda: 1)()", False),
        ("broken(", False),
        ("def net(hash, x):\n    return hash(x)", False),
        ("[len(sum) for sum in rows if sum(x)]", False),
        ("net = net(1)", False),
        ("@other\ndef net(x):\n    return x", False),
        ("@property\ndef net(x):\n    return x", True),
        ("class A(Base):\n    pass", False),
        ("[row async for row in rows]", False),
    ],
)
def test_what_is_harmless(text: str, expected: bool) -> None:
    assert is_harmless(text, {"net"}) == expected
