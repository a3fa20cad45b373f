"""Several handlers of a generic function for one type: the one that the text has last is called.

When that goes, or is for another type from now on, the type has the one before it again, as in a
fresh process, whatever their names are.
"""

from __future__ import annotations

import ast
import copy
import gc
from collections import ChainMap
from types import FunctionType

from relive.worker.redefine.applying.generics import is_default, plan_registered, registry_of
from relive.worker.redefine.finding.live import bound_to, class_or_none, functions_in
from relive.worker.redefine.functions.generics import generic_of, generics_of, gives_type
from relive.worker.redefine.functions.trampoline import other_self_of
from relive.worker.redefine.modules.snapshot import ABSENT
from relive.worker.redefine.reading.plain import is_plain, value_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from relive.worker.redefine.planning import Planning
    from relive.worker.redefine.reading.definitions import Definition


def plan_last(planning: Planning, *, in_order: bool) -> None:
    """Plan that types for which a step has changed the handler have the one the text has last.

    `in_order`: see `Part.register_last`. Then it may be the order that has changed, too.
    """
    is_handler = _Seen(planning).is_handler
    may_have_moved = in_order and any(map(is_handler, planning.planned.values()))
    if not (planning.transaction.generics or may_have_moved):
        return
    planning.transaction.perform()
    texts = _texts(planning)
    have_moved = may_have_moved and _are_in_other_order(planning, filter(is_handler, texts))
    changed = {(id(each), kind) for each, kind, *_ in planning.transaction.generics.changed()}
    if not (changed or have_moved):
        return
    handlers = _handlers(planning, filter(is_handler, texts))
    for key, several in _by_type(handlers).items():
        found = (each.definition for each in several)
        if key in changed or (have_moved and _are_in_other_order(planning, found)):
            _plan_meant(planning, key[1], several, in_order=in_order)


def _are_in_other_order(planning: Planning, texts: Iterable[Definition]) -> bool:
    """Whether definitions of a new text have overtaken one another."""
    live = [planning.live.get(each.key) for each in texts]
    lines = [each.line for each in live if each is not None]
    return lines != sorted(lines)


def _by_type(handlers: Iterable[_Handler]) -> dict[tuple[int, type], list[_Handler]]:
    """Return handlers by their generic function's `id`, and type."""
    found: dict[tuple[int, type], list[_Handler]] = {}
    for each in handlers:
        for kind in each.kinds:
            found.setdefault((id(each.generic), kind), []).append(each)
    return found


def _plan_meant(planning: Planning, kind: type, meant: list[_Handler], *, in_order: bool) -> None:
    """Plan that a type has the last of the handlers that a text has for it."""
    generic = meant[-1].generic
    now = (registry_of(generic) or {}).get(kind, ABSENT)
    if meant[-1].has_made(now):
        return
    if is_default(generic, kind, now) or (in_order and any(one.has_made(now) for one in meant)):
        value = meant[-1].value(planning)
        if value is not ABSENT:
            planning.transaction.generics.note(generic, planning.transaction)
            plan_registered(generic, [kind], value, planning.transaction)


def _texts(planning: Planning) -> list[Definition]:
    """Return the definitions that the module will have, in the order of the text."""
    left = {key: each for key, each in planning.live.items() if key not in planning.forgotten}
    every = {**left, **planning.planned}
    found = [each for key, each in every.items() if key not in planning.refused]
    return sorted(found, key=lambda each: each.line)


class _Handler:
    """A definition that registers with a generic function, and for which types."""

    def __init__(
        self, definition: Definition, generic: FunctionType, kinds: list[type], others: _Others
    ) -> None:
        self.generic = generic
        self.kinds = kinds
        self.definition = definition
        self._others = others

    def has_made(self, value: Any) -> bool:
        """Whether a value is, or wraps, what the definition has made."""
        if self.definition.kind == "class":
            name = getattr(value, "__qualname__", None)
            return isinstance(value, type) and name == self.definition.name
        own = self.definition.own_codes
        held = functions_in(value, self.definition)
        codes = [(other_self_of(each) or each).__code__ for each in held]
        return any(each is code for each in codes for code in own)

    def value(self, planning: Planning) -> Any:
        """Return what the definition registers: what lives of it, or else what it makes anew."""
        owner = planning.owner_of(self.definition)
        held = list((registry_of(self.generic) or {}).values())
        if not self._others.above:
            held.insert(0, bound_to(self.definition, owner))
        found = next((each for each in held if self.has_made(each)), None)
        if found is not None:
            return found
        own = self.definition.own_codes
        live = [
            each
            for each in (gc.get_referrers(*own) if own else ())
            if type(each) is FunctionType and any(each.__code__ is code for code in own)
        ]
        if live and not self._others.below:
            return live[0]
        is_made = live or self.definition.kind == "class" or self.definition.is_conditional
        return ABSENT if is_made else self._made(planning, owner)

    def _made(self, planning: Planning, owner: Any) -> Any:
        """Run the definition with the decorators below those that register."""
        text = copy.copy(self.definition)
        text.node = copy.copy(text.node)
        text.node.decorator_list = self._others.below  # type: ignore[attr-defined]
        is_decorated = bool(self._others.below)
        value = planning.build(text, owner, decorated=is_decorated)
        for each in functions_in(value, text) if self.definition.own_codes else ():
            code = self.definition.own_codes[0]
            if (each.__code__.co_name, each.__code__.co_freevars) == (
                code.co_name,
                code.co_freevars,
            ):
                each.__code__ = code
        return value


