"""What can be told of a statement from its text."""

from __future__ import annotations

import ast
import inspect
import re
import symtable
from collections.abc import Iterator
from functools import lru_cache

from relive.source import definitions, forms
from relive.source.nodes import syntax_tree

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_WORD = re.compile(r"[^\W\d]\w*")
_KEPT = 8192
"""Statements that are known: a session has few more that are different."""
_GUARD = re.compile(r"^if\b.*?:", re.MULTILINE)


@lru_cache(maxsize=_KEPT)
def _form(text: str) -> tuple[str, frozenset[str]]:
    """Return the kind of a statement, as `Form.kind` has it, and the names that it binds."""
    found = forms.top_level_forms(text)
    kind = found[0].kind if len(found) == 1 else "statement"
    return kind, frozenset(name for form in found for name in form.binds)


def kind_of(text: str) -> str:
    """Return the kind of a statement, as `Form.kind` has it."""
    return _form(text)[0]


def bound(text: str) -> frozenset[str]:
    """Return the names that a statement gives a value."""
    return _form(text)[1]


@lru_cache(maxsize=_KEPT)
def without_comments(text: str) -> str:
    """Return a definition without the comments above and behind it."""
    found = definitions.definitions(text)
    return found[0].source.strip("\n") if found else text


@lru_cache(maxsize=_KEPT)
def used_when_made(text: str) -> frozenset[str]:
    """Return the names that a definition needs to be made: of decorators, defaults, bases."""
    try:
        nodes = syntax_tree(text).body
    except (SyntaxError, ValueError):  # of a newer Python, say
        return frozenset(_WORD.findall(text))
    return frozenset(name for node in nodes for name in _read_at_once(node))


def _read_at_once(node: ast.AST) -> Iterator[str]:
    """Yield the names that are read when a node runs, without the bodies of functions."""
    if isinstance(node, ast.Name):
        yield node.id
    parts: list[ast.AST] = list(ast.iter_child_nodes(node))
    if isinstance(node, _FUNCTIONS):
        inside = node.body if isinstance(node.body, list) else [node.body]
        parts = [each for each in parts if each not in inside]
    for part in parts:
        yield from _read_at_once(part)


@lru_cache(maxsize=_KEPT)
def heading(text: str) -> str:
    """Return what stands above the body of a definition, as its decorators and parameters."""
    try:
        node = syntax_tree(text).body[0]
    except (SyntaxError, ValueError, IndexError):  # of a newer Python, say, or a method
        return ""
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        node.body = []
    return ast.dump(node)


def times_defined(name: str, text: str) -> int:
    """Count the definitions of a name at the margin of a text."""
    heads = (f"\ndef {name}(", f"\nasync def {name}(", f"\nclass {name}(", f"\nclass {name}:")
    return sum(f"\n{text}".count(head) for head in heads)


@lru_cache(maxsize=_KEPT)
def names_read(text: str) -> frozenset[str]:
    """Return the names of the module that a statement may read, in its functions too."""
    try:
        pending = [symtable.symtable(text, "<statement>", "exec")]
    except (SyntaxError, ValueError):  # of a newer Python, say
        return frozenset(_WORD.findall(text))
    found: set[str] = set()
    while pending:
        scope = pending.pop()
        pending += scope.get_children()
        is_module = scope.get_type() == "module"
        found.update(
            each.get_name()
            for each in scope.get_symbols()
            if each.is_referenced() and (is_module or each.is_global())
        )
    return frozenset(found)


def is_one_value(text: str) -> bool:
    """Whether an expression can be an argument as it stands: `a, b` would be two."""
    try:
        node = ast.parse(f"_({text}\n)", mode="eval").body
    except (SyntaxError, ValueError):
        return False
    return isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords


@lru_cache(maxsize=_KEPT)
def made_of_itself(text: str) -> frozenset[str]:
    """Return the names that a statement gives what it makes of what they were: `f = cached(f)`."""
    try:
        (node,) = syntax_tree(text).body
    except (SyntaxError, ValueError):
        return frozenset()
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
        return frozenset()
    given = {each.id for each in node.value.args if isinstance(each, ast.Name)}
    return frozenset(each.id for each in node.targets if isinstance(each, ast.Name)) & given


def futures_in(text: str) -> tuple[str, ...]:
    """Return the features that a statement imports from `__future__`; empty: it is another one."""
    try:
        nodes = syntax_tree(text).body
    except (SyntaxError, ValueError):
        return ()
    node = nodes[0] if len(nodes) == 1 else None
    if isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level:
        return tuple(alias.name for alias in node.names)
    return ()


def awaits(text: str) -> bool:
    """Whether a statement awaits outside of functions, which plain Python does not allow."""
    if "await" not in text and "async" not in text:
        return False
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        code = compile(text, "<statement>", "exec", flags=flags, dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return bool(code.co_flags & inspect.CO_COROUTINE)


def opened_guard(text: str) -> str:
    """Return a main guard that ran, so that it runs whatever the module is called."""
    return _GUARD.sub('if True:  # if __name__ == "__main__":', text, count=1)


def imports(text: str) -> frozenset[str]:
    """Return the modules that code may import, as it names them."""
    try:
        tree = syntax_tree(text)
    except (SyntaxError, ValueError):
        return frozenset()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.update(f"{'.' * node.level}{node.module or alias.name}" for alias in node.names)
    return frozenset(found)


def is_class(text: str) -> bool:
    """Whether a statement is a class."""
    return kind_of(text) == "class"


def with_method(class_text: str, name: str, method: str | None, enclosing: str | None) -> str:
    """Return a class's text with one of its methods as it is now.

    Args:
        class_text: the class as it was.
        name: the method's, qualified.
        method: what it is now, with its indentation; None: it is gone.
        enclosing: the class as it stands in the file, for what cannot be put in its place.
    """
    places = [each for each in definitions.definitions(class_text) if each.name == name]
    if len(places) > 1 or "<locals>" in name:
        return class_text if enclosing is None else enclosing
    if not places:
        return class_text if method is None else f"{class_text.rstrip()}\n\n{method.rstrip()}"
    lines = class_text.split("\n")
    first, last = places[0].range.start[0], places[0].range.end[0]
    new = [] if method is None else method.split("\n")
    if not new and not _parses("\n".join([*lines[:first], *lines[last + 1 :]])):
        new = [" " * places[0].range.start[1] + "pass"]  # it was all that the class had
    return "\n".join([*lines[:first], *new, *lines[last + 1 :]])


def _parses(text: str) -> bool:
    try:
        syntax_tree(text)
    except (SyntaxError, ValueError):
        return False
    return True
