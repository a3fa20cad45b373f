"""Planning: from a new definition and the image to writes on live objects.

A planner only reads the live program. What it wants changed goes into a transaction, what will be
true afterwards into the receipt.
"""

from __future__ import annotations

import ast
from functools import cached_property, partial
from types import CodeType, FunctionType

from relive.worker.redefine.build import attribute_name, build, run_in_class
from relive.worker.redefine.definitions import FUNCTIONS, Definition, definitions_in, flattened
from relive.worker.redefine.enums import is_enum, plan_members
from relive.worker.redefine.live import (
    bound_to,
    caches_behind,
    count_instances,
    drop_cached,
    frames_running,
    functions_behind,
    owner_of,
    twins,
)
from relive.worker.redefine.merge import Merge
from relive.worker.redefine.receipt import Change, Refused
from relive.worker.redefine.toplevel import assigned
from relive.worker.redefine.trampoline import trampoline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.namespace import Namespace
    from relive.worker.redefine.follow import Follower
    from relive.worker.redefine.transaction import Transaction


class Planner:
    """Plans the change of one file's definitions within one transaction."""

    def __init__(
        self,
        namespace: Namespace,
        live: dict[str, Definition],
        transaction: Transaction,
        follower: Follower,
        *,
        evaluated: bool,
    ) -> None:
        """Plan for one module.

        Args:
            namespace: the module.
            live: its live definitions.
            transaction: takes the writes.
            follower: finds the names elsewhere that hold what is replaced.
            evaluated: the user ran the statement, so its defaults are computed anew even where
                their text is what it was.
        """
        self._namespace = namespace
        self._live = live
        self._transaction = transaction
        self._follower = follower
        self._evaluated = evaluated
        self.changes: list[Change] = []

    def plan(self, new: Definition) -> None:
        """Plan whatever makes the live program run `new`.

        Raises:
            Refused: it cannot be done in place.
            BaseException: what evaluating a default, annotation or decorator raises.
        """
        try:
            owner = owner_of(new, self._namespace.module)
        except LookupError as missing:
            raise Refused(f"{missing.args[0]}; evaluate it first") from None
        old = self._live.get(new.key)
        if isinstance(new.node, FUNCTIONS):
            self._plan_function(new, old, owner)
        else:
            self._plan_class(new, old, owner)

    # -- functions -----------------------------------------------------------------------------

    def _plan_function(self, new: Definition, old: Definition | None, owner: Any) -> None:
        bound = bound_to(new, owner)
        functions = functions_behind(bound, new)
        if not functions:
            self._bind_anew(new, owner, "added" if bound is None else "redefined")
        elif old is not None and old.decorators != new.decorators:
            self._plan_decorators_changed(new, owner, functions)
        else:
            header = self._evaluated or old is None or old.header != new.header
            self._move(new, owner, functions, header=header)

    def _bind_anew(self, new: Definition, owner: Any, outcome: str) -> None:
        """Run the statement and bind what it makes; whoever holds what was there follows."""
        made = build(new, self._namespace, _class_or_none(owner), decorated=True)
        change = Change.of(new, outcome)
        self._replace(new, owner, made, change)
        change.instances = count_instances(owner) if isinstance(owner, type) else 0
        self.changes.append(change)

    def _plan_decorators_changed(
        self, new: Definition, owner: Any, functions: list[FunctionType]
    ) -> None:
        """Bind the newly decorated object; what still runs the old wrapper runs the new body."""
        made = build(new, self._namespace, _class_or_none(owner), decorated=True)
        change = Change.of(new, "redefined")
        if not isinstance(owner, type) or isinstance(made, type(bound_to(new, owner))):
            self._move(new, owner, functions, header=True)
            change = self.changes.pop()
            change.outcome = "redefined"
        self.changes.append(change)
        self._replace(new, owner, made, change)

    def _replace(self, new: Definition, owner: Any, made: Any, change: Change) -> None:
        """Plan that the name, names elsewhere and held functions go over to `made`."""
        name, old = attribute_name(new), bound_to(new, owner)
        self._bind(owner, name, made)
        if old is None:
            return
        if not isinstance(owner, type):
            change.references += self._follower.follow(name, old, made)
        descriptor = isinstance(made, (staticmethod, classmethod, property))
        if isinstance(old, FunctionType) and callable(made) and not descriptor:
            self._transaction.set_attribute(old, "__code__", trampoline(made, old).__code__)
            change.functions += 1

    def _move(
        self, new: Definition, owner: Any, functions: list[FunctionType], *, header: bool
    ) -> None:
        fresh = build(new, self._namespace, _class_or_none(owner), decorated=False)
        change = Change.of(new, "redefined")
        self.changes.append(change)
        for live in functions:
            if same_code(live.__code__, fresh.__code__) and not header:
                continue
            change.functions += 1
            self._move_inner(live.__code__, fresh.__code__, change)
            self._move_one(fresh, live, header=header)
        if not change.functions or self._only_lines_differ(functions, fresh, new):
            change.outcome = "unchanged"
            change.functions = 0
            return
        self._forget_computed(new, owner)
        change.reason = change.reason or _still_running(functions)
        if isinstance(owner, type):
            change.instances = count_instances(owner)

    def _forget_computed(self, new: Definition, owner: Any) -> None:
        """Clear what caches hold of the old code."""
        bound = bound_to(new, owner)
        for cache in caches_behind(bound):
            self._transaction.afterwards(cache.cache_clear)
        if isinstance(bound, cached_property) and isinstance(owner, type):
            self._transaction.afterwards(partial(drop_cached, owner, attribute_name(new)))

    def _only_lines_differ(
        self, functions: list[FunctionType], fresh: FunctionType, new: Definition
    ) -> bool:
        """Whether nothing but the place in the file changed: done silently, it is no news."""
        old = self._live.get(new.key)
        unchanged_header = old is not None and old.header == new.header
        return unchanged_header and all(
            same_code(each.__code__, fresh.__code__, lines=False) for each in functions
        )

    def _move_one(self, fresh: FunctionType, live: FunctionType, *, header: bool) -> None:
        if len(fresh.__code__.co_freevars) != len(live.__code__.co_freevars):
            code = trampoline(fresh, live).__code__
            self._transaction.move_function(fresh, live, header=header, code=code)
        else:
            self._transaction.move_function(fresh, live, header=header)

    def _move_inner(self, old: CodeType, new: CodeType, change: Change) -> None:
        """Plan that closures made by the old body run the inner functions of the new one."""
        for old_inner, new_inner in _paired(old, new):
            for closure in twins(old_inner):
                if old_inner.co_freevars != new_inner.co_freevars:
                    change.reason = (
                        f"closures {old_inner.co_name!r} made before keep their code: "
                        "they lack variables that the new one uses"
                    )
                    continue
                self._transaction.set_attribute(closure, "__code__", new_inner)
                change.functions += 1
            self._move_inner(old_inner, new_inner, change)

    # -- classes -------------------------------------------------------------------------------

    def _plan_class(self, new: Definition, old: Definition | None, owner: Any) -> None:
        cls = bound_to(new, owner)
        if cls is None or isinstance(cls, FunctionType):
            return self._bind_anew(new, owner, "added" if cls is None else "redefined")
        if not isinstance(cls, type) or old is None:
            raise Refused(f"{new.name!r} was not made from this text; evaluate it to replace it")
        self.changes.append(change := Change.of(new, "unchanged"))
        before = len(self.changes)
        self._plan_class_data(new, old, cls, change)
        self._plan_members(new, old, cls)
        if any(each.outcome != "unchanged" for each in self.changes[before:]):
            change.outcome = "redefined"
        if change.outcome == "redefined":
            change.instances = count_instances(cls)
        return None

    def _plan_members(self, new: Definition, old: Definition, cls: type) -> None:
        old_members, new_members = _members(old), _members(new)
        for member in new_members.values():
            before = self._live.get(member.key)
            if before is None or before.source != member.source or before.line != member.line:
                self.plan(member)
        for key, member in old_members.items():
            if key not in new_members and not any(key[0] == name for name, _ in new_members):
                self._plan_removal(member, cls)

    def plan_removed(self, gone: Definition) -> None:
        """Plan that a module's name goes, if it is still bound to what the text made."""
        bound = bound_to(gone, self._namespace.module)
        own = getattr(bound, "__module__", None) == self._namespace.module.__name__
        if own and (isinstance(bound, type) or functions_behind(bound, gone)):
            self._transaction.delete_item(vars(self._namespace.module), attribute_name(gone))
            self.changes.append(Change.of(gone, "removed"))

    def _plan_removal(self, gone: Definition, cls: type) -> None:
        bound = bound_to(gone, cls)
        if bound is not None and (isinstance(bound, type) or functions_behind(bound, gone)):
            self._transaction.delete_attribute(cls, attribute_name(gone))
            self.changes.append(Change.of(gone, "removed"))

    def _plan_class_data(self, new: Definition, old: Definition, cls: type, change: Change) -> None:
        known = {ast.dump(node) for node in _data(old)}
        changed = [node for node in _data(new) if ast.dump(node) not in known]
        gone = _bound(_data(old)) - _bound(_data(new))
        if old.frame == new.frame and not changed and not gone:
            return
        change.outcome = "redefined"
        special = "__slots__" in _bound(changed) | gone or type(cls) is not type
        if special or old.frame != new.frame or new.decorators:
            self._run_class_anew(new, cls, _bound(_data(new)) - _bound(changed), gone)
            return
        for name, value in run_in_class(changed, new, self._namespace, cls).items():
            self._transaction.set_attribute(cls, name, value)
        for name in gone & set(vars(cls)):
            self._transaction.delete_attribute(cls, name)

    def _run_class_anew(self, new: Definition, cls: type, kept: set[str], gone: set[str]) -> None:
        """Run the class statement aside, and merge what only that makes into the live class."""
        owner = _class_or_none(owner_of(new, self._namespace.module))
        fresh = build(new, self._namespace, owner, decorated=True)
        if not isinstance(fresh, type):
            raise Refused(f"the decorators of {new.name!r} no longer give a class; evaluate it")
        if is_enum(cls) and is_enum(fresh):
            plan_members(cls, fresh, self._transaction)
            return
        members = {attribute_name(each) for each in _members(new).values()}
        Merge(cls, fresh, self._transaction).plan(kept, members, gone)

    # -- both ----------------------------------------------------------------------------------

    def _bind(self, owner: Any, name: str, value: Any) -> None:
        if isinstance(owner, type):
            self._transaction.set_attribute(owner, name, value)
            return
        scope = vars(owner)
        self._transaction.set_item(scope, name, value)
        if name not in scope:
            scope[name] = value  # what is planned next may use it; the step's snapshot knows it


