"""Pins as a module of tests for pytest: what they expect, in plain code."""

from __future__ import annotations

import ast
import builtins
import re
from hashlib import sha256
from itertools import count
from json import dumps
from typing import TYPE_CHECKING, Any

from relive.source.bindings import STAR
from relive.source.expected import has_options, plain, value_of
from relive.source.forms import top_level_forms
from relive.source.nodes import syntax_tree
from relive.source.quick_dataclasses import dataclass
from relive.source.reach import outline_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from symtable import Symbol

    from relive.source.doctests import Example, Group

_MARK = "# Written by Relive: "
_INDENT = "    "
_CLOSE = "rel=1e-9"
_ANY_ORDER = "the order of a set within it is another in each process"


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


def is_about(text: str, path: str) -> bool:
    """Whether a text was written here for the pins of a file."""
    return text.startswith(f'"""{_about(path)}')


def _about(path: str) -> str:
    return f"The pins of {_quoted(path)[1:-1]} as tests."


def _quoted(text: str) -> str:
    """Return a text as code, in quotes of this kind whatever is in it."""
    return dumps(text, ensure_ascii=False)


def _head(target: Target, writer: _Writer) -> list[str]:
    lines = [f'"""{_about(target.path)} Save Pins as Tests writes them anew."""', ""]
    if target.up is not None:
        root = f"Path(__file__).resolve().parents[{target.up}]"
        if target.below:
            root += f" / {_quoted(target.below)}"
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
        forms = top_level_forms(text)
        self._bound = {name for form in forms for name in form.binds}
        made = (form.binds for form in forms if form.kind != "assignment")
        self._looks_a_test = {n for names in made for n in names if n.startswith("test")}
        """What pytest would take for a test if it were imported."""
        self._taken = set(self._bound)
        self.names: set[str] = set()
        self.modules: set[str] = set()
        self.needs_pytest = False

    def test(self, pinned: Pinned) -> str:
        """Return a test.

        Raises:
            _CannotBeError: it would not test the same.
        """
        group = pinned.group
        if not _can_run(group.sources):
            raise _CannotBeError("it is no code of a function's")
        names = self._imported(group)
        kept, modules, needs = set(self.names), set(self.modules), self.needs_pytest
        try:
            lines: list[str] = []
            for example, prints in zip(group.examples, pinned.prints, strict=True):
                lines += self._example(example, prints=prints)
        except _CannotBeError:
            self.names, self.modules, self.needs_pytest = kept, modules, needs
            raise
        self.names |= names
        argument = "capsys" if any(pinned.prints) else ""
        head = f"def {self._name(pinned.about)}({argument}):"
        return "\n".join([head, *(_INDENT + line if line else "" for line in lines)])

    def _imported(self, group: Group) -> set[str]:
        """Return the names that the module has to give."""
        used = _names_of_module(group.sources)
        missing = sorted(
            each for each in used if each not in self._bound and not hasattr(builtins, each)
        )
        if missing and STAR not in self._bound:
            raise _CannotBeError(f"`{missing[0]}` is not in {self._module}")
        tests = sorted(used & self._looks_a_test)
        if tests:
            raise _CannotBeError(f"pytest would take `{tests[0]}` for a test")
        return {each for each in used if each in self._bound or each in missing}

    def _name(self, about: str | None) -> str:
        name = "test_" + re.sub(r"\W+", "_", about or "pin").lower()
        names = (name if n == 1 else f"{name}_{n}" for n in count(1))
        free = next(each for each in names if each not in self._taken)
        self._taken.add(free)
        return free

    def _example(self, example: Example, *, prints: bool) -> list[str]:
        if has_options(example):
            raise _CannotBeError("it uses options of doctest's")
        source = _indentable(example.source.strip("\n"))
        if example.raises is not None:
            return self._raises(source, example.raises)
        if not _is_expression(source):
            return self._statement(source, example, prints=prints)
        source = _without_remark(source)
        code = f"({source})" if "\n" in source or _binds_loosely(source) else source
        if prints:
            name = self._free("value")
            return [*f"{name} = {code}".split("\n"), *_printed(name, example)]
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
        error, caught = self._error(kind), self._free("caught")
        self.needs_pytest = True
        return [
            f"with pytest.raises({error}) as {caught}:",
            *(_INDENT + line for line in source.split("\n")),
            f"assert str({caught}.value) == {message!r}",
        ]

    def _error(self, kind: str) -> str:
        """Return the expression for a class of exceptions."""
        module, dot, _ = kind.rpartition(".")
        if not all(part.isidentifier() for part in kind.split(".")):
            raise _CannotBeError(f"{kind} cannot be imported")
        if not dot and not hasattr(builtins, kind):
            raise _CannotBeError(f"where {kind} comes from cannot be told")
        inside = kind.startswith(f"{self._module}.")
        if inside and self._module.partition(".")[0] in self._bound:  # it hides the module
            own = kind[len(self._module) + 1 :]
            self.names.add(own.partition(".")[0])
            return own
        if dot:
            self.modules.add(self._module if inside else module)
        return kind

    def _free(self, name: str) -> str:
        """Return a name for a variable that no name of the module's is."""
        return name if name not in self._bound else f"the_{name}"

    def _comparison(self, code: str, want: str) -> str:
        if not want:
            return f"{code} is None"
        value = value_of(want)
        if value is None and _is_plain(want):
            return f"{code} == {want.strip()}"
        if value is None and _has_unordered(want):
            raise _CannotBeError(_ANY_ORDER)
        if value is None or '"""' in want or "'''" in want:
            return f"repr({code}) == {want.rstrip()!r}"
        if value[0] is True or value[0] is False or value[0] is None:
            return f"{code} is {value[0]}"
        if _has_decimals(value[0]):
            self.needs_pytest = True
            return f"{code} == pytest.approx({value[0]!r}, {_CLOSE})"
        return f"{code} == {want.strip()}"


