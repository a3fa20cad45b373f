"""One pass through a file's new text, in its order: what each statement and definition comes to."""

from __future__ import annotations

from functools import partial

from relive.worker.redefine.change import Change
from relive.worker.redefine.classes.enums import owners
from relive.worker.redefine.functions.beside import no_longer_bound
from relive.worker.redefine.functions.lambdas import differ
from relive.worker.redefine.modules.features import use_features_of
from relive.worker.redefine.modules.meanings import COVERED, Meanings
from relive.worker.redefine.modules.order import Order
from relive.worker.redefine.modules.place_order import PlaceOrder
from relive.worker.redefine.modules.places import is_place_of_others
from relive.worker.redefine.modules.present import Bound, Present, all_of, gone_of, in_turn
from relive.worker.redefine.modules.replay import Replay
from relive.worker.redefine.modules.vanished import first_name, left_in_force
from relive.worker.redefine.reading.definitions import Definition, listed
from relive.worker.redefine.reading.matching import Had, Ran
from relive.worker.redefine.reading.namesakes import number
from relive.worker.redefine.reading.runs import Run
from relive.worker.redefine.reading.toplevel import TopLevel
from relive.worker.redefine.reading.walk import is_compound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from relive.worker.redefine.modules.file_edit import FileEdit
    from relive.worker.redefine.part import Part


