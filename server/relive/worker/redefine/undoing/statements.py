"""A module's statements on their way back: what is known to have run, and lambdas in it."""

from __future__ import annotations

from functools import partial
from types import FunctionType

from relive.worker.redefine.change import Change
from relive.worker.redefine.functions.lambdas import differ
from relive.worker.redefine.functions.trampoline import plan_own_code
from relive.worker.redefine.modules.places import is_slice
from relive.worker.redefine.reading.matching import Had, Ran, Same
from relive.worker.redefine.reading.toplevel import TopLevel
from relive.worker.redefine.undoing.attributes import STAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from relive.worker.history import Changed
    from relive.worker.redefine.part import Part
    from relive.worker.redefine.step import Step

_CANNOT = "it has run, and what it did besides binding names cannot be undone"


class StatementsBack:
    """The statements of one module."""

    def __init__(self, changed: Changed, part: Part, step: Step, retaken: set[str]) -> None:
        """Plan for one module.

        Args:
            changed: what the step has changed of it.
            part: the module's part in the way back.
            step: takes what is to be done afterwards.
            retaken: names of definitions that go, which statements had bound.
        """
        self._changed = changed
        self._part = part
        self._step = step
        self._retaken = retaken

    def plan(self) -> list[Change]:
        """Plan it; return what cannot be taken back."""
        if self._changed.sources is not None:
            before, after = self._changed.sources
            if self._changed.module.source is after:
                self._step.afterwards(partial(setattr, self._changed.module, "source", before))
        told = list(self._places_back())
        if self._changed.ran is None:
            return told
        before_it, after_it = self._changed.ran
        self._find_again(after_it)
        since = _difference(self._changed.module.ran, after_it)
        texts = [TopLevel(each.node, each.shift) for each in before_it]
        had = Had(after_it, texts)
        again = [self._again(text, each, had) for text, each in zip(texts, before_it)]
        ran = Ran(again, by_hand=len(before_it.by_hand()))
        for each in since:
            ran.note(each)
        self._step.afterwards(partial(setattr, self._changed.module, "ran", ran))
        return [*told, *self._effects(before_it, after_it)]

    def _places_back(self) -> Iterator[Change]:
        """Plan that attributes and items are what they were; yield those that stay."""
        for each in reversed(self._changed.given):
            if each.is_as_left:
                back, again = partial(each.give, each.before), partial(each.give, each.after)
                self._step.transaction.call(back, again)
                self._step.transaction.perform()  # one of them may have been given several values
            else:
                yield Change(each.words, "statement", "refused", STAYS)

    def _find_again(self, ran: Ran) -> None:
        """Have statements know the code that functions run by now.

        The undo of a later step may have compiled them anew.
        """
        live = Same(self._changed.module.ran, list(ran))
        for each in ran:
            same = live.take(each)
            if same not in (None, each) and same.exact_text == each.exact_text:
                each.take_over(same)

    def _again(self, text: TopLevel, former: TopLevel, had: Had) -> TopLevel:
        """Return the statement as it has run before; the functions it made run its code again."""
        now = had.same.take(text) or had.other_text_of(text)
        if now is None:
            for name in text.binds & self._retaken:
                plan_own_code(self._part.scope.get(name), former.codes, self._step.transaction)
            return former
        if text.is_plain_data(self._part.scope) and self._is_to_run(text, former, now):
            self._part.run(text, plain=True)
        if now.codes:
            self._part.change_functions(now, text)
        elif not text.codes:
            text.take_over(now)
        return text

    def _is_to_run(self, text: TopLevel, former: TopLevel, now: TopLevel) -> bool:
        """Whether values are to be computed from the text: the names have them no more.

        Of a lambda's name that is its default, and of several items at once all of them.
        """
        if now.text != text.text and any(map(is_slice, text.places)):
            return True
        values = [self._part.scope.get(name) for name in text.binds]
        return differ(now, former) and any(isinstance(each, FunctionType) for each in values)

    def _effects(self, before: Ran, after: Ran) -> Iterator[Change]:
        known = {each.text for each in before} | {each.key for each in before}
        back = {each.statement for each in self._changed.given}
        for each in after:
            is_data = each.is_plain_data(self._part.scope) and each.binds_names_only
            is_data = is_data or each.text in back
            if not {each.text, each.key} & known and not (each.is_import or is_data):
                yield Change(f"line {each.line + 1}", "statement", "refused", _CANNOT)


def _difference(now: Ran, then: Ran) -> list[TopLevel]:
    known = {id(each) for each in then}
    return [each for each in now if id(each) not in known]