class _Others:
    """The decorators of a definition that do not register it."""

    def __init__(self, above: list[ast.expr], below: list[ast.expr]) -> None:
        self.above = above
        self.below = below


def may_register(definition: Definition, scope: Any) -> bool:
    """Whether a definition may register with a generic function, by the names in view."""
    if not getattr(definition.node, "decorator_list", ()):
        return False
    return "register" in definition.source or bool(generics_of(definition, scope))


class _Seen:
    """What decorators of a text find, without a copy of it."""

    def __init__(self, planning: Planning) -> None:
        self._planning = planning
        self._scope = vars(planning.namespace.module)

    def is_handler(self, definition: Definition) -> bool:
        """Whether a definition may register with a generic function."""
        is_decorated = bool(getattr(definition.node, "decorator_list", ()))
        return is_decorated and may_register(definition, self._around(definition))

    def _around(self, definition: Definition) -> Any:
        try:
            cls = class_or_none(self._planning.owner_of(definition))
        except LookupError:
            cls = None
        return self._scope if cls is None else ChainMap(self._planning.scope(cls), self._scope)


def _handlers(planning: Planning, texts: Iterable[Definition]) -> Iterator[_Handler]:
    """Yield the handlers of generic functions that the text has, in its order."""
    scopes: dict[tuple[str, ...], dict[str, Any]] = {}
    for each in texts:
        if each.scopes not in scopes:
            scopes[each.scopes] = planning.names_around(each)
        yield from _registered(each, scopes[each.scopes])


def _registered(definition: Definition, scope: dict[str, Any]) -> Iterator[_Handler]:
    """Yield what a definition registers, by each of its decorators."""
    decorators = definition.node.decorator_list  # type: ignore[attr-defined]
    found = [generic_of(each, scope) for each in decorators]
    places = [place for place, generic in enumerate(found) if generic is not None]
    if not places or places[-1] - places[0] >= len(places):
        return  # none, or another one between two, which may give something else
    others = _Others(decorators[: places[0]], decorators[places[-1] + 1 :])
    for place in places:
        generic, kinds = found[place], _kinds(definition, decorators[place], scope)
        if generic is not None:
            yield _Handler(definition, generic, kinds, others)


def _kinds(definition: Definition, decorator: ast.expr, scope: dict[str, Any]) -> list[type]:
    """Return the types that a decorator registers a definition for."""
    if gives_type(decorator, scope):
        return []  # nobody knows but that
    if isinstance(decorator, ast.Call):
        given = [*decorator.args, *(each.value for each in decorator.keywords)]
        named = given[0] if len(given) == 1 else None
    else:
        named = _first_annotation(definition.node)
    value = _named(named, scope)
    if isinstance(named, ast.Constant) and named.value in (None, "None"):
        return [type(None)]
    kinds = list(value.__args__) if _is_union(value) else [value]
    return kinds if all(isinstance(each, type) for each in kinds) else []


def _is_union(value: Any) -> bool:
    """Whether it is `int | str`, or `Union[int, str]`; `typing` is much to load."""
    is_written_with_bar = type(value).__name__ == "UnionType" and type(value).__module__ == "types"
    return is_written_with_bar or repr(getattr(value, "__origin__", None)) == "typing.Union"


def _first_annotation(node: Any) -> ast.expr | None:
    args = node.args
    every = [*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg]
    found = [each.annotation for each in every if each is not None and each.annotation is not None]
    first: ast.expr | None = found[0] if found else node.returns
    return first


def _named(node: ast.expr | None, scope: dict[str, Any]) -> Any:
    """Return what an expression means that names a type or several; None: it is no such one."""
    try:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node = ast.parse(node.value, mode="eval").body
        return value_of(node, scope) if node is not None and is_plain(node, scope) else None
    except Exception:
        return None
