"""Planning functions: the live ones, wherever they are held, run the code of the new definition."""

from __future__ import annotations

from functools import cached_property, partial
from types import CodeType, FunctionType

from relive.worker.redefine.build import attribute_name
from relive.worker.redefine.codes import paired, same_code
from relive.worker.redefine.live import (
    bound_to,
    caches_behind,
    class_or_none,
    drop_cached,
    frames_running,
    functions_behind,
    made_at,
    twins,
)
from relive.worker.redefine.receipt import Change
from relive.worker.redefine.trampoline import trampoline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.redefine.definitions import Definition
    from relive.worker.redefine.planning import Planning


class FunctionPlanner:
    """Plans the change of functions and methods."""

    def __init__(self, planning: Planning) -> None:
        self._planning = planning

    def plan(self, new: Definition, old: Definition | None, owner: Any) -> None:
        """Plan that what runs the old definition runs `new`."""
        bound = bound_to(new, owner)
        functions = made_at(old, functions_behind(bound, new))
        if not functions:
            self.bind_anew(new, owner, "added" if bound is None else "redefined")
        elif old is not None and old.decorators != new.decorators:
            self._plan_decorators_changed(new, owner, functions)
        else:
            header = self._planning.evaluated or old is None or old.header != new.header
            header = header or bool(new.computes_from(self._planning.changed))
            self._move(new, owner, functions, header=header)

    def bind_anew(self, new: Definition, owner: Any, outcome: str) -> None:
        """Run the statement and bind what it makes; whoever holds what was there follows."""
        made = self._planning.build(new, owner, decorated=True)
        change = Change.of(new, outcome)
        self.replace(new, owner, made, change)
        change.counted = class_or_none(owner)
        self._planning.changes.append(change)

    def _plan_decorators_changed(
        self, new: Definition, owner: Any, functions: list[FunctionType]
    ) -> None:
        """Bind the newly decorated object; what still runs the old wrapper runs the new body."""
        made = self._planning.build(new, owner, decorated=True)
        change = Change.of(new, "redefined")
        if not isinstance(owner, type) or isinstance(made, type(bound_to(new, owner))):
            self._move(new, owner, functions, header=True)
            change = self._planning.changes.pop()
            change.outcome = "redefined"
        self._planning.changes.append(change)
        self.replace(new, owner, made, change)

    def replace(self, new: Definition, owner: Any, made: Any, change: Change) -> None:
        """Plan that the name, names elsewhere and held functions go over to `made`."""
        name, old = attribute_name(new), bound_to(new, owner)
        self._planning.bind(owner, name, made)
        if old is None:
            return
        if not isinstance(owner, type):
            change.references += self._planning.follower.follow(name, old, made)
        descriptor = isinstance(made, (staticmethod, classmethod, property))
        if isinstance(old, FunctionType) and callable(made) and not descriptor:
            self._planning.transaction.set_attribute(
                old, "__code__", trampoline(made, old).__code__
            )
            change.functions += 1

    def _move(
        self, new: Definition, owner: Any, functions: list[FunctionType], *, header: bool
    ) -> None:
        fresh = self._planning.build(new, owner, decorated=False)
        change = Change.of(new, "redefined")
        self._planning.changes.append(change)
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
        self._copy_text_up(bound_to(new, owner), functions[0], fresh)
        self._forget_computed(new, owner)
        change.reason = change.reason or _still_running(functions)
        change.counted = class_or_none(owner)

    def _copy_text_up(self, bound: Any, live: FunctionType, fresh: FunctionType) -> None:
        """Give a property the new docstring where it has copied the old one."""
        is_copy = isinstance(bound, (property, cached_property)) and bound.__doc__ == live.__doc__
        if is_copy and live.__doc__ != fresh.__doc__:
            self._planning.transaction.set_attribute(bound, "__doc__", fresh.__doc__)

    def _forget_computed(self, new: Definition, owner: Any) -> None:
        """Clear what caches hold of the old code."""
        bound = bound_to(new, owner)
        for cache in caches_behind(bound):
            self._planning.transaction.afterwards(cache.cache_clear)
        if isinstance(bound, cached_property) and isinstance(owner, type):
            self._planning.transaction.afterwards(partial(drop_cached, owner, attribute_name(new)))

    def _only_lines_differ(
        self, functions: list[FunctionType], fresh: FunctionType, new: Definition
    ) -> bool:
        """Whether nothing but the place in the file changed: done silently, it is no news."""
        old = self._planning.live.get(new.key)
        unchanged_header = old is not None and old.header == new.header
        return unchanged_header and all(
            same_code(each.__code__, fresh.__code__, lines=False) for each in functions
        )

    def _move_one(self, fresh: FunctionType, live: FunctionType, *, header: bool) -> None:
        if len(fresh.__code__.co_freevars) != len(live.__code__.co_freevars):
            code = trampoline(fresh, live).__code__
            self._planning.transaction.move_function(fresh, live, header=header, code=code)
        else:
            self._planning.transaction.move_function(fresh, live, header=header)

    def _move_inner(self, old: CodeType, new: CodeType, change: Change) -> None:
        """Plan that closures made by the old body run the inner functions of the new one."""
        for old_inner, new_inner in paired(old, new):
            for closure in twins(old_inner):
                if old_inner.co_freevars != new_inner.co_freevars:
                    change.reason = (
                        f"closures {old_inner.co_name!r} made before keep their code: "
                        "they lack variables that the new one uses"
                    )
                    continue
                self._planning.transaction.set_attribute(closure, "__code__", new_inner)
                change.functions += 1
            self._move_inner(old_inner, new_inner, change)


def _still_running(functions: list[FunctionType]) -> str | None:
    """Say how many frames go on with the old code."""
    count = sum(frames_running(each.__code__) for each in functions)
    if not count:
        return None
    frames = "1 frame goes" if count == 1 else f"{count} frames go"
    return f"{frames} on with the old code until it returns"