def same_code(old: CodeType, new: CodeType, *, lines: bool = True) -> bool:
    """Whether two code objects do the same; with `lines`, at the same lines too."""
    if lines and old.co_firstlineno != new.co_firstlineno:
        return False
    fields = ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags")
    if any(getattr(old, field) != getattr(new, field) for field in fields):
        return False
    if len(old.co_consts) != len(new.co_consts):
        return False
    return all(
        same_code(one, other, lines=lines)
        if isinstance(one, CodeType) and isinstance(other, CodeType)
        else type(one) is type(other) and repr(one) == repr(other)
        for one, other in zip(old.co_consts, new.co_consts)
    )


def _paired(old: CodeType, new: CodeType) -> list[tuple[CodeType, CodeType]]:
    """Pair the functions inside two bodies: same name, in order."""
    waiting = [const for const in new.co_consts if _makes_functions(const)]
    pairs = []
    for inner in filter(_makes_functions, old.co_consts):
        match = next((each for each in waiting if _same_name(each, inner)), None)
        if match is not None:
            waiting.remove(match)
            pairs.append((inner, match))
    return pairs


def _makes_functions(const: Any) -> bool:
    """Whether `const` is a function's code or a class body, and not a comprehension's."""
    names = ("<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>")
    return isinstance(const, CodeType) and const.co_name not in names


