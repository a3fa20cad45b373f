"""Whether what an example gave is what it was to give: by text, as doctest does, or by value.

Texts that say the same value are the same: a dictionary in another order, a set, a decimal number
that differs in its last digits.
"""

from __future__ import annotations

import ast
import re
from math import isclose
from pprint import pformat
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relive.source.doctests import Example

_BLANK_LINE = "<BLANKLINE>"
"""As doctest has it."""
_ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{4,}")
_DECIMAL = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d*(?:[eE][-+]?\d+)?|[eE][-+]?\d+)(?![\w.])")
_CLOSE = 1e-9
"""What decimal numbers may differ by, of their size: the order of a sum is no other result."""
_WIDTH = 88
_MOST = 20_000
"""Characters of a text that is read as a value: longer ones are compared as texts."""


def meets(example: Example, got: str) -> bool:
    """Whether `got`, all that was printed and the value's text, is what the example expects."""
    if example.raises is not None:
        return False
    return _is_as_wanted(example, example.want, got) or _same_line(plain(example.want), got)


def raises_as(example: Example, raised: str) -> bool:
    """Whether the exception that was raised, as the last line of a traceback, is expected."""
    if example.raises is None:
        return False
    if _is_as_wanted(example, example.raises + "\n", raised + "\n"):
        return True
    from doctest import IGNORE_EXCEPTION_DETAIL  # late: as below

    if _flags(example) & IGNORE_EXCEPTION_DETAIL:
        return _kind(example.raises) == _kind(raised)
    return False


def _is_as_wanted(example: Example, want: str, got: str) -> bool:
    from doctest import OutputChecker  # late: it loads unittest and the debugger

    return OutputChecker().check_output(want, got, _flags(example))


def same(want: str, got: str) -> bool:
    """Whether two texts say the same value."""
    if want == got:
        return True
    if not want.strip() or not got.strip() or max(len(want), len(got)) > _MOST:
        return False
    one, other = _literal(want.strip()), _literal(got.strip())
    if one is not None and other is not None:
        return _equal(one[0], other[0])
    return _close_as_texts(want, got)


def written(text: str) -> str:
    """Return the text of a value as an example expects it, in several lines if it is long."""
    if len(text) > _WIDTH and "\n" not in text:
        value = _literal(text)
        if value is not None:
            laid_out = pformat(value[0], width=_WIDTH, sort_dicts=False, compact=True)
            text = laid_out if same(laid_out, text) else text
    lines = (line if line.strip() else _BLANK_LINE for line in text.split("\n"))
    return "\n".join(lines) + "\n"


def address_in(text: str) -> str | None:
    """Return the address in memory that a text tells: the next process has it elsewhere."""
    found = _ADDRESS.search(text)
    return None if found is None else found.group()


def value_of(want: str) -> tuple[Any] | None:
    """Return the value that a text says, in a tuple; None: it is not plain data."""
    return _literal(plain(want).strip())


def plain(want: str) -> str:
    """Return what is expected without the marks of blank lines."""
    return re.sub(rf"(?m)^{re.escape(_BLANK_LINE)}[ \t]*$", "", want)


def has_options(example: Example) -> bool:
    """Whether it says how to compare."""
    return bool(_flags(example))


def _flags(example: Example) -> int:
    flags = 0
    for flag, on in example.options.items():
        flags = flags | flag if on else flags & ~flag
    return flags


def _same_line(want: str, got: str) -> bool:
    return want.endswith("\n") and got.endswith("\n") and same(want[:-1], got[:-1])


def _kind(raised: str) -> str:
    """Return the exception's name without its module and what it says."""
    return raised.partition(":")[0].rpartition(".")[2]


def _literal(text: str) -> tuple[Any] | None:
    try:
        return (ast.literal_eval(text),)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _equal(one: Any, other: Any) -> bool:
    """Whether two values of plain data are equal, and of the same kinds throughout."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return _near(one, other)
    if isinstance(one, complex):
        return _near(one.real, other.real) and _near(one.imag, other.imag)
    if isinstance(one, dict):
        return _equal_dicts(one, other)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_equal, one, other))
    return bool(one == other)


def _equal_dicts(one: dict[Any, Any], other: dict[Any, Any]) -> bool:
    if len(one) != len(other):
        return False
    kinds = {key: type(key) for key in other}
    return all(
        key in other and kinds[key] is type(key) and _equal(value, other[key])
        for key, value in one.items()
    )


def _close_as_texts(want: str, got: str) -> bool:
    """Whether two texts differ in the last digits of decimal numbers alone."""
    if _DECIMAL.sub("0", want) != _DECIMAL.sub("0", got):
        return False
    pairs = zip(_DECIMAL.findall(want), _DECIMAL.findall(got), strict=True)
    return all(_near(float(one), float(other)) for one, other in pairs)


def _near(one: float, other: float) -> bool:
    return one == other or isclose(one, other, rel_tol=_CLOSE)
