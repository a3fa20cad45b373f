"""One statement of a new text made ready to be entered from a frame of an old one."""

from __future__ import annotations

import ast
from itertools import takewhile

from relive.worker.holding.going_on import Refused
from relive.worker.holding.kept import Share, shares
from relive.worker.holding.mapping import Mapped, map_path
from relive.worker.holding.paths import LOOPS, WITHS, statements_on
from relive.worker.holding.stacks import BEFORE, EXIT, ITERATOR, RAISED
from relive.worker.holding.variants import Variant, Way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CellType, FunctionType
    from typing import Any

    from relive.worker.holding.bytecode import Code
    from relive.worker.holding.paths import Path
    from relive.worker.holding.stacks import Flow
    from relive.worker.holding.texts import Body

_NEXT = ("FOR_ITER", "GET_ANEXT", "SEND", "YIELD_VALUE", "END_ASYNC_FOR", "GET_AWAITABLE")
_USED_UP = "the item that the loop's target could not take is used up: the next one comes"
_SEVERAL_REASONS = "it is in a `finally` block, which runs for several reasons"
_OTHER_REASON = "it is in a `finally` block, which runs for another reason"


class Entering:
    """Where a new text is entered, and what is taken over."""

    def __init__(
        self,
        old: Body,
        path: Path,
        flow: Flow,
        unit: int,
        code: Code,
        body: Body,
        chosen: Path | None,
    ) -> None:
        """Prepare it all.

        Args:
            old: the text that the frame runs.
            path: its failing statement.
            flow: the stacks of its code.
            unit: its failing instruction.
            code: the newest code.
            body: its text.
            chosen: the statement to enter, where that was said.

        Raises:
            Refused: that cannot be.
        """
        self.body, self.origin = body, code
        self.made: Code | None = None
        failing = flow.at(unit)
        if failing is None or failing.start not in flow.before:
            raise Refused("the place of the error is not in the function's own code")
        self._kinds = [each.kind for each in flow.kept(failing.start)]
        around = statements_on(old.statements, path)
        self._shares = shares(around, path, self._kinds)
        self._is_next = self._stands_at_next(around[-1])
        mapped = self._mapped(old, body, path, chosen)
        goes_on = self._is_next and chosen is None and isinstance(self._last(mapped, body), LOOPS)
        if goes_on and failing.name not in _NEXT:
            mapped.doubt(_USED_UP)
        self.certain, self.note = mapped.certain, "; ".join(mapped.notes)
        self._partners = {id(new): before for before, new in mapped.around}
        entered = mapped.path
        if goes_on:
            self._partners[id(self._last(mapped, body))] = around[-1]
            entered = [*entered, ("body", 0)]
        statement = statements_on(body.statements, mapped.path)[-1]
        self.file = body.unit.file
        self.line = statement.lineno + body.shift - 1
        self.end_line = (statement.end_lineno or statement.lineno) + body.shift - 1
        variant = Variant(body, entered, code, at_next=goes_on)
        self._variant, self.flow, self.code = variant, variant.flow, variant.code
        inside = statements_on(body.statements, entered)
        self._way, self._taken = self._choose(variant.ways(), inside, entered, goes_on=goes_on)
        self._left = list(self._managers_left(around[-1]))

    def _last(self, mapped: Mapped, body: Body) -> ast.stmt:
        return statements_on(body.statements, mapped.path)[-1]

    def _mapped(self, old: Body, body: Body, path: Path, chosen: Path | None) -> Mapped:
        if old.node is body.node:
            mapped = Mapped()
            mapped.path = path
            mapped.around = [(each, each) for each in statements_on(old.statements, path)[:-1]]
        else:
            mapped = map_path(old.statements, body.statements, path)
        if chosen is not None:
            mapped.path, mapped.certain, mapped.notes = chosen, True, []
        return mapped

    def _stands_at_next(self, statement: ast.stmt) -> bool:
        """Whether a loop runs, and its iterator failed, or its target could not take an item."""
        end = self._shares[-1].end if self._shares else 0
        is_running = len(self._kinds) > end and self._kinds[end] == ITERATOR
        return isinstance(statement, LOOPS) and is_running

    def _choose(
        self, ways: list[Way], inside: list[ast.stmt], path: Path, *, goes_on: bool
    ) -> tuple[Way, list[Share]]:
        """Choose one of the places at which the statement begins in the code.

        Raises:
            Refused: none can be entered from here, or nobody knows which.
        """
        found: list[tuple[Way, list[Share]]] = []
        reason = "it cannot be entered from outside"
        for way in ways:
            try:
                found.append((way, self._take(way, inside, path, goes_on=goes_on)))
            except Refused as refused:
                reason = str(refused)
        if not found:
            raise Refused(reason)
        if len(found) > 1 and not self._end_alike(found, inside[-1]):
            raise Refused(_SEVERAL_REASONS)
        return found[0]

    @staticmethod
    def _end_alike(found: list[tuple[Way, list[Share]]], statement: ast.stmt) -> bool:
        """Whether it is all one at which of the places: short code at an end is copied."""
        first, *others = [(way.kinds, [each.first for each in taken]) for way, taken in found]
        return isinstance(statement, (ast.Return, ast.Raise)) and all(o == first for o in others)

    def _take(self, way: Way, inside: list[ast.stmt], path: Path, *, goes_on: bool) -> list[Share]:
        """Return which shares of the old stack make up the new one."""
        taken = []
        kinds = [*way.kinds, ITERATOR] if goes_on and not way.kinds else way.kinds
        for share, (branch, _) in zip(shares(inside, path, kinds), path[1:]):
            old = self._share_of(self._partners.get(id(share.statement)))
            if not share.kinds:
                if branch == "finalbody" and old is not None and old.kinds:
                    raise Refused(_OTHER_REASON)
                continue
            if old is None or old.kinds != share.kinds:
                raise Refused(
                    f"line {share.statement.lineno + self.body.shift}: this block was not entered "
                    "by the running code; choose a statement outside of it"
                )
            taken.append(old)
        if sum(len(each.kinds) for each in taken) != len(way.kinds):
            raise Refused("what surrounds the statement cannot be entered again from outside")
        return taken

    def _share_of(self, statement: ast.stmt | None) -> Share | None:
        if statement is None:
            return None
        for each in self._shares:
            if each.statement is statement:
                return each
        end = self._shares[-1].end if self._shares else 0
        return Share(statement, (ITERATOR,), end) if self._is_next else None

    def function(
        self,
        kept: tuple[Any, ...],
        values: dict[str, Any],
        cells: dict[str, CellType],
        scope: dict[str, Any],
    ) -> FunctionType:
        """Return a function that runs the new text from the statement on."""
        given: list[Any] = []
        for share in self._taken:
            given += self._given(share, kept)
        function = self._variant.function(self._way, values, cells, given, scope)
        self._close_left(kept)
        self.made = function.__code__
        return function

    def _given(self, share: Share, kept: tuple[Any, ...]) -> list[Any]:
        if BEFORE not in share.kinds:
            return list(share.values(kept))
        if RAISED in share.kinds:
            return [kept[share.first + 1]]
        return [self._handled(share.first, kept)]

    def _handled(self, place: int, kept: tuple[Any, ...]) -> Any:
        """Return the exception that is handled in the block whose own entry is at `place`."""
        for later in range(place + 1, len(self._kinds)):
            if self._kinds[later] == BEFORE:
                return kept[later]
        return kept[min(len(self._kinds), len(kept) - 1)] if self._kinds else kept[-1]

    def _close_left(self, kept: tuple[Any, ...]) -> None:
        """Leave the managers that the new text does not stand in any more."""
        for place in reversed(self._left):
            kept[place](None, None, None)

    def _managers_left(self, failing: ast.stmt) -> Iterator[int]:
        """Yield where on the stack managers are that are left, and entered anew if need be.

        Raises:
            Refused: that takes an `await`.
        """
        end = self._shares[-1].end if self._shares else 0
        entered = takewhile(lambda place: self._kinds[place] == EXIT, range(end, len(self._kinds)))
        found = [(each, range(each.first, each.end)) for each in self._shares if each.kinds]
        left = [(each.statement, at) for each, at in found if each not in self._taken]
        for statement, places in [*left, (failing, list(entered))]:
            if isinstance(statement, ast.AsyncWith) and places:
                raise Refused(
                    f"line {statement.lineno}: this `async with` would have to be left, which "
                    "takes an `await`; choose a statement inside of it, or restart the frame"
                )
            if isinstance(statement, WITHS):
                yield from places