def _printed(name: str, example: Example) -> list[str]:
    last = plain(example.want).rstrip().rpartition("\n")[2]
    if any(isinstance(each, ast.Set) and each.elts[1:] for each in _parts(last)):
        raise _CannotBeError(_ANY_ORDER)
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
    loose = (ast.Compare, ast.BoolOp, ast.UnaryOp, ast.IfExp, ast.Lambda, ast.NamedExpr, ast.Tuple)
    return any(
        isinstance(each, ast.Expr) and isinstance(each.value, loose)
        for each in outline_nodes(source)
    )


def _has_unordered(want: str) -> bool:
    """Whether a text has a set of other things than whole numbers in it."""
    sets = [each.elts for each in _parts(want) if isinstance(each, ast.Set) and each.elts[1:]]
    found = [each for elts in sets for each in elts]
    return not all(isinstance(each, ast.Constant) and isinstance(each.value, int) for each in found)


def _is_plain(want: str) -> bool:
    """Whether a text is plain data but for frozen sets, whose elements are told in their order."""
    parts = [*_parts(want)]
    module = parts[0] if parts else None
    calls = [each for each in parts if isinstance(each, ast.Call)]
    made = [each.func for each in calls if not each.keywords]
    frozen = [each for each in made if isinstance(each, ast.Name) and each.id == "frozenset"]
    is_one = isinstance(module, ast.Module) and len(module.body) == 1
    return (
        is_one
        and len(frozen) == len(calls)
        and all(isinstance(each, _PLAIN) or each in frozen for each in parts)
    )


_PLAIN = (
    *(ast.Module, ast.Expr, ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Call),
    *(ast.UnaryOp, ast.USub, ast.Load),
)


def _parts(want: str) -> Iterator[ast.AST]:
    try:
        tree = syntax_tree(want.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    yield from ast.walk(tree)


def _without_remark(source: str) -> str:
    """Return an expression without what stands behind it."""
    (node,) = outline_nodes(source)
    return ast.get_source_segment(source, node) or source


def _names_of_module(code: str) -> set[str]:
    """Return the names that code takes from its module."""
    from symtable import symtable  # late: few save pins

    pending = [symtable(code, "<example>", "exec")]
    own = {each.get_name() for each in pending[0].get_symbols() if _is_bound(each)}
    used = {each.get_name() for each in pending[0].get_symbols() if each.is_referenced()}
    while pending:
        inner = pending.pop().get_children()
        pending += inner
        used |= {s.get_name() for each in inner for s in each.get_symbols() if s.is_global()}
    return used - own


def _can_run(code: str) -> bool:
    """Whether code is whole, and needs no surroundings as `await` does."""
    try:
        compile(code, "<example>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _is_bound(symbol: Symbol) -> bool:
    return symbol.is_assigned() or symbol.is_imported()


def _is_expression(source: str) -> bool:
    nodes = outline_nodes(source)
    return len(nodes) == 1 and isinstance(nodes[0], ast.Expr)
