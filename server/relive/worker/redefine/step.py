"""One redefinition as one step: every module it changes, or none."""

from __future__ import annotations

import ast
from functools import partial
from types import FunctionType

from relive.worker.redefine.definitions import Definition, definitions_in
from relive.worker.redefine.follow import Follower
from relive.worker.redefine.plan import Planner
from relive.worker.redefine.planning import Planning
from relive.worker.redefine.receipt import Change
from relive.worker.redefine.transaction import Transaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.namespace import Namespace


class Step:
    """One redefinition, of one file or several: leaving its context commits all, or nothing.

    Statements, and definitions that are new, take effect in the modules while it is planned, since
    what is planned next must see them; snapshots bring the modules back if anything fails.
    """

    def __init__(self, image: Image) -> None:
        self.changes: list[Change] = []
        self._image = image
        self._transaction = Transaction()
        self._snapshots: list[tuple[dict[str, Any], dict[str, Any]]] = []
        self._records: list[Callable[[], None]] = []

    def plan(
        self,
        namespace: Namespace,
        new: list[Definition],
        statements: list[ast.stmt],
        gone: list[Definition],
        *,
        evaluated: bool = False,
    ) -> None:
        """Plan the changes of one module.

        Raises:
            Refused: something cannot be done in place.
            BaseException: what a statement, default or decorator raises; an error in a statement
                leaves the module as it was, and the step can go on.
        """
        live, scope = self._image.definitions(namespace), namespace.module.__dict__
        before = dict(scope)
        follower = Follower(namespace.module, self._image.sources, self._transaction)
        planning = Planning(namespace, live, self._transaction, follower, evaluated=evaluated)
        planner = Planner(planning)
        try:
            _run_statements(statements, namespace)
        except BaseException:
            _restore(scope, before)
            raise
        self._snapshots.append((scope, before))
        for name in [name for name in scope if scope[name] is not before.get(name, scope[name])]:
            _carry_over(name, before[name], scope, self._transaction, follower)
        for each in new:
            planner.plan(each)
            self._records.append(partial(_record, live, each))
        for each in gone:
            planner.plan_removed(each)
            self._records.append(partial(_forget, live, each))
        self.changes += planning.changes

    def afterwards(self, record: Callable[[], None]) -> None:
        """Have `record` called when the step is committed."""
        self._records.append(record)

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        try:
            if kind is None:
                self._transaction.commit()
        except BaseException:
            self._take_back()
            raise
        if kind is not None:
            self._take_back()
            return
        for record in self._records:
            record()

    def _take_back(self) -> None:
        for scope, before in reversed(self._snapshots):
            _restore(scope, before)


def _carry_over(
    name: str,
    old: Any,
    scope: dict[str, Any],
    transaction: Transaction,
    follower: Follower,
) -> None:
    """Plan that holders of what `name` was go over to what it is; a lambda stays the object."""
    new = scope[name]
    functions = isinstance(old, FunctionType) and isinstance(new, FunctionType)
    if functions and len(old.__code__.co_freevars) == len(new.__code__.co_freevars):
        transaction.move_function(new, old, header=True)
        transaction.set_item(scope, name, old)
    else:
        follower.follow(name, old, new)


def _run_statements(statements: list[ast.stmt], namespace: Namespace) -> None:
    for node in statements:
        tree = ast.Module([node], type_ignores=[])
        file, flags = namespace.file or "", namespace.future_flags
        exec(compile(tree, file, "exec", flags, dont_inherit=True), namespace.module.__dict__)


def _restore(scope: dict[str, Any], before: dict[str, Any]) -> None:
    for name in [name for name in scope if name not in before]:
        del scope[name]
    scope.update(before)


def _record(live: dict[str, Definition], new: Definition) -> None:
    """Make the image hold `new` and, of a class, what is in it and nothing that was."""
    _forget(live, new)
    live[new.key] = new
    for inner in definitions_in(new.source, line=new.line)[1:]:
        inner.scopes = (*new.scopes, *inner.scopes)
        live[inner.key] = inner


def _forget(live: dict[str, Definition], gone: Definition) -> None:
    for key in [key for key in live if key == gone.key or key.startswith(gone.name + ".")]:
        del live[key]
