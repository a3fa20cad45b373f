"""Attributes and items that statements of a module give a value: whose, and what they were.

No name goes with them: `table["a"] = RATE` changes an object that the program may have changed too.
"""

from __future__ import annotations

import ast
from copy import deepcopy

from relive.worker.redefine.modules.snapshot import ABSENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.reading.toplevel import TopLevel


class Given:
    """An attribute or item to which a statement is about to give a value."""

    def __init__(self, owner: Any, key: Any, words: str, statement: str) -> None:
        """Note what it is; `words`: how the text names it, in the text of which `statement`."""
        self._owner = owner
        self._key = key
        self._is_item = words.endswith("]")
        self.words = words
        self.statement = statement
        self.before = self.after = self.value()

    def value(self) -> Any:
        """Return what it is now; `ABSENT` if it is not there."""
        try:
            return self._item() if self._is_item else self._attribute()
        except Exception:  # whatever the object says of what it has not
            return ABSENT

    def _item(self) -> Any:
        if isinstance(self._owner, dict):
            return dict.get(self._owner, self._key, ABSENT)  # asked itself, it may make one
        return self._owner[self._key]

    def _attribute(self) -> Any:
        is_computed = hasattr(getattr(type(self._owner), self._key, None), "__set__")
        if is_computed or not hasattr(self._owner, "__dict__"):
            return getattr(self._owner, self._key)
        return vars(self._owner).get(self._key, ABSENT)

    @property
    def is_as_left(self) -> bool:
        """Whether it is what the statement gave; `os.environ` makes an equal text each time."""
        now = self.value()
        return now is self.after or (type(now) is type(self.after) is str and now == self.after)

    def give(self, value: Any) -> None:
        """Let it be another value, or none."""
        if value is self.value():
            return
        if self._is_item and value is ABSENT:
            del self._owner[self._key]
        elif self._is_item:
            self._owner[self._key] = value
        elif value is ABSENT:
            delattr(self._owner, self._key)
        else:
            setattr(self._owner, self._key, value)


def about_to_give(each: TopLevel, scope: dict[str, Any]) -> list[Given]:
    """Return what a plain statement is about to give a value; no slices: they are many."""
    found = []
    for place in each.places:
        try:
            owner, key = _evaluated(place, scope)
        except Exception:  # then the statement fails as well, or it is a slice
            continue
        found.append(Given(owner, key, ast.unparse(place), each.text))
    return found


def _evaluated(place: Any, scope: dict[str, Any]) -> tuple[Any, Any]:
    owner = _value(place.value, scope)
    if isinstance(place, ast.Attribute):
        return owner, place.attr
    if is_slice(place):
        raise ValueError("a slice")
    return owner, _value(place.slice, scope)


def is_slice(place: ast.expr) -> bool:
    """Whether it is several items at once."""
    items = [] if isinstance(place, ast.Attribute) else ast.walk(place)
    return any(isinstance(part, ast.Slice) for part in items)


def _value(node: ast.expr, scope: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(node), "<place>", "eval", dont_inherit=True), scope)


def is_place_of_others(place: ast.expr, changed: set[str]) -> bool:
    """Whether which place it is hangs on something that has changed, besides the object."""
    names = [each.id for each in ast.walk(place) if isinstance(each, ast.Name)]
    return any(name.partition(".")[0] in names[1:] for name in changed)


def present(place: ast.expr, scope: dict[str, Any]) -> Any:
    """Return what is at a place now; `ABSENT`: nothing, or nobody knows."""
    try:
        if isinstance(place, ast.Subscript) and isinstance(_value(place.value, scope), dict):
            owner, key = _evaluated(place, scope)
            return dict.get(owner, key, ABSENT)
        return _value(ast.parse(ast.unparse(place), mode="eval").body, scope)
    except Exception:
        return ABSENT


class PlacesGiven:
    """What a module's statements have given to attributes and items, computed once more."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def compute(self, each: TopLevel, scope: dict[str, Any]) -> None:
        """Compute in `scope` what a plain statement gives, and write it nowhere."""
        node: Any = deepcopy(each.node)
        keys = place_keys(each)
        for name in keys:
            known = self._values.pop(name, ABSENT)
            if each.adds_on and not isinstance(known, (int, float, complex, str, bytes, tuple)):
                return  # it may be an object of somebody's, and would be added to
            if known is not ABSENT:
                scope[name] = known
        targets = _Named().visit
        if each.adds_on or isinstance(node, ast.AnnAssign):
            node = _plain(node, targets(node.target))
        else:
            node.targets = [targets(target) for target in node.targets]
        own = dict(scope)
        try:
            exec(compile(ast.Module([node], type_ignores=[]), "<replay>", "exec"), own)
        except Exception:
            return  # it needs something that is gone: nothing is known of its value
        self._values.update((name, own[name]) for name in keys if name in own)

    def at(self, place: ast.expr) -> Any:
        """Return what a place was given last; `ABSENT` if that is not known."""
        return self._values.get(ast.dump(place), ABSENT)


def _plain(node: Any, target: Any) -> ast.stmt:
    if isinstance(node, ast.AugAssign):
        node.target = target
        return node
    return ast.copy_location(ast.Assign([target], node.value), node)


class _Named(ast.NodeTransformer):
    """Puts names in the place of attributes and items."""

    def _name(self, node: ast.expr) -> ast.expr:
        return ast.copy_location(ast.Name(ast.dump(node), ast.Store()), node)

    visit_Attribute = visit_Subscript = _name  # noqa: N815 # as `ast` calls them


def place_keys(each: TopLevel) -> list[str]:
    """Return what tells the attributes and items from others that a statement gives a value."""
    return [ast.dump(place) for place in each.places]
