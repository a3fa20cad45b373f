"""Examples in doctest's form: found in the text of a file of pins, and in docstrings."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from relive.source.margins import mentions
from relive.source.nodes import Definable, substatements
from relive.source.outline import kept_by_text, outline
from relive.source.quick_dataclasses import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PROMPT = re.compile(r"\s*>>>")
_FIRST_PROMPT = re.compile(r"[^'\"]*['\"]+\s*>>>")
"""On the line on which the docstring begins."""
_REMARK = re.compile(r"\s*>>>[ ]*(#.*)?$")
"""A prompt behind which nothing is run, which is no example."""


class NotExamplesError(ValueError):
    """The text is not in doctest's form; says where and why."""


@dataclass(frozen=True)
class Example:
    """What is run, and what is expected of it."""

    source: str
    """The code without its prompts, with a newline at its end."""
    want: str
    """What is to be printed, the value's text included; empty: nothing."""
    raises: str | None
    """The last line of the traceback that is expected instead."""
    options: dict[int, bool]
    """Flags of doctest's that its directives switch on and off."""
    line: int
    """0-based, of its first prompt in the text."""
    end: int
    """The line behind it and what it expects."""

    @property
    def is_skipped(self) -> bool:
        """Whether it says that it is not to be run."""
        if not self.options:
            return False
        from doctest import SKIP  # late: it loads unittest and the debugger

        return self.options.get(SKIP, False)

    @property
    def key(self) -> tuple[str, str]:
        """What it says: equal for examples that run alike."""
        return (self.source, self.want)


@dataclass(frozen=True)
class Group:
    """Examples that are tried one after another, on one copy of the module's names."""

    name: str
    """Of a docstring: the definition's qualified name, empty for the module's; of a pin: the first
    line of the expression that is pinned."""
    examples: tuple[Example, ...]

    @property
    def line(self) -> int:
        """Where it begins."""
        return self.examples[0].line

    @property
    def end(self) -> int:
        """The line behind it."""
        return self.examples[-1].end

    @property
    def run(self) -> tuple[Example, ...]:
        """The examples that are run."""
        return tuple(each for each in self.examples if not each.is_skipped)

    @property
    def sources(self) -> str:
        """All of its code."""
        return "".join(each.source for each in self.examples)

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        """What it says."""
        return tuple(each.key for each in self.examples)


def examples(text: str) -> list[Example]:
    """Return the examples of a text.

    Raises:
        NotExamplesError: a prompt is not followed by a blank, or lines are indented unevenly.
    """
    if ">>>" not in text:
        return []
    from doctest import DocTestParser  # late: it loads unittest and the debugger

    try:
        found = DocTestParser().get_examples(text)
    except ValueError as error:
        raise NotExamplesError(str(error)) from None
    return [
        Example(
            source=each.source,
            want=each.want,
            raises=None if each.exc_msg is None else each.exc_msg.rstrip("\n"),
            options=dict(each.options),
            line=each.lineno,
            end=each.lineno + _lines(each.source) + _lines(each.want),
        )
        for each in found
    ]


def pins(text: str) -> tuple[Group, ...]:
    """Return the pins of a file of pins: examples between which no other line is are one.

    Raises:
        NotExamplesError: as for `examples`.
    """
    lines = text.split("\n")
    grouped: list[list[Example]] = []
    for each in examples(text):
        if grouped and all(map(_REMARK.match, lines[grouped[-1][-1].end : each.line])):
            grouped[-1].append(each)
        else:
            grouped.append([each])
    return tuple(Group(_first_line(group[-1].source), tuple(group)) for group in grouped)


def doctests(text: str) -> tuple[Group, ...]:
    """Return the examples in the docstrings of a Python text, by definition.

    Docstrings that are not in doctest's form are passed over, as their authors may not mean it.
    """
    # Most texts have none, and need not be parsed for it, nor even read.
    return _doctests(text) if mentions(text, ">>>") else ()


@kept_by_text
def _doctests(text: str) -> tuple[Group, ...]:
    found: list[Group] = []
    for name, node in _documented(text):
        try:
            inside = _in_docstring(node, text)
        except NotExamplesError:
            continue
        if inside:
            found.append(Group(name, tuple(inside)))
    return tuple(found)


def _in_docstring(node: ast.Constant, text: str) -> list[Example]:
    """Return the examples of a docstring, their lines those of the text.

    Escapes can make a docstring's lines others than those it is written on, so prompts are counted.
    """
    if ">>>" not in str(node.value):
        return []
    first = node.lineno - 1
    written = enumerate(text.split("\n")[first : node.end_lineno], first)
    prompts = (
        number
        for number, line in written
        if _begins_example(line, _FIRST_PROMPT if number == first else _PROMPT)
    )
    found = examples(str(node.value))
    placed = zip(found, prompts, strict=False)
    return [replace(each, line=line, end=line + each.end - each.line) for each, line in placed]


def _begins_example(line: str, prompt: re.Pattern[str]) -> bool:
    found = prompt.match(line)
    return found is not None and not _REMARK.match(line, found.end() - len(">>>"))


def _documented(text: str) -> Iterator[tuple[str, ast.Constant]]:
    """Yield the docstrings of a text, with the qualified names of what they are of."""
    nodes = [node for section in outline(text).sections for node in section.nodes]
    module = _docstring(nodes)
    if module is not None:
        yield "", module
    yield from _documented_in(nodes, "")


def _documented_in(nodes: Iterable[ast.stmt], before: str) -> Iterator[tuple[str, ast.Constant]]:
    for node in nodes:
        if isinstance(node, Definable):
            found = _docstring(node.body)
            if found is not None:
                yield before + node.name, found
            if isinstance(node, ast.ClassDef):
                yield from _documented_in(node.body, f"{before}{node.name}.")
        else:
            yield from _documented_in(substatements(node), before)


def _docstring(body: list[ast.stmt]) -> ast.Constant | None:
    first = body[0] if body else None
    value = first.value if isinstance(first, ast.Expr) else None
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return value if is_text and isinstance(value, ast.Constant) else None


def _first_line(source: str) -> str:
    return source.strip().partition("\n")[0]


def _lines(text: str) -> int:
    return text.count("\n")
