"""Bringing a file up to date: the process is made what a fresh run of it gives, by the least work.

What was edited is redefined; then what was never run, or is not true, runs in the order of the
text. What is still true does not run again. What was made or changed by code that is gone is made
again. What only a fresh process can give is told.
"""

from __future__ import annotations

import ast
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from relive.lsp import protocol, stale_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, Mark
from relive.lsp.folder_session import FolderSession
from relive.lsp.redefining import carry_out, redefine
from relive.lsp.rerunning import Rerunning, outdated
from relive.lsp.result_places import Shown
from relive.session.definition_answers import RunningFile
from relive.session.requests import RedefineRequest
from relive.session.rerunning import out_of_order
from relive.session.units import Name, Trace, Unit, outermost
from relive.source.definitions import definitions, named
from relive.source.derived import derived
from relive.source.forms import Form, form_at, top_level_forms
from relive.source.nodes import syntax_tree
from relive.source.positions import Range

_NUMBERS = itertools.count(1)
_START = Range((0, 0), (0, 0))


async def bring_up_to_date(
    daemon: Daemon, session: FolderSession, document: Document
) -> stale_protocol.UpToDate:
    """Make the process what a fresh run of the document gives, as far as it can be."""
    rerunning = Rerunning(daemon, session)
    running = await session.running(document.file)
    if not running:
        await rerunning.evaluate_all(document.uri)
        return stale_protocol.UpToDate(None, rerunning.ran, [], needs_restart=False)
    receipt = await _redefine(daemon, session, document)
    if receipt.error is not None:
        return stale_protocol.UpToDate(receipt, [], [], needs_restart=False)
    is_whole = all(each.whole for each in running)
    work = _Work(daemon, session, document, receipt, is_whole=is_whole)
    undone = work.without_what_is_gone()
    missing = list(work.never_run(await session.running(document.file)))
    never = [_provisional(session, document, form) for form in missing]
    await rerunning.run(lambda: [*never, *undone, *work.outdated()])
    stays = [*((_START, why) for why in work.stays()), *work.unwatched(missing)]
    for range_, why in stays:
        rerunning.leave(document.uri, range_, why)
    needs_restart = rerunning.is_blocked or bool(stays)
    return stale_protocol.UpToDate(receipt, rerunning.ran, rerunning.left, needs_restart)


async def _redefine(
    daemon: Daemon, session: FolderSession, document: Document
) -> protocol.Redefinition:
    """Redefine what was edited.

    Code that is new runs afterwards, traced, and once; decorated definitions that are new only now
    if those need them that were edited.
    """
    about = daemon, session, [document.snapshot()]
    request = RedefineRequest(document.file, document.text, unasked=True, leaves_new=True)
    receipt = await carry_out(*about, request)
    if receipt.error is None or receipt.error.type != "NameError":
        return receipt
    return await redefine(*about, unasked=True)


