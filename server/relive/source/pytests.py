"""Pins as a module of tests for pytest: what they expect, in plain code."""

from __future__ import annotations

import ast
import builtins
import re
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from relive.source.bindings import STAR
from relive.source.expected import has_options, plain, value_of
from relive.source.forms import top_level_forms
from relive.source.nodes import syntax_tree
from relive.source.quick_dataclasses import dataclass
from relive.source.reach import names_in, outline_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from relive.source.doctests import Example, Group

_MARK = "# Written by Relive: "
_INDENT = "    "
_CLOSE = "rel=1e-9"


@dataclass(frozen=True)
class Pinned:
    """A pin that becomes a test."""

    group: Group
    about: str | None
    """The definition it is of."""
    prints: tuple[bool, ...]
    """Of each example whether it prints something besides its value."""


@dataclass(frozen=True)
class Target:
    """Which module the tests are of, and where it is found."""

    module: str
    path: str
    """The file, as the user knows it."""
    up: int | None
    """The module's root is so many folders above the tests' and not found by pytest itself."""
    below: str = ""
    """The way from there to the root."""


@dataclass(frozen=True)
class Tests:
    """The text of a module, how many tests it has, and what could not be one and why."""

    text: str
    count: int
    left_out: tuple[tuple[str, str], ...]


class _CannotBeError(Exception):
    """A pin cannot be a test; says why."""


def as_tests(pinned: Sequence[Pinned], text: str, target: Target) -> Tests:
    """Return the tests for the pins of a file whose text is `text`."""
    writer = _Writer(text, target.module)
    left_out: list[tuple[str, str]] = []
    functions: list[str] = []
    for each in pinned:
        try:
            functions.append(writer.test(each))
        except _CannotBeError as reason:
            left_out.append((each.group.name, str(reason)))
    body = "\n\n\n".join(["\n".join(_head(target, writer)).rstrip(), *functions])
    return Tests(signed(body), len(functions), tuple(left_out))


def signed(body: str) -> str:
    """Return a text with a mark by which it is seen whether somebody has edited it since."""
    return f"{body}\n\n{_MARK}{_sign(body)}\n"


def is_untouched(text: str) -> bool:
    """Whether a text is as it was written here."""
    body, found, sign = text.rpartition(f"\n\n{_MARK}")
    return bool(found) and sign.strip() == _sign(body)


