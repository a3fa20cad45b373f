"""Running statements of a class body aside, in the scope of the live class, and what goes with it.

A class statement does more than bind names: it collects annotations, takes the docstring, notes
first line and attributes set on `self`, and makes objects that compare equal unhashable.
"""

from __future__ import annotations

import ast
import copy
import sys
from types import FunctionType

from relive.worker.redefine.classes.generated import takes_attributes
from relive.worker.redefine.functions.build import run_in_class
from relive.worker.redefine.functions.metadata import header_of, plan_attributes
from relive.worker.redefine.reading.definitions import FUNCTIONS
from relive.worker.redefine.reading.origins import attach_lambdas
from relive.worker.redefine.refused import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.planning import Planning
    from relive.worker.redefine.reading.class_text import BodyStatement, ClassText

_ABSENT = object()
_NO_MEMBERS = frozenset(
    [
        "__module__",
        "__qualname__",
        "__classcell__",
        "__classdictcell__",
        "__firstlineno__",
        "__static_attributes__",
        "__type_params__",
        "__annotations__",
        "__conditional_annotations__",
        "__annotate__",
        "__annotate_func__",
        "__doc__",
    ]
)
"""What any class body binds besides what its text says."""


class ClassBody:
    """The body of a live class while parts of it run."""

    __slots__ = ("_annotations", "_cls", "_new", "_old", "_planning")

    def __init__(self, planning: Planning, cls: type, old: ClassText, new: ClassText) -> None:
        self._planning = planning
        self._cls = cls
        self._old = old
        self._new = new
        self._annotations: dict[str, Any] = {}

    def run(self, part: BodyStatement) -> None:
        """Run a statement and plan that the class holds what it binds."""
        self._check_told(part)
        before = self._planning.scope(self._cls)
        self._planning.perform_for(part.node, before, plain=part.is_plain(before))
        scope = self._run([part.node], before, [part])
        self._annotations.update(scope.get("__annotations__", {}))
        for name, value in scope.items():
            if name not in _NO_MEMBERS and before.get(name, _ABSENT) is not value:
                self._bind(name, before.get(name), value)
        for name in [name for name in before if name not in scope and name not in _NO_MEMBERS]:
            self._planning.unbind(self._cls, name)

    def _bind(self, name: str, old: Any, value: Any) -> None:
        """Plan that the class holds a value; a lambda stays the object it is."""
        both = _is_lambda(old) and _is_lambda(value)
        if both and len(old.__code__.co_freevars) == len(value.__code__.co_freevars):
            self._planning.transaction.set_attribute(old, "__code__", value.__code__)
            plan_attributes(old, header_of(value), (), self._planning.transaction)
        else:
            self._check_taken(name, value)
            self._planning.bind(self._cls, name, value)

    def _check_taken(self, name: str, value: Any) -> None:
        """Refuse to replace what a metaclass has made something else of: it may stop half-way.

        Raises:
            Refused: it has, as mapped columns are no longer what the text assigned.
        """
        part, live = self._old.binding(name), vars(self._cls).get(name, value)
        literal = part is None or part.constant is not part
        if type(live) is type(value) or literal or not takes_attributes(self._cls, self._new):
            return
        raise Refused(
            f"{self._cls.__qualname__}.{name} cannot be changed in place: the class's metaclass "
            f"has made {type(live).__qualname__!r} of it; restart the session to have it anew"
        )

    def _check_told(self, part: BodyStatement) -> None:
        """Refuse a new name that is only annotated, of which a metaclass cannot be told.

        Raises:
            Refused: the class's metaclass wants to be told of attributes.
        """
        name = part.annotates
        if name is None or part.binds or name in self._old.annotated:
            return
        if takes_attributes(self._cls, self._new):
            raise Refused(
                f"{self._cls.__qualname__}.{name} cannot be added in place: the class's metaclass "
                "takes attributes that have a value; give it one, or restart the session"
            )

    def settle(self) -> bool:
        """Plan what else differs between the texts; whether it is more than lines."""
        before = len(self._planning.transaction)
        self._drop_data()
        self._annotate()
        self._hash()
        if self._old.docstring != self._new.docstring:
            self._set("__doc__", self._skeleton().get("__doc__"))
        told = len(self._planning.transaction) > before
        self._note_place()
        return told

    def _run(
        self,
        nodes: list[ast.stmt],
        before: dict[str, Any],
        parts: list[BodyStatement] | None = None,
    ) -> dict[str, Any]:
        scope = {name: value for name, value in before.items() if name not in _NO_MEMBERS}
        scope["__annotations__"] = {}
        planning = self._planning
        new = self._new.definition
        namespace, transaction = planning.namespace, planning.transaction
        code = run_in_class(nodes, new, namespace, self._cls, scope, transaction)
        attach_lambdas(parts or (), code, new.shift)
        cell = scope.pop("__classcell__", None)
        if cell is not None:
            cell.cell_contents = self._cls
        return scope

    def _drop_data(self) -> None:
        """Plan that data goes which the text has no more, unless the program has changed it."""
        for name in self._old.binds - self._new.names:
            attribute = self._old.attribute(name)
            if attribute in vars(self._cls) and is_as_written(self._cls, self._old, name):
                self._planning.unbind(self._cls, attribute)

    def _annotate(self) -> None:
        """Plan the annotations, in the order of the text."""
        if sys.version_info >= (3, 14):
            return self._annotate_lazily()
        if self._planning.has_other_features:
            scope = self._run(self._only_annotations(), self._planning.scope(self._cls))
            self._annotations.update(scope["__annotations__"])
        known = dict(vars(self._cls).get("__annotations__", {}))
        found = {**known, **self._annotations}
        names = [self._new.attribute(name) for name in self._new.annotated]
        gone = self._old.attributes(self._old.annotated) - set(names)
        made = {name: found[name] for name in names if name in found}
        made.update((name, value) for name, value in known.items() if name not in {*made, *gone})
        if list(made.items()) != list(known.items()):
            self._set("__annotations__", made)
        return None

    def _annotate_lazily(self) -> None:
        """Plan a new function that makes the annotations, as the statement would make it."""
        is_same = [part.text for part in self._old.parts if part.annotates] == [
            part.text for part in self._new.parts if part.annotates
        ]
        if is_same and not self._planning.has_other_features:
            return
        scope = self._run(self._only_annotations(), self._planning.scope(self._cls))
        made = scope.get("__annotate_func__", scope.get("__annotate__"))
        self._planning.transaction.set_attribute(self._cls, "__annotate__", made)

    def _only_annotations(self) -> list[ast.stmt]:
        """Return the statements that annotate names, without the values that they assign."""
        nodes: list[ast.stmt] = []
        for part in self._new.parts:
            if part.annotates:
                node = copy.copy(part.node)
                node.value = None  # type: ignore[attr-defined]
                nodes.append(node)
        return nodes or [ast.copy_location(ast.Pass(), self._new.definition.node)]

    def _hash(self) -> None:
        """Objects that compare equal have no hash unless the class gives one."""
        had, has = _loses_hash(self._old), _loses_hash(self._new)
        if has and not had:
            self._planning.bind(self._cls, "__hash__", None)
        lost = vars(self._cls).get("__hash__", _ABSENT) is None
        if had and not has and lost and "__hash__" not in self._new.names:
            self._planning.unbind(self._cls, "__hash__")

    def _note_place(self) -> None:
        """Plan what 3.13 keeps for `inspect` and tools."""
        line = self._new.definition.line + 1
        if vars(self._cls).get("__firstlineno__", line) != line:
            self._set("__firstlineno__", line)
        if "__static_attributes__" in vars(self._cls):
            found = self._skeleton().get("__static_attributes__", ())
            if set(found) != set(vars(self._cls)["__static_attributes__"]):
                self._set("__static_attributes__", found)

    def _skeleton(self) -> dict[str, Any]:
        """Run the class's body without anything that is evaluated: functions only, and text."""
        node = self._new.definition.node
        assert isinstance(node, ast.ClassDef)
        body = [_bare(each) for each in node.body if isinstance(each, FUNCTIONS)]
        if self._new.docstring is not None:
            body.insert(0, node.body[0])
        return self._run(body or [ast.copy_location(ast.Pass(), node)], {})

    def _set(self, name: str, value: Any) -> None:
        self._planning.transaction.set_attribute(self._cls, name, value)


def is_as_written(cls: type, text: ClassText, name: str) -> bool:
    """Whether an attribute is what the text says, as far as its text can tell."""
    part = text.binding(name)
    if part is None or part.constant is part:
        return True
    return bool(vars(cls).get(text.attribute(name)) == part.constant)


def _is_lambda(value: Any) -> bool:
    return isinstance(value, FunctionType) and value.__name__ == "<lambda>"


def _loses_hash(text: ClassText) -> bool:
    return "__eq__" in text.names and "__hash__" not in text.names


def _bare(node: ast.stmt) -> ast.stmt:
    """Return a function without what is evaluated when it is defined."""
    made = copy.deepcopy(node)
    assert isinstance(made, FUNCTIONS)
    made.decorator_list, made.returns = [], None
    arguments = made.args
    arguments.defaults = []
    arguments.kw_defaults = [None for _ in arguments.kwonlyargs]
    for each in ast.walk(arguments):
        if isinstance(each, ast.arg):
            each.annotation = None
    return made