class _Work:
    """What there is to do about a document, once what was edited in it is redefined."""

    def __init__(
        self,
        daemon: Daemon,
        session: FolderSession,
        document: Document,
        receipt: protocol.Redefinition,
        *,
        is_whole: bool,
    ) -> None:
        self._daemon = daemon
        self._session = session
        self._document = document
        self._receipt = receipt
        self._is_whole = is_whole
        """Whether the module has run whole, and was not only evaluated in part."""
        self._ran = {line for line in self._lines("redefined") if self._is_done_at(line)}
        """Statements that the redefinition has run, with nothing left to do about them."""
        self._told = self._lines("redefined") | self._lines("refused")
        """Statements that are new or edited."""
        self._followed = set(self._followed_among(each.name for each in receipt.definitions))
        """What the redefinition tells to stay of code that is gone, and that is undone here."""
        self._shadowed = self._edited_above_a_namesake()
        self._followed |= {name for unit in self._shadowed for _, name in unit.trace.writes}
        self._anew = self._defined_anew_among_several()
        self._gone: list[Unit] = []
        """What ran, and is not in the text any more."""

    def _followed_among(self, told: Iterable[str]) -> Iterator[str]:
        """Yield the statements among what was told of that were seen to run in this document."""
        statements = {each for each in told if not each.replace(".", "").isidentifier()}
        units = self._session.staleness.units() if statements else ()
        for unit in units:
            if unit.file == self._document.file:
                yield from (each for each in statements if _says(unit.text, each))

    def _edited_above_a_namesake(self) -> list[Unit]:
        """Return the definitions that were not redefined: others further down have the names."""
        refused = {each.name for each in self._receipt.definitions if each.outcome == "refused"}
        found, below = [], set[str]()
        for form in reversed(top_level_forms(self._document.text)):
            names = refused.intersection(form.binds) if _is_definition(form) else set()
            unit = self._unit_at(form) if names & below else None
            if unit is not None and self._document.table.slice(form.range) != unit.text:
                found.append(unit)
            below |= names
        return found[::-1]

    def _defined_anew_among_several(self) -> set[str]:
        """Return the names with several definitions of which one is new, or nobody knows which."""
        told = {each.name for each in self._receipt.definitions if each.outcome != "unchanged"}
        forms = top_level_forms(self._document.text) if told else ()
        counts = Counter(name for form in forms for name in told.intersection(form.binds))
        return {name for name, count in counts.items() if count > 1}

    def _lines(self, outcome: str) -> set[int]:
        return {
            each.range.start.line
            for each in self._receipt.definitions
            if each.kind == "statement" and each.outcome == outcome and each.range is not None
        }

    def _is_done_at(self, line: int) -> bool:
        """Whether a statement's value cannot come of stale ones, and its names have no other."""
        form = form_at(self._document.text, (line, 0))
        if form is None:
            return True
        bound = Counter(
            name for each in top_level_forms(self._document.text) for name in each.binds
        )
        has_others = any(bound[name] > 1 for name in form.binds)
        return not (has_others or _names_in(self._document.table.slice(form.range)))

    def without_what_is_gone(self) -> list[Unit]:
        """Forget what ran and is not in the text any more; return what has to run again for it.

        That is what had made the values which it changed, or which it took the place of; of
        definitions only those whose names it has bound: run again, they undo no change.
        """
        staleness = self._session.staleness
        self._gone = [each for each in staleness.units() if self._is_gone(each)]
        gone = set(self._gone)
        staleness.removed(self._gone)
        names = {name for unit in self._gone for name in unit.trace.gives}
        changed = {name for unit in self._gone for name in unit.trace.changed}
        standing = [each for each in staleness.units() if each not in gone and self._stands(each)]
        standing.sort(key=lambda unit: staleness.places.of(unit) or ("", (0, 0)))
        makers = {
            name: unit
            for unit in standing
            for name in names & unit.trace.gives
            if not (unit.is_definition and (name in changed or unit.text.startswith("@")))
        }
        return list(dict.fromkeys(makers.values()))

    def _is_gone(self, unit: Unit) -> bool:
        shown = self._session.results.find(unit)
        if shown is None:  # such as what was typed in a console
            is_own = unit.file == self._document.file and not unit.is_unwatched
            return is_own and bool(unit.trace.gives)
        is_here = shown.document is self._document
        return is_here and (shown.is_gone or _is_displaced(unit, shown))

    def _stands(self, unit: Unit) -> bool:
        shown = self._session.results.find(unit)
        return shown is not None and shown.document is self._document and not shown.is_gone

    def never_run(self, running: Iterable[RunningFile]) -> Iterator[Form]:
        """Yield what of the text has not run in this process, or came to no end."""
        live = {(text.name, text.fingerprint) for each in running for text in each.texts}
        gone = {each.text for each in self._gone}
        for number, form in enumerate(top_level_forms(self._document.text)):
            self._note_done(form)
            if form.kind in ("guard", "broken") or self._unit_at(form):
                continue
            if _is_definition(form):
                is_live = self._is_live(form, live) and not self._is_undone(form)
                has_run = is_live and self._anew.isdisjoint(form.binds)
            elif self._document.table.slice(form.range) in gone:
                has_run = False  # it was moved, or taken out and put back
            elif form.range.start[0] in self._told:
                # what made something that is undone has to run where its doings are seen
                has_run = form.range.start[0] in self._ran and not self._gone
            else:
                has_run = self._is_whole or form.kind == "import"
            if not (has_run or (number == 0 and self._is_docstring(form))):
                yield form

    def _note_done(self, form: Form) -> None:
        """Have what the redefinition has run be what ran there."""
        unit = self._unit_at(form)
        has_run = unit is not None and form.range.start[0] in self._ran
        if unit is not None and has_run and not unit.trace.changed:
            unit.text = self._document.table.slice(form.range)

    def _is_undone(self, form: Form) -> bool:
        """Whether a definition is live, and what its statement does besides is taken for gone."""
        names = {(self._document.file, name) for name in form.binds}
        is_decorated = self._document.table.slice(form.range).startswith("@")
        return any(
            (is_decorated or unit.trace.changed) and names & unit.trace.writes
            for unit in self._gone
            if unit.is_definition
        )

    def _unit_at(self, form: Form) -> Unit | None:
        shown = self._session.results.at(self._document.file, form.range.start)
        unit = None if shown is None else self._session.staleness.unit(shown.unit)
        return unit if unit is not None and unit.has_result else None

    def _is_live(self, form: Form, live: set[tuple[str, str]]) -> bool:
        found = definitions(self._document.table.slice(form.range))
        reachable = [each for each in found if outermost(each.name) == each.name]
        return all((each.name, each.fingerprint) in live for each in reachable)

    def _is_docstring(self, form: Form) -> bool:
        try:
            node = syntax_tree(self._document.table.slice(form.range)).body[0]
        except (SyntaxError, ValueError, IndexError):
            return False
        return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)

    def outdated(self) -> list[Unit]:
        """Return the results that are not true, but for those the redefinition has made so.

        Nor are those true that ran out of the text's order.
        """
        found = outdated(self._daemon, self._session, self._document.file)
        wrong = [each for each in out_of_order(self._session.staleness) if self._stands(each)]
        return [*self._shadowed, *wrong, *self._left_of(found)]

    def _left_of(self, found: list[Unit]) -> list[Unit]:
        return [each for each in found if each.is_stale or not self._has_run(each)]

    def _has_run(self, unit: Unit) -> bool:
        shown = self._session.results.find(unit)
        return shown is not None and shown.start[0] in self._ran and not unit.trace.changed

    def stays(self) -> Iterator[str]:
        """Yield what a fresh run would not have, or have otherwise, in words."""
        for each in self._receipt.definitions:
            is_name = each.kind == "statement" and each.range is None
            is_told = each.outcome == "refused" and each.name not in self._followed
            if is_told and (is_name or each.kind != "statement"):
                yield f"`{each.name}`: {each.reason}"
        for _, name in self._leftovers():
            yield f"`{name}` is not in the file any more, and the process still has it"
        for name in self._changed_by_what_is_gone():
            yield f"`{name}` was changed by code that is not in the file any more"

    def unwatched(self, missing: Iterable[Form]) -> Iterator[tuple[Range, str]]:
        """Yield the statements that ran with nothing watching, and may come of what was edited."""
        text, file = self._document.text, self._document.file
        edited = self._session.edited.of(self._session.info.pid, file, text)
        names = {*edited, *(name for form in missing for name in form.binds)}
        ran = {form.range.start for form in missing}
        headers = [each for each in edited.values() if each is not None]
        headers += [each.source for name in edited for each in named(text, name)]
        headers += [self._document.table.slice(each.range) for each in missing]
        for each in derived(text, names, headers):
            start = each.form.range.start
            was_watched = self._unit_at(each.form) is not None
            if not (was_watched or start in ran or start[0] in self._ran):
                yield each.form.range, _unwatched(each.of)

    def _changed_by_what_is_gone(self) -> Iterator[str]:
        """Yield what code that is gone has changed, or given others, and nothing made anew."""
        for name, unit in self._session.staleness.made():
            if unit in self._gone and (name in unit.trace.changed or name[0] != unit.file):
                yield name[1]

    def _leftovers(self) -> Iterator[Name]:
        """Yield names that only statements have bound which are not in the text any more."""
        text = self._document.text
        bound = {name for form in top_level_forms(text) for name in form.binds}
        for name, unit in self._session.staleness.made():
            if name[0] != self._document.file or name[1] in bound:
                continue
            shown = self._session.results.find(unit)
            own = {each for form in top_level_forms(unit.text) for each in form.binds}
            if name[1] in own and (shown is None or shown.is_gone):
                yield name