def _sign(body: str) -> str:
    return sha256(body.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _head(target: Target, writer: _Writer) -> list[str]:
    lines = [f'"""The pins of {target.path} as tests. Save Pins as Tests writes them anew."""', ""]
    if target.up is not None:
        root = f"Path(__file__).resolve().parents[{target.up}]"
        if target.below:
            root += f' / "{target.below}"'
        lines += ["import sys", "from pathlib import Path", ""]
        after = ["", f"sys.path.insert(0, str({root}))", ""]
        noqa = "  # noqa: E402"
    else:
        after, noqa = [], ""
    lines += ["import pytest"] if writer.needs_pytest else []
    lines += after if after and writer.needs_pytest else after[1:]
    imports = [f"import {each}" for each in sorted(writer.modules)]
    if writer.names:
        imports.append(f"from {target.module} import {', '.join(sorted(writer.names))}")
    return [*lines, *([""] if lines[-1] else []), *(each + noqa for each in imports), ""]


class _Writer:
    """Writes tests, and gathers what they import."""

    def __init__(self, text: str, module: str) -> None:
        self._module = module
        self._bound = {name for form in top_level_forms(text) for name in form.binds}
        self._times: Counter[str] = Counter()
        self.names: set[str] = set()
        self.modules: set[str] = set()
        self.needs_pytest = False

    def test(self, pinned: Pinned) -> str:
        """Return a test.

        Raises:
            _CannotBeError: it would not test the same.
        """
        group = pinned.group
        names = self._imported(group)
        modules, needs = set(self.modules), self.needs_pytest
        try:
            lines: list[str] = []
            for example, prints in zip(group.examples, pinned.prints, strict=True):
                lines += self._example(example, prints=prints)
        except _CannotBeError:
            self.modules, self.needs_pytest = modules, needs
            raise
        self.names |= names
        argument = "capsys" if any(pinned.prints) else ""
        head = f"def {self._name(pinned.about)}({argument}):"
        return "\n".join([head, *(_INDENT + line if line else "" for line in lines)])

    def _imported(self, group: Group) -> set[str]:
        """Return the names that the module has to give."""
        nodes = outline_nodes(group.sources)
        own = {name for form in top_level_forms(group.sources) for name in form.binds}
        inner = {
            each.id
            for node in nodes
            for each in ast.walk(node)
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        }
        arguments = {
            each.arg for node in nodes for each in ast.walk(node) if isinstance(each, ast.arg)
        }
        used = {name for node in nodes for name in names_in(node)} - own - inner - arguments
        missing = sorted(
            each for each in used if each not in self._bound and not hasattr(builtins, each)
        )
        if missing and STAR not in self._bound:
            raise _CannotBeError(f"`{missing[0]}` is not in {self._module}")
        return {each for each in used if each in self._bound or each in missing}

    def _name(self, about: str | None) -> str:
        name = "test_" + re.sub(r"\W+", "_", about or "pin").lower()
        self._times[name] += 1
        return name if self._times[name] == 1 else f"{name}_{self._times[name]}"

    def _example(self, example: Example, *, prints: bool) -> list[str]:
        if has_options(example):
            raise _CannotBeError("it uses options of doctest's")
        source = _indentable(example.source.strip("\n"))
        if example.raises is not None:
            return self._raises(source, example.raises)
        if not _is_expression(source):
            return self._statement(source, example, prints=prints)
        code = f"({source})" if "\n" in source or _binds_loosely(source) else source
        if prints:
            return [*f"value = {code}".split("\n"), *_printed("value", example)]
        return f"assert {self._comparison(code, plain(example.want))}".split("\n")

    def _statement(self, source: str, example: Example, *, prints: bool) -> list[str]:
        if example.want and not prints:
            raise _CannotBeError("what a statement prints is known when it has run")
        read = (
            [f"assert capsys.readouterr().out == {plain(example.want)!r}"] if example.want else []
        )
        return [*source.split("\n"), *read]

    def _raises(self, source: str, raised: str) -> list[str]:
        kind, _, message = raised.partition(": ")
        module, dot, _ = kind.rpartition(".")
        if dot:
            inside = kind.startswith(f"{self._module}.")
            self.modules.add(self._module if inside else module)
        elif not hasattr(builtins, kind):
            raise _CannotBeError(f"where {kind} comes from cannot be told")
        self.needs_pytest = True
        return [
            f"with pytest.raises({kind}) as caught:",
            *(_INDENT + line for line in source.split("\n")),
            f"assert str(caught.value) == {message!r}",
        ]

    def _comparison(self, code: str, want: str) -> str:
        if not want:
            return f"{code} is None"
        value = value_of(want)
        if value is None and _has_unordered(want):
            raise _CannotBeError("the order of a set within it is another in each process")
        if value is None or '"""' in want or "'''" in want:
            return f"repr({code}) == {want.rstrip()!r}"
        if value[0] is True or value[0] is False or value[0] is None:
            return f"{code} is {value[0]}"
        if _has_decimals(value[0]):
            self.needs_pytest = True
            return f"{code} == pytest.approx({value[0]!r}, {_CLOSE})"
        return f"{code} == {want.strip()}"


def _printed(name: str, example: Example) -> list[str]:
    value = f'("" if {name} is None else f"{{{name}!r}}\\n")'
    return [f"assert capsys.readouterr().out + {value} == {plain(example.want)!r}"]


def _has_decimals(value: Any) -> bool:
    """Whether it is a decimal number, or numbers with one among them, not in several layers."""
    if isinstance(value, float):
        return True
    parts: Iterable[Any] = ()
    if isinstance(value, (list, tuple)):
        parts = value
    elif isinstance(value, dict):
        parts = value.values()
    parts = list(parts)
    numbers = all(type(each) in (int, float) for each in parts)
    return numbers and any(isinstance(each, float) for each in parts)


def _indentable(source: str) -> str:
    """Return code whose lines can be indented, which those of a text in quotes cannot."""
    texts = (ast.Constant, ast.JoinedStr)
    nodes = outline_nodes(source)
    spans = [each for node in nodes for each in ast.walk(node) if isinstance(each, texts)]
    if all(each.lineno == each.end_lineno for each in spans):
        return source
    return "\n".join(map(ast.unparse, nodes))


def _binds_loosely(source: str) -> bool:
    """Whether an expression is another one with `== …` after it."""
    loose = (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.IfExp, ast.Lambda, ast.NamedExpr)
    return any(
        isinstance(each, ast.Expr) and isinstance(each.value, loose)
        for each in outline_nodes(source)
    )


def _has_unordered(want: str) -> bool:
    """Whether a text has a set of other things than whole numbers in it."""
    try:
        tree = syntax_tree(want.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    sets = [each.elts for each in ast.walk(tree) if isinstance(each, ast.Set) and each.elts[1:]]
    found = [each for elts in sets for each in elts]
    return not all(isinstance(each, ast.Constant) and isinstance(each.value, int) for each in found)


def _is_expression(source: str) -> bool:
    nodes = outline_nodes(source)
    return len(nodes) == 1 and isinstance(nodes[0], ast.Expr)
