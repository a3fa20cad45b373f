"""The text of a file of pins: pins put in and taken out, all else left as a person wrote it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from relive.source.doctests import NotExamplesError, examples, pins

if TYPE_CHECKING:
    from relive.source.doctests import Group

_INTRODUCTION = """\
Pins of {path}: what calls are expected to give, in the form of doctests.
Edit, add and delete as you like; other lines are comments.
"""


class NotPinnableError(ValueError):
    """It cannot be a pin; says why, and what can be done."""


def is_expression(code: str) -> bool:
    """Whether some code is one expression."""
    try:
        ast.parse(code.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


def as_example(expression: str, want: str) -> str:
    """Return an example's text.

    Raises:
        NotPinnableError: it would not be read back as it is.
    """
    first, *others = expression.strip().split("\n")
    text = "\n".join([f">>> {first}", *(f"... {line}".rstrip() for line in others)]) + "\n" + want
    try:
        found = examples(text)
    except NotExamplesError:
        found = []
    whole = len(found) == 1 and found[0].source.strip() == expression.strip()
    if not whole or found[0].want != want:
        raise NotPinnableError(
            "A value whose text has lines such as these cannot be kept as an example. Pin a part"
            " of it, or what it is equal to."
        )
    return text


def added(text: str, path: str, example: str) -> str:
    """Return the text of the pins of `path` with one more at its end."""
    before = text.rstrip("\n") + "\n" if text.strip() else _INTRODUCTION.format(path=path)
    return f"{before}\n{example}"


def without(text: str, group: Group) -> str:
    """Return the text without a pin; comments around it stay."""
    lines = text.split("\n")
    before, after = lines[: group.line], lines[group.end :]
    if before and not before[-1].strip() and after and not after[0].strip():
        after = after[1:]
    return "\n".join([*before, *after])


def replaced(text: str, group: Group, example: str) -> str:
    """Return the text with another example in the place of a pin's last one."""
    lines = text.split("\n")
    last = group.examples[-1]
    return "\n".join([*lines[: last.line], *example.rstrip("\n").split("\n"), *lines[last.end :]])


def pin_of(text: str, expression: str) -> Group | None:
    """Return the pin of an expression that stands alone, if there is one."""
    wanted = expression.strip()
    return next(
        (
            each
            for each in pins(text)
            if len(each.examples) == 1 and each.examples[0].source.strip() == wanted
        ),
        None,
    )