def _is_definition(form: Form) -> bool:
    return form.kind in ("function", "class")


def _is_displaced(unit: Unit, shown: Shown) -> bool:
    """Whether a definition stands there now that is another, such as one below its decorator."""
    form = shown.form
    if form is None or not _is_definition(form):
        return False
    return unit.trace.gives.isdisjoint((unit.file, name) for name in form.binds)


def _says(text: str, statement: str) -> bool:
    """Whether a text is a statement, of which the first line is told, as far as it is not long."""
    try:
        words = ast.unparse(syntax_tree(text)).partition("\n")[0]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return words.startswith(statement[:-1]) if statement.endswith("…") else words == statement


def _unwatched(of: str) -> str:
    return (
        f"it ran as the file was loaded, when nothing watched what it does, and `{of}`, which it"
        " may come of, is another now: restart and run the file"
    )


def _provisional(session: FolderSession, document: Document, form: Form) -> Unit:
    """Return a unit for what has not run yet, by what its text says that it will touch."""
    text = document.table.slice(form.range)
    reads = frozenset((document.file, name) for name in _names_in(text))
    writes = frozenset((document.file, name) for name in form.binds)
    trace = _with_what_began(session, document, form, Trace(reads, writes))
    unit = Unit(f"new:{next(_NUMBERS)}", text, trace, document.file)
    session.results.note(unit.id, Mark(document.snapshot(), form.range))
    return unit


