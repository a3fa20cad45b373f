"""Fields that a class statement has added: objects made before get their defaults.

For a dataclass its fields say what the default is. For another class whose fields are consumed by
what generates its initialiser, a blank object is initialised aside with the values that the live
one has, and what comes of it is copied.
"""

from __future__ import annotations

import sys
from functools import partial

from relive.worker.redefine.finding.live import instances_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.redefine.applying.transaction import Given, Transaction


def plan_fields(
    old: type,
    fresh: type,
    added: set[str],
    transaction: Transaction,
    tell: Callable[[str], None],
) -> str | None:
    """Plan that live objects of `old` get the fields that are new in `fresh`.

    Args:
        old: the live class.
        fresh: what the new statement has made.
        added: names that the new text annotates or binds, and the old one did not.
        transaction: has them filled in when all else is done.
        tell: is told of those that turn out then to go without.

    Returns:
        How many objects go without which fields; None if they lack nothing.
    """
    made = _dataclass_fields(fresh)
    new = [name for name in made if name not in _dataclass_fields(old)]
    if not new and "__dataclass_fields__" not in vars(fresh):
        new = [name for name in added if name not in vars(fresh) and not name.startswith("__")]
        return _plan_by_initialiser(old, new, transaction, tell) if new else None
    instances = instances_of(old) if new else []
    lacking = []
    for name in new:
        default = _default(made[name])
        if default is None:
            lacking.append(name)
        else:
            transaction.afterwards(partial(_fill, instances, name, default, transaction.given))
    return _without(lacking, len(instances))


def _without(names: list[str], count: int) -> str | None:
    if not names or not count:
        return None
    objects = "1 object made before has" if count == 1 else f"{count} objects made before have"
    return f"{objects} no value for {', '.join(map(repr, names))}"


def _dataclass_fields(cls: type) -> dict[str, Any]:
    """Return the fields of a dataclass that are kept in its objects."""
    found = vars(cls).get("__dataclass_fields__", {})
    return {
        name: each
        for name, each in found.items()
        if getattr(each._field_type, "name", "") == "_FIELD"
    }


def _default(field: Any) -> Callable[[], Any] | None:
    from dataclasses import MISSING

    if field.default_factory is not MISSING:
        factory: Callable[[], Any] = field.default_factory
        return factory
    return None if field.default is MISSING else lambda: field.default


def _fill(instances: list[Any], name: str, default: Callable[[], Any], given: list[Given]) -> None:
    for instance in instances:
        if name not in getattr(instance, "__dict__", {name: None}):
            _give(instance, name, default(), given)


def _give(instance: Any, name: str, value: Any, given: list[Given]) -> None:
    object.__setattr__(instance, name, value)
    given.append((instance, name, value))


def _plan_by_initialiser(
    old: type, names: list[str], transaction: Transaction, tell: Callable[[str], None]
) -> str | None:
    instances = instances_of(old)
    if not instances or not _is_generated(old):
        return None
    transaction.afterwards(partial(_initialise, instances, names, transaction.given, tell))
    return None


def _is_generated(cls: type) -> bool:
    """Whether a class's initialiser is no text of the user's: generated, or a library's."""
    code = getattr(getattr(cls, "__init__", None), "__code__", None)
    file = "" if code is None else code.co_filename
    return code is not None and (file.startswith("<") or "site-packages" in file)


def _initialise(
    instances: list[Any], names: list[str], given: list[Given], tell: Callable[[str], None]
) -> None:
    lacking = [each for each in instances if not _has_been_given(each, names, given)]
    if (reason := _without(names, len(lacking))) is not None:
        tell(reason)


def _has_been_given(instance: Any, names: list[str], given: list[Given]) -> bool:
    """Give an object what another one has that is initialised with its values; whether it could."""
    try:
        blank = _blank(instance)
        for name in names:
            if not hasattr(instance, name):
                _give(instance, name, getattr(blank, name), given)
    except Exception:
        return False  # it goes without
    return True


def _blank(instance: Any) -> Any:
    """Return another object of the same class, initialised with what `instance` has."""
    inspect = sys.modules.get("inspect") or __import__("inspect")
    cls = type(instance)
    parameters = inspect.signature(cls.__init__).parameters.values()
    given = {
        each.name: getattr(instance, each.name)
        for each in parameters
        if each.kind is not each.VAR_KEYWORD and hasattr(instance, each.name)
    }
    if any(each.kind is each.VAR_KEYWORD for each in parameters):
        given.update(vars(instance))
    blank: Any = object.__new__(cls)
    cls.__init__(blank, **{name: value for name, value in given.items() if name != "self"})
    return blank
