"""What a step changes, taken down for the history while its transaction is committed."""

from __future__ import annotations

from types import FunctionType
from weakref import ref

from relive.worker.history import Changed, Registered, Written
from relive.worker.redefine.functions.trampoline import passes_on
from relive.worker.redefine.modules.snapshot import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from relive.worker.redefine.applying.transaction import Transaction
    from relive.worker.redefine.change import Change
    from relive.worker.redefine.part import Part
    from relive.worker.redefine.reading.definitions import Definition
    from relive.worker.redefine.reading.matching import Ran

_DEFAULTS = ("__defaults__", "__kwdefaults__")
_PLAIN = (int, float, complex, str, bytes, bool, type(None))
_MAX_TEXT = 20_000
"""Characters of a text that the receipt repeats as what ran until then."""


class Recording:
    """What becomes of modules while the image takes in a step."""

    def __init__(self, parts: list[Part]) -> None:
        """Begin, before the image knows of anything that the step has changed."""
        self._parts: dict[int, list[Part]] = {}
        for part in parts:
            self._parts.setdefault(id(part.module), []).append(part)
        self._journals = {key: same[0].module.definitions.watch() for key, same in self._by()}
        self._ran = {key: same[0].module.ran for key, same in self._by()}
        self._sources = {key: same[0].module.source for key, same in self._by()}

    def _by(self) -> Iterable[tuple[int, list[Part]]]:
        return self._parts.items()

    def finish(self) -> list[Changed]:
        """Return what has become of each module."""
        return [self._changed(key, parts) for key, parts in self._by()]

    def _changed(self, key: int, parts: list[Part]) -> Changed:
        first, module = parts[0], parts[0].module
        changed = Changed(first.namespace, module)
        for each, before in module.definitions.changed(self._journals[key]):
            now = module.definitions.get(each)
            is_text = before is not None and now is not None and before.kind == now.kind
            changed.before[each] = before.again() if before is not None and is_text else before
            changed.after[each] = None if now is None else now.source
            if _differ_inside(before, now):
                changed.as_before.add(each)
        for each in first.planned.keys() - changed.before.keys():
            same = module.definitions.get(each)
            if same is not None:
                changed.before[each], changed.after[each] = same.again(), same.source
        changed.bound = _bound(first)
        changed.flags = first.flags if first.flags[0] != first.flags[1] else None
        for part in parts:
            changed.uses |= part.changed
            changed.retaken |= part.retaken
            changed.spread += part.spread
            changed.given += [each for each in part.given if each.before is not each.after]
        if module.ran is not self._ran[key]:
            changed.ran = self._ran[key], type(module.ran)(module.ran)
            changed.has_other_statements = _texts(changed.ran[0]) != _texts(changed.ran[1])
        if module.source is not self._sources[key]:
            changed.sources = self._sources[key], module.source
        return changed


def _differ_inside(before: Definition | None, now: Definition | None) -> bool:
    """Whether two texts of a class differ in nothing but the definitions in it."""
    if before is None or now is None or not before.kind == now.kind == "class":
        return False
    return before.fingerprint == now.fingerprint


def tell_before(changes: Iterable[Change], modules: Iterable[Changed]) -> None:
    """Have the receipt tell the texts that ran until then."""
    texts = {
        (each.namespace.file, key): definition.source
        for each in modules
        for key, definition in each.before.items()
        if definition is not None and len(definition.source) <= _MAX_TEXT
    }
    for change in changes:
        if change.outcome in ("redefined", "removed"):
            change.before = texts.get((change.file, change.key))


def given_by(transaction: Transaction) -> Iterator[Written]:
    """Yield the attributes that a committed transaction has given to objects made before."""
    for target, name, value in transaction.given:
        try:
            yield Written(ref(target), name, ABSENT, value)
        except TypeError:
            continue  # of a class without weak references: its objects keep what they were given


def registered_by(transaction: Transaction) -> Iterator[Registered]:
    """Yield what a committed transaction has left registered with generic functions."""
    for generic, kind, before, after in transaction.generics.changed():
        yield Registered(ref(generic), kind, before, after)


def _bound(part: Part) -> dict[str, tuple[Any, Any]]:
    """Return the names of a module that mean another object than before the step.

    They are looked up where they are: a module may have ten thousand, and few of them change.
    """
    scope, names = part.scope, {*part.bound, *part.names.gone(part.bound), *part.taken}
    pairs = ((name, part.had(name), scope.get(name, ABSENT)) for name in names)
    return {
        name: (had, now) for name, had, now in pairs if name != "__builtins__" and had is not now
    }


def written_by(transaction: Transaction) -> list[Written]:
    """Return the values it changes that a program may have put something into, or hold elsewhere.

    To be asked before it is committed.
    """
    found: dict[tuple[int, str], Written] = {}
    for target, name, before, after in transaction.attributes():
        known = found.get((id(target), name))
        if known is not None:
            known.after = after
        elif (
            _is_default(target, name)
            or _is_data(target, name, before, after)
            or _is_code_given_up(target, name, after)
        ):
            found[id(target), name] = Written(ref(target), name, before, after)
    return [each for each in found.values() if not _is_alike(each.before, each.after)]


def _texts(ran: Ran) -> list[str]:
    """Return what tells statements from others, those that make functions by all of their text."""
    return [each.exact_text if each.codes else each.text for each in ran]


def _is_default(target: Any, name: str) -> bool:
    return isinstance(target, FunctionType) and name in _DEFAULTS


def _is_code_given_up(target: Any, name: str, after: Any) -> bool:
    """Whether a function passes its calls on from now on: no text may tell what it had run."""
    return name == "__code__" and type(target) is FunctionType and passes_on(after)


def _is_data(target: Any, name: str, before: Any, after: Any) -> bool:
    """Whether a class's attribute was data, and is."""
    if type(target) is not type or (name.startswith("__") and name.endswith("__")):
        return False
    values = [each for each in (before, after) if each is not ABSENT]
    return all(map(is_data, values))


def is_data(value: Any) -> bool:
    """Whether an attribute of a class is data: no class, and nothing that binds to objects."""
    return not isinstance(value, type) and not hasattr(type(value), "__get__")


def _is_alike(before: Any, after: Any) -> bool:
    """Whether two values are the same to everybody."""
    if before is after:
        return True
    if type(before) is not type(after):
        return False
    if isinstance(before, tuple):
        return len(before) == len(after) and all(map(_is_alike, before, after))
    return isinstance(before, _PLAIN) and bool(before == after)