def _with_what_began(session: FolderSession, document: Document, form: Form, trace: Trace) -> Trace:
    """Add what a statement has done that began and came to no end.

    Of one that is held nobody knows: it counts as having changed all the values that it names.
    """
    shown = session.results.at(document.file, form.range.start)
    failed = None if shown is None else session.staleness.unit(shown.unit)
    if failed is not None:
        return replace(trace, reads=trace.reads | failed.trace.reads, changed=failed.trace.changed)
    if not session.holds:
        return trace
    made = {name: unit for name, unit in session.staleness.made() if name in trace.reads}
    changed = {name for name, unit in made.items() if not _only_defines(unit)}
    return replace(trace, changed=frozenset(changed))


def _only_defines(unit: Unit) -> bool:
    return unit.is_definition or unit.text.startswith(("import ", "from "))


def _names_in(text: str) -> set[str]:
    try:
        tree = syntax_tree(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    return {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)} - _only_bound(tree)


def _only_bound(tree: ast.AST) -> set[str]:
    """Return the names that a plain assignment gives a value without reading them."""
    names = [each for each in ast.walk(tree) if isinstance(each, ast.Name)]
    loaded = {each.id for each in names if isinstance(each.ctx, ast.Load)}
    added = {
        each.target.id
        for each in ast.walk(tree)
        if isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name)
    }
    return {each.id for each in names} - loaded - added
