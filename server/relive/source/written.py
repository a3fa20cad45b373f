"""What is being written at a place: the chain of names before it, the call it is an argument of.

A chain is a name with attributes and constant subscripts, as `frame["a"].b`: nothing else can be
followed without running it. The text need not be whole or right.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Literal

from relive.source.positions import Position, Range
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from relive.source.lexical import Token

_MOST_LINES = 300
"""Above the place that are looked at, to where a statement begins."""
_NO_STATEMENT = tuple(" \t)]}#'\"\n")
_CLOSING, _OPENING = frozenset(")]}"), frozenset("([{")
_QUOTES = ("'", '"')
_LONG_QUOTES = ("'''", '"""')

Step = tuple[Literal["attribute", "item"], "str | int"]


@dataclass(frozen=True)
class Chain:
    """A name, and what is followed from it."""

    name: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Written:
    """What is being written."""

    kind: Literal["name", "attribute", "key", "import"]
    """Of what is imported only files tell, not what names stand for by now."""
    chain: Chain | None
    """What the attribute or key is of."""
    prefix: str
    start: Position
    """Where that begins."""
    quote: str = ""
    """Of a key: the quote that is open; empty: none yet."""


@dataclass(frozen=True)
class Call:
    """The innermost call around a place."""

    chain: Chain
    argument: int
    """How many arguments come before."""
    keyword: str | None
    """The name that the argument is given by."""


def written_at(text: str, position: Position) -> Written | None:
    """Return what is being written; None: no name, as in a comment, or what cannot be followed."""
    found = _before(text, position)
    if found is None:
        return None
    opened = next((n for n in range(len(found) - 1, -1, -1) if found[n].is_open_quote), None)
    if opened is not None:
        return _in_quotes(text, position, found[: opened + 1])
    prefix = found.pop().text if found and found[-1].is_name and found[-1].end == position else ""
    start = (position[0], position[1] - len(prefix))
    if _is_import(found):
        return Written("import", None, prefix, start)
    return _in_expression(found, prefix, start)


def call_at(text: str, position: Position) -> Call | None:
    """Return the call whose arguments a place is in."""
    found, depth, commas = _closed(_before(text, position) or []), 0, 0
    keyword: str | None = None
    for number in range(len(found) - 1, -1, -1):
        token = found[number].text
        if token in _CLOSING:
            depth += 1
        elif token in _OPENING and depth:
            depth -= 1
        elif token == "(":
            chain = _chain(found[:number])
            return None if chain is None else Call(chain, commas, keyword)
        elif token in _OPENING or found[number].is_end:
            return None
        elif not depth and token == ",":
            commas += 1
        elif not depth and token == "=" and not commas and number:
            keyword = found[number - 1].text
    return None


def chain_at(text: str, position: Position) -> tuple[Chain, Range] | None:
    """Return the chain that ends with the name at a place, and where it stands."""
    line, end = text.split("\n")[position[0]], position[1]
    while end < len(line) and (line[end].isalnum() or line[end] == "_"):
        end += 1
    found = _before(text, (position[0], end)) or []
    if not found or not found[-1].is_name or any(each.is_open_quote for each in found):
        return None
    first = _first_of(found) if found[-1].end == (position[0], end) else None
    chain = _chain(found)
    if chain is None or first is None:
        return None
    return chain, Range(found[first].start, found[-1].end)


def _is_import(found: list[Token]) -> bool:
    """Whether the statement that tokens end in says what to import."""
    ends = (n for n, each in enumerate(reversed(found)) if each.is_end or each.text in (";", ":"))
    first = len(found) - next(ends, len(found))
    return [each.text for each in found[first : first + 1]] in (["import"], ["from"])


def _in_expression(found: list[Token], prefix: str, start: Position) -> Written | None:
    """Return what is written behind tokens, from `start` on."""
    last = found[-1] if found else None
    if last is not None and last.end == start and not last.is_between:
        return None
    before = "" if last is None else last.text
    if before not in (".", "[") or (before == "[" and prefix):
        return Written("name", None, prefix, start)
    chain = _chain(found[:-1])
    if chain is None:
        return Written("name", None, prefix, start) if before == "[" else None
    return Written("attribute" if before == "." else "key", chain, prefix, start)


def _in_quotes(text: str, position: Position, found: list[Token]) -> Written | None:
    """Return the key that is written, if what is open is a subscript in quotes."""
    quote = found[-1]
    if len(found) < 2 or found[-2].text != "[" or quote.text not in _QUOTES:
        return None
    chain = _chain(found[:-2])
    written = text.split("\n")[position[0]][quote.end[1] : position[1]]
    if chain is None or quote.end[0] != position[0]:
        return None
    return Written("key", chain, written, quote.end, quote.text)


def _before(text: str, position: Position) -> list[Token] | None:
    """Return the tokens from where a statement begins; None: the place is in a comment."""
    from relive.source.lexical import tokens_to  # late: it loads parso

    lines = text.split("\n")
    first = _first_line(lines, position[0])
    return tokens_to([*lines[first : position[0]], lines[position[0]][: position[1]]], first)


def _closed(found: list[Token]) -> list[Token]:
    """Return the tokens but for those of a text that is open: what is in it is no code."""
    opened = (n for n, each in enumerate(found) if each.is_open_quote)
    return found[: next(opened, len(found))]


def _first_line(lines: list[str], line: int) -> int:
    """Return where a statement begins; where a long text may be open, where everything does."""
    above = "\n".join(lines[:line])
    if any(above.count(quote) % 2 for quote in _LONG_QUOTES):
        return 0
    for number in range(line, max(line - _MOST_LINES, -1), -1):
        if lines[number] and not lines[number].startswith(_NO_STATEMENT):
            return number
    return line


def _chain(found: list[Token]) -> Chain | None:
    """Return the chain that tokens end with."""
    first = _first_of(found)
    if first is None:
        return None
    steps: list[Step] = []
    number = first + 1
    while number < len(found):
        if found[number].text == ".":
            steps.append(("attribute", found[number + 1].text))
            number += 2
        else:
            end = next(n for n in range(number, len(found)) if found[n].text == "]")
            key = _key(found[number + 1 : end])
            assert key is not None  # `_first_of` has seen to that
            steps.append(("item", key))
            number = end + 1
    return Chain(found[first].text, tuple(steps))


def _first_of(found: list[Token]) -> int | None:
    """Return the number of the token that a chain begins with, which ends with the last."""
    number = len(found) - 1
    while number >= 0:
        if found[number].text == "]":
            number = _before_subscript(found, number)
            if number < 0 or not (found[number].is_name or found[number].text == "]"):
                return None
            continue
        if not found[number].is_name:
            return None
        if number == 0 or found[number - 1].text != ".":
            return number
        number -= 2
    return None


def _before_subscript(found: list[Token], last: int) -> int:
    """Return the number of the token before a constant subscript, -1 if it is none."""
    begin = last - 3 if last >= 3 and found[last - 2].text == "-" else last - 2
    is_subscript = begin >= 0 and found[begin].text == "["
    return begin - 1 if is_subscript and _key(found[begin + 1 : last]) is not None else -1


def _key(between: list[Token]) -> str | int | None:
    """Return the text or the integer, which may be negative, that tokens are; None: neither."""
    is_negative = [each.text for each in between[:-1]] == ["-"]
    if not between[-1:] or not between[-1].is_constant or (len(between) > 1 and not is_negative):
        return None
    try:
        key: str | int = ast.literal_eval("".join(each.text for each in between))
    except (SyntaxError, ValueError):  # as of "\\x", and of a text with a sign
        return None
    return key