class Walk:
    """One pass through the new text."""

    def __init__(self, edit: FileEdit, part: Part, replay: Replay, *, is_edited: bool) -> None:
        self.told: list[Change] = []
        """What the receipt says of statements."""
        self._edit = edit
        self._part = part
        self._is_edited = is_edited
        self._live = edit.module.definitions
        self._begun = self._live.revision
        self._names = edit.to_look_at()
        """Of definitions to look at; None: all. The others are live just as the text has them."""
        self._left: set[str] = set()
        """Names of definitions that nobody asked for."""
        self._whole = not edit.namespace.adopted
        self._had = Had(edit.module.ran, edit.source.everything())
        self._replay = replay
        self._meanings = Meanings(edit.source, self._live, edit.module.ran)
        self._order = Order(edit.former, edit.source, edit.module.ran)
        self._places = PlaceOrder(edit.former, edit.source, edit.module.ran)
        self._pending: list[Run] = []
        """Definitions come to, and not planned yet."""
        self._binds_beside = False
        """Whether any of these may bind other names than its own."""
        self._in_force: list[Run] = []
        """The definitions of the text that are in force."""
        self._seen: list[Definition] = []
        """Those of them that are looked at."""
        self._present: dict[str, Definition] = {}
        """And these by key."""
        self._covered: set[Definition] = set()
        """Classes whose name another one further down has."""
        self._planned: list[Definition] = []
        self._ran: list[TopLevel] = []
        """What will have run when the step is done; a statement left alone is what it was."""
        self._bound = Bound()

    def all(self) -> None:
        """Go through the text, and then take away what is no longer in it."""
        self._take_docstring()
        if self._whole and self._is_edited and use_features_of(self._edit.source, self._part):
            self._names = None
        for each in self._edit.source.runs_in_force(self._part.scope):
            if isinstance(each, Run):
                self._come_to(each)
            else:
                self._sort(each)
        self._plan_pending()
        if self._is_edited:
            for uncovered in self._meanings.left(self._present):
                self._mean(uncovered)
        if self._whole and self._is_edited:
            self._bring_back()
            self._remove_gone()
            left = [each for each in self._had.left() if not self._places.is_settled(each)]
            self.told += left_in_force(left, self._part)

    def present(self) -> Present:
        """Return the definitions of the text that are live."""
        absent = {each for each in self._seen if not self._is_present(each)}
        return Present(self._in_force, absent | self._covered)

    def _is_present(self, each: Definition) -> bool:
        return each.key in self._live and self._present[each.key] is each

    def record(self) -> None:
        """Make the image hold what the module now is."""
        module = self._edit.module
        meanwhile = self._live.changed_since(self._begun)
        for gone, _ in self._part.gone:
            module.drop(gone)
        for each in self._planned:
            self._part.note(each)
        module.ran = Ran(self._ran)
        if meanwhile is None:
            module.source = self._edit.source
        else:
            other = {each.own_name for each in self._planned if not module.has(each)}
            others = {each.partition(".")[0] for each in meanwhile}
            module.settle(self._edit.source, self._left | other | others)

    # -- definitions -----------------------------------------------------------------------------

    def _come_to(self, run: Run) -> None:
        self._bound.add(run.names)
        self._pending.append(run)
        self._binds_beside |= any(":=" in each.source for each in run.named(self._names))

    def _plan_pending(self) -> None:
        pending, self._pending, self._binds_beside = self._pending, [], False
        looked_at = [each for run in pending for each in run.named(self._names)]
        looked_at = [each for each in looked_at if not self._leaves_class(each)]
        to_come = self._meanings.to_come(looked_at)
        number(self._live, looked_at, taken=self._present, to_come=to_come)
        self._in_force += pending
        self._seen += looked_at
        self._present.update((each.key, each) for each in looked_at)
        for each in in_turn(pending, looked_at, self._part.changed):
            is_asked = each.key in self._live or not self._stays_out(each)
            if not is_asked:
                self._left.add(each.own_name)
            elif self._differs(each):
                new = each.again()
                define = (
                    self._part.define_above if self._meanings.is_above(each) else self._part.define
                )
                define(new)
                self._planned.append(new)
            if is_asked and self._meanings.is_last(each):
                self._mean(each)

    def _leaves_class(self, each: Definition) -> bool:
        """Whether a class is one of several of its name, of which the last one lives."""
        if not (self._whole and self._meanings.is_covered_class(each)):
            return False
        self._covered.add(each)
        if self._edit.is_new_text(each):
            self.told.append(Change.of(each, "refused", COVERED))
        return True

    def _mean(self, each: Definition) -> None:
        """Have a name mean the definition that the text has last, if that was another one."""
        if not self._meanings.is_new(each) or self._is_as_made(each.own_name) is False:
            return
        statement, meant = self._meanings.former_statement(each), each.again()
        if statement is not None and not self._replay.is_untouched(statement):
            return
        if self._part.mean(meant, in_any_case=statement is not None):
            self._planned.append(meant)

    def _stays_out(self, new: Definition) -> bool:
        is_left = new.outermost in self._left if new.scopes else new.runs_more
        if self._edit.leaves_new and is_left:
            return True
        return self._edit.unasked and not self._whole

    def _differs(self, new: Definition) -> bool:
        if self._part.has_other_features or not self._edit.module.has(new):
            return True
        changed = self._part.changed
        if not changed or new.own_name in changed:
            return bool(changed)
        return new.computes_from(changed) or new.frames_use(changed)

    def _come_to_those_under(self, each: TopLevel) -> None:
        """Take the definitions in a statement that does not run again, as far as they are live."""
        source, image = self._edit.source, self._edit.image
        for new in source.definitions_under(each.node):
            chosen = image.in_force(self._edit.namespace, source.by_key[new.shared_key])
            new.is_conditional = True
            if self._live.namesakes(new.shared_key) and new in chosen:
                self._come_to(Run(0, [new]))

    def _bring_back(self) -> None:
        """Bind the names of definitions that the text has deleted until now."""
        for each in list(self._meanings.definitions_back(self._part.scope)):
            self._planned.append(meant := each.again())
            self._part.mean(meant, in_any_case=True)

    def _remove_gone(self) -> None:
        gone = gone_of(self._live, self._names, self._is_gone)
        for each in gone:
            if each.own_name in self._bound:
                self._part.give_up(each)
            else:
                self._part.remove(each, as_made=self._is_as_made(each.own_name))
        former = {name: each for each in self._edit.module.ran for name in each.binds}
        for name in sorted(name for name in former if not self._is_bound(name)):
            if name in self._part.scope:
                self._unbind(name, former[name])
        planned = (self._live.get(each.key) for each in self._planned)
        others = [each for each in (*gone, *planned) if each and not each.scopes]
        for name in no_longer_bound(others, partial(all_of, self._in_force)):
            if name in self._part.scope and not self._is_bound(name):
                self._unbind(name)

    def _is_gone(self, each: Definition) -> bool:
        return not each.scopes and each.key not in self._present and self._is_of_file(each)

    def _is_bound(self, name: str) -> bool:
        changed = name in self._part.changed and name not in self._edit.followed
        return changed or name in self._bound or name in self._live

    def _is_of_file(self, each: Definition) -> bool:
        """Whether it came from the file's text, and not from some that was only evaluated."""
        return each.file in (None, self._edit.namespace.file)

    def _is_as_made(self, name: str) -> bool | None:
        return self._edit.image.is_as_made(self._edit.namespace, name, self._part.before)

    def _unbind(self, name: str, former: TopLevel | None = None) -> None:
        as_made = self._is_as_made(name)
        if as_made is None:
            as_made = former is None or self._replay.is_untouched(former)
        if as_made:
            self._part.unbind(name)
            self.told.append(Change(name, "statement", "removed"))
        else:
            reason = "the program has given it another value since, so it stays"
            self.told.append(Change(name, "statement", "refused", reason))

    # -- statements ------------------------------------------------------------------------------

    def _take_docstring(self) -> None:
        text = self._edit.source.docstring
        if self._whole and self._edit.module.docstring != text:
            self._part.scope["__doc__"] = text

    def _sort(self, each: TopLevel) -> None:
        if each.is_deletion:
            self._bound.take_away(each.binds)
        else:
            self._bound.add(each.binds)
        if (same := self._had.same.take(each)) is not None:
            is_done = not self._keeps(each, same) or self._has_regained(each, same)
            if not (is_done or self._put_in_order(each)):
                self._again(each)
            if is_compound(each.node):
                self._come_to_those_under(each)
        elif (old := self._had.other_text_of(each)) is not None:
            self._changed(each, old)
        elif not self._is_edited:
            return
        elif self._whole or each.is_import:
            self._new(each)

    def _keeps(self, each: TopLevel, same: TopLevel) -> bool:
        """Take a statement that has run; False if it made functions that nobody has any more."""
        if not same.codes or not self._is_edited:
            each.take_over(same)
            self._ran.append(each)
            return True
        swap = self._part.change_functions(same, each)
        if not differ(same, each):
            self._ran.append(each)
            return True
        if not swap.functions:
            self._ran.append(same)
            self._leave(each, "changed top-level code does not run by itself")
            return False
        self._ran.append(each)
        self._tell(each, "redefined", swap.told(), functions=swap.functions)
        return True

    def _has_regained(self, each: TopLevel, same: TopLevel) -> bool:
        """Run a statement that kept its text, if a name of it was a definition's until now."""
        names = self._meanings.regained(each, same, self._part.scope) if self._is_edited else None
        if not names:
            return False
        if each.runs_by_itself(self._part.scope):
            self._run(each)
            self._part.retaken |= names
        else:
            what = ", ".join(sorted(names))
            self._leave(each, f"it comes after the definition of {what} now")
        return True

    def _put_in_order(self, each: TopLevel) -> bool:
        """Run a statement that kept its text, if its names mean what another one gives by now."""
        if each.places and self._is_edited and (former := self._places.former(each)) is not None:
            return self._put_place_in_order(each, former)
        names = self._order.moved(each) if self._is_edited else None
        reason = self._order.obstacle(each, self._part.scope, self._replay) if names else None
        if names and reason is None:
            self._run(each)
            self._part.changed |= names  # for what stands below it, if not for all
        elif names and reason and self._order.is_last(each):
            self._leave(each, reason)
        return bool(names) and reason is None

    def _put_place_in_order(self, each: TopLevel, former: TopLevel) -> bool:
        """Do so for an attribute or item that `former` has given its value."""
        if not (each.is_plain_data(self._part.scope) and former.is_plain_data(self._part.scope)):
            self._leave(each, "it is the last now that gives this place a value")
        elif not self._replay.are_untouched(former.places):
            self._leave(each, "the program has changed its value since")
        else:
            self._run(each)
            return True
        return False

    def _is_untouched(self, each: TopLevel) -> bool:
        """Whether the program has put nothing else where the statement puts its values."""
        scope, part = self._part.scope, self._part
        owners = [(place, first_name(place)) for place in each.places]
        live = [place for place, name in owners if part.had(name or "") is scope.get(name or "")]
        return self._replay.is_untouched(each) and (not live or self._replay.are_untouched(live))

    def _again(self, each: TopLevel) -> None:
        """Compute anew what comes of values that this step has changed."""
        scope, changed, reads = self._part.scope, self._part.changed, each.reads()
        binds = self._binds_beside or any(map(self._meanings.has_several, reads))
        covered = self._meanings.covered(each, self._pending, self._names, scope)
        if binds or covered or each.is_deletion or any(map(self._is_pending, owners(reads, scope))):
            self._plan_pending()  # it may give a class other data, or define what is deleted
        overwritten, uses = each.binds & changed | covered, reads & changed
        if each.is_deletion or each.adds_on:
            self._add_again(each, overwritten, uses)
        elif uses or (self._places and self._places.read_by(each)):
            if not self._places.is_covered(each):
                self._compute_again(each, uses)
        elif (overwritten := overwritten - self._edit.followed) and self._is_edited:
            self._part.restore(overwritten)  # it comes after what has changed them

    def _add_again(self, each: TopLevel, overwritten: set[str], uses: set[str]) -> None:
        if overwritten or self._places.comes_after(each):
            self._run(each, silent=True)
        elif each.adds_on and uses and not self._places.is_covered(each):
            self._leave(each, f"it adds on, and uses what has changed ({listed(uses)})")

    def _compute_again(self, each: TopLevel, uses: set[str]) -> None:
        used = f"it uses what has changed ({listed(uses or self._places.read_by(each))})"
        if not each.is_plain_data(self._part.scope):
            self._leave(each, used)
        elif any(is_place_of_others(place, uses) for place in each.places):
            self._leave(each, f"what it gives a value is another place now ({listed(uses)})")
        elif self._is_untouched(each):
            self._run(each)
        else:
            self._leave(each, "the program has changed its value since" if uses else used)

    def _is_pending(self, name: str) -> bool:
        return any(name in run.names for run in self._pending)

    def _changed(self, each: TopLevel, old: TopLevel) -> None:
        if not self._is_edited:
            self._ran.append(old)  # its own edit was left to the user
        elif each.is_import or (each.is_plain_data(self._part.scope) and not each.adds_on):
            self._ran.append(each)
            if not self._places.is_covered(each):
                self._run(each)
            self._part.change_functions(old, each)
        else:
            self._ran.append(old)
            self._leave(each, "changed top-level code does not run by itself")
        if is_compound(each.node):
            self._come_to_those_under(each)

    def _new(self, each: TopLevel) -> None:
        if self._edit.unasked and not each.runs_by_itself(self._part.scope):
            self._leave(each, "added top-level code does not run by itself")
            return
        self._ran.append(each)
        if not (self._places.is_covered(each) and each.is_plain_data(self._part.scope)):
            self._run(each)
        if is_compound(each.node):
            found = self._edit.source.definitions_under(each.node)
            found = self._edit.image.in_force(self._edit.namespace, found)
            self._planned += [each.again() for each in found]

    def _run(self, each: TopLevel, *, silent: bool = False) -> None:
        self._plan_pending()
        if each.places:
            self._replay.look()
        self._part.run(each, plain=each.is_plain_data(self._part.scope))
        self._places.note(each)
        if not (silent or each.is_import):
            self._tell(each, "redefined")

    def _leave(self, each: TopLevel, reason: str) -> None:
        self._tell(each, "refused", f"{reason}; evaluate it when you want it to run")

    def _tell(
        self, each: TopLevel, outcome: str, reason: str | None = None, *, functions: int = 0
    ) -> None:
        change = Change(f"line {each.line + 1}", "statement", outcome, reason)
        change.line, change.functions = each.line, functions
        self.told.append(change)
