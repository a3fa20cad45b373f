"""Which definitions the program itself has put something else in the place of, while it ran.

It is told only of those whose statement makes a plain function or class: what decorators and
metaclasses make of one is theirs. It errs to the side of too few.
"""

from __future__ import annotations

import ast
from types import FunctionType

from relive.worker.looks import Looks
from relive.worker.redefine.finding.in_place import held_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from relive.worker.history import History
    from relive.worker.image import Image
    from relive.worker.namespace import Namespace
    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.reading.known import Definitions

_OURS = "@relive "
"""What strings begin with among the constants of code that passes calls on."""

_OF_STRING = "<string>"
"""The file that code says it is from, when `exec` or `eval` have made it of a string."""
_MAKE_NAMES = ("setattr", "exec")
"""What may give any name something else."""


class Rebound:
    """What was found to stand in the place of the modules' definitions at the last look."""

    def __init__(self, history: History) -> None:
        self._looks = Looks(history)

    def among(self, live: Definitions, image: Image, namespace: Namespace) -> dict[str, str]:
        """Return what stands in the place of definitions of a module, in words, by their names."""

        def look(names: set[str] | None) -> dict[str, str]:
            looked_at = list(live.values()) if names is None else named(live, names)
            return rebound(looked_at, image, namespace)

        return self._looks.now(live, namespace, look)


def rebound(
    definitions: Iterable[Definition], image: Image, namespace: Namespace
) -> dict[str, str]:
    """Return what stands in the place of definitions, in words, by their names."""
    scope, found = vars(namespace.module), {}
    for each in definitions:
        if _is_plainly_made(each, scope):
            continue
        held = held_at(each, scope, metaclasses=False)
        instead = None if held is None else _instead(each, *held, scope)
        if instead is not None and _is_told(each, image, namespace):
            found[each.name] = (
                f"the program has put {instead} in its place while it ran, which stays:"
                " have the program take it back, or run the file in a new process"
            )
    return found


def named(live: Definitions, names: Iterable[str]) -> list[Definition]:
    """Return the definitions that have these names."""
    return [each for name in names for each in live.named(name)]


def _is_plainly_made(each: Definition, scope: dict[str, Any]) -> bool:
    """Whether it is a function of the module, as its statement makes it: nearly all are."""
    held = scope.get(each.name)
    if type(held) is not FunctionType or _from_elsewhere(each, held, scope) is not None:
        return False
    return held.__qualname__ == each.name and held.__code__.co_name == each.own_name


def _is_told(each: Definition, image: Image, namespace: Namespace) -> bool:
    """Whether nothing but the program can have put something else in its place."""
    is_alone = len(image.definitions(namespace).named(each.name)) == 1
    is_plain = is_alone and _is_plain(each, image, namespace)
    return is_plain and not _by_its_text(each, image, namespace)


def _is_plain(each: Definition, image: Image, namespace: Namespace) -> bool:
    """Whether its statement gives its name just what it makes, the classes around it too."""
    around = [".".join(each.scopes[: end + 1]) for end in range(len(each.scopes))]
    classes = [one for name in around for one in image.definitions(namespace).named(name)]
    node: Any = each.node
    if node.decorator_list or (each.own_name.startswith("__") and each.own_name[-2:] != "__"):
        return False
    nodes: list[Any] = [one.node for one in classes] + ([node] if each.kind == "class" else [])
    return not any(one.decorator_list or one.keywords for one in nodes)


def _instead(each: Definition, held: Any, scope: dict[str, Any]) -> str | None:
    """Return what is there instead, in words; None: what its statement has made."""
    kind = type(held)
    if each.kind == "class":
        return _instead_of_class(each, held)
    if kind is not FunctionType:
        return _a(kind)
    code, is_named_so = held.__code__, held.__qualname__ == each.name
    if any(type(const) is str and const.startswith(_OURS) for const in code.co_consts):
        return None
    if is_named_so and code.co_name == each.own_name:
        return _from_elsewhere(each, held, scope)
    return f"the code of `{code.co_name}`" if is_named_so else f"the function `{held.__qualname__}`"


def _from_elsewhere(each: Definition, held: FunctionType, scope: dict[str, Any]) -> str | None:
    """Return what a function of its name is, in words, if certainly no `def` of the file made it.

    Code says in which file it is, but may say it of a file that has been renamed, is reached in
    another way, or was none when it ran: only what `exec` made of a string is told by that.
    """
    if each.scopes or type(held) is not FunctionType:
        return None
    if held.__globals__ is not scope:
        return f"the function `{held.__qualname__}` of `{held.__globals__.get('__name__')}`"
    is_of_string = held.__code__.co_filename == _OF_STRING and not _is_of_string(each)
    return "a function made from a string by `exec`" if is_of_string else None


def _is_of_string(each: Definition) -> bool:
    """Whether its own functions may say so too, as those of a module that `exec` has loaded."""
    return not each.codes or any(code.co_filename == _OF_STRING for code in each.codes)


def _instead_of_class(each: Definition, held: Any) -> str | None:
    kind = type(held)
    if not issubclass(kind, type):
        return _a(kind)
    if each.node.bases or held.__name__ == each.own_name:  # type: ignore[attr-defined]
        return None
    return f"the class `{held.__name__}`"


def _a(kind: type) -> str:
    return f"an object of type `{kind.__name__}`"


def _by_its_text(each: Definition, image: Image, namespace: Namespace) -> bool:
    """Whether the file's own statements may give the place something else."""
    statements = image.of(namespace).ran
    if any(each.outermost in one.binds for one in statements):
        return True
    classes = image.definitions(namespace).named(each.outermost) if each.scopes else ()
    nodes: list[Any] = [one.node for one in (*statements, *classes)]
    return any(_may_give(inner, each.own_name) for node in nodes for inner in ast.walk(node))


def _may_give(node: ast.AST, name: str) -> bool:
    """Whether a part of a statement gives something such a name, or any."""
    if isinstance(node, ast.ImportFrom):
        return any(alias.name == "*" for alias in node.names)
    if isinstance(node, ast.Name):
        return node.id in (_MAKE_NAMES if isinstance(node.ctx, ast.Load) else (name,))
    is_target = isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
    return is_target and getattr(node, "attr", None) == name