def _same_name(code: CodeType, other: CodeType) -> bool:
    return code.co_name == other.co_name


def _members(cls: Definition) -> dict[tuple[str, str], Definition]:
    """Return the functions and classes directly in a class, by name and role."""
    inside = (*cls.scopes, cls.own_name)
    found = {}
    for each in definitions_in(cls.source, line=cls.line):
        scopes = (*cls.scopes, *each.scopes)
        if scopes == inside:
            each.scopes = scopes
            found[(each.own_name, each.role)] = each
    return found


def _data(cls: Definition) -> list[ast.stmt]:
    """Return the statements of a class body that define no function or class, docstring aside."""
    assert isinstance(cls.node, ast.ClassDef)
    made = (*FUNCTIONS, ast.ClassDef, ast.Pass)
    return [node for node in flattened(cls.node.body) if not isinstance(node, made)]


def _bound(nodes: list[ast.stmt]) -> set[str]:
    """Return the names that statements of a class body assign."""
    return {name for node in nodes for name in assigned(node)}


def _still_running(functions: list[FunctionType]) -> str | None:
    """Say how many frames go on with the old code."""
    count = sum(frames_running(each.__code__) for each in functions)
    if not count:
        return None
    frames = "1 frame goes" if count == 1 else f"{count} frames go"
    return f"{frames} on with the old code until it returns"


def _class_or_none(owner: Any) -> type | None:
    return owner if isinstance(owner, type) else None
