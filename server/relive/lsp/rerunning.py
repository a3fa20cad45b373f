"""Running stale results again: what has to run is planned, and runs in the editor's sight."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Collection, Iterable

import attrs

from relive.lsp import commands, protocol, stale_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import file_of
from relive.lsp.folder_session import FolderSession
from relive.lsp.result_places import Shown
from relive.lsp.taking_away import TakenAway, holder_of
from relive.session.requests import BY_COMMAND, BY_ITSELF
from relive.session.rerunning import Plan, plan
from relive.session.units import Name, Unit
from relive.source.forms import form_at
from relive.source.positions import Range

_TOKENS = itertools.count(1)
_MOST_ROUNDS = 5
"""Running again may show more to be stale: that often it is looked once more."""
_STOPPED = ("interrupted", "died")
Allowed = Callable[[Unit], Awaitable[bool | None]]
"""Says whether a unit may run again now; None: nothing may."""


class Rerunning:
    """Statements of one session that are run again, and what became of them."""

    def __init__(
        self, daemon: Daemon, session: FolderSession, unasked: Allowed | None = None
    ) -> None:
        """`unasked`: nobody has asked for it, and this says of each when its turn comes."""
        self._daemon = daemon
        self._session = session
        self._unasked = unasked
        self.ran: list[protocol.Evaluation] = []
        self.left: list[stale_protocol.LeftCode] = []
        self._made: set[str] = set()
        """Results that came of running again: none does so twice."""
        self._done: set[Unit] = set()
        """What was run again."""
        self._failed: dict[Unit, str] = {}
        """What did not run again, or failed: where it stands, in words."""
        self.is_stopped = False
        self.is_blocked = False
        """Whether anything could not run that would be wrong without what is gone."""

    async def run(self, wanted: Callable[[], Iterable[Unit]]) -> None:
        """Run what is wanted, and what becomes wanted by that."""
        for _ in range(_MOST_ROUNDS):
            chosen = [each for each in wanted() if self._is_new(each)]
            if not chosen or self.is_stopped:
                return
            await self._run(chosen)

    def _is_new(self, unit: Unit) -> bool:
        return not (unit.id in self._made or unit in self._failed or unit in self._done)

    async def _run(self, chosen: list[Unit]) -> None:
        planned = plan(self._session.staleness, chosen, self.obstacle)
        self.is_blocked |= bool(planned.left)
        for unit, why in planned.left.items():
            self._leave(unit, why)
        for unit in planned.run:
            spoilt = next((each for each in planned.needs[unit] if each in self._failed), None)
            if spoilt is not None:
                self._leave(unit, f"it needs what {self._failed[spoilt]} gives, which failed")
            elif self.is_stopped:
                self._leave(unit, "running again was stopped")
            elif (holder := await self._holder(unit, planned)) is not None:
                self.is_blocked = True
                self._leave(unit, _kept(unit, holder))
            else:
                await self._run_again(unit, planned.away[unit])

    async def _holder(self, unit: Unit, planned: Plan) -> str | None:
        """Return a module that would keep the former class, if a unit makes one anew."""
        if not (unit.is_definition and planned.away[unit]):
            return None
        anew = {each.file for each in planned.run}
        return await holder_of(self._session, planned.away[unit], anew)

    async def _run_again(self, unit: Unit, away: set[Name]) -> None:
        is_anew = unit.is_definition and bool(away)
        if self._unasked is not None and not await self._is_allowed(self._unasked, unit, is_anew):
            return
        self._done.add(unit)
        shown = self._session.results.find(unit)
        if shown is None:  # what stood in the same place, and has failed, has run again for it
            return
        answer = await self._evaluate_without(away, shown)
        if answer.status in _STOPPED:
            self.is_stopped = True
        if answer.status != "ok":
            error = answer.error
            why = "it failed" if error is None else f"{error.type}: {error.message}"
            self._leave(unit, why, shown)

    async def _evaluate_without(self, names: Collection[Name], shown: Shown) -> protocol.Evaluation:
        """Run a statement as if some names of its module had not been there."""
        uri = shown.document.uri
        taken = TakenAway(self._daemon, self._session, uri, sorted(name for _, name in names))
        await taken.take()
        answer = await self.evaluate(uri, shown.range)
        await taken.end(has_failed=answer.status != "ok")
        return answer

    async def _is_allowed(self, allowed: Allowed, unit: Unit, is_anew: bool) -> bool:
        verdict = not is_anew and await allowed(unit)
        if not verdict:
            self.is_stopped |= verdict is None
            self._leave(unit, "it is not known to act on nothing")
        return bool(verdict)

    async def evaluate(self, uri: str, range_: Range) -> protocol.Evaluation:
        """Run a part of a document."""
        document = self._daemon.documents.get(uri)
        where = self._daemon.codec.range_to_client(document.table, range_)
        return await self._evaluate(commands.EvaluateParams(uri, "selection", range=where))

    async def evaluate_all(self, uri: str) -> protocol.Evaluation:
        """Run a document."""
        return await self._evaluate(commands.EvaluateParams(uri, "file"))

    async def _evaluate(self, params: commands.EvaluateParams) -> protocol.Evaluation:
        token = f"again:{next(_TOKENS)}"
        cause = BY_COMMAND if self._unasked is None else BY_ITSELF
        answer = await self._daemon.evaluate(attrs.evolve(params, token=token), cause)
        self._made |= {each.id for each in answer.results}
        self.ran.append(answer)
        told = stale_protocol.EvaluatedParams(params.uri, token, answer)
        self._daemon.outbox.post(stale_protocol.EVALUATED, told)
        return answer

    def _leave(self, unit: Unit, why: str, shown: Shown | None = None) -> None:
        shown = shown or self._session.results.find(unit)
        self._failed[unit] = _where(shown)
        if shown is not None:
            self.leave(shown.document.uri, shown.range, why)

    def leave(self, uri: str, range_: Range, why: str) -> None:
        """Note what is not run, and why."""
        document = self._daemon.documents.of_file(file_of(uri))
        if document is not None:
            where = self._daemon.codec.range_to_client(document.table, range_)
            self.left.append(stale_protocol.LeftCode(uri, where, why))

    def obstacle(self, unit: Unit) -> str | None:
        """Return why a statement cannot run again; None: it can."""
        shown = self._session.results.find(unit)
        if shown is None:
            return "it stands in no file"
        if not self.is_open(shown):
            return f"{shown.document.file} is not open in the editor"
        if shown.is_gone:
            return "its text was deleted"
        form = form_at(shown.document.text, shown.start)
        return "it does not parse" if form is not None and form.kind == "broken" else None

    def is_open(self, shown: Shown) -> bool:
        """Whether the editor has the document still."""
        return self._daemon.documents.of_file(shown.document.file) is shown.document


def _kept(unit: Unit, holder: str) -> str:
    names = ", ".join(sorted(f"`{name}`" for file, name in unit.trace.writes if file == unit.file))
    return (
        f"{names} has to be made anew, and `{holder}` would keep what it was: restart and run the"
        " file"
    )


def _where(shown: Shown | None) -> str:
    return "code that stands in no file" if shown is None else f"line {shown.start[0] + 1}"


def outdated(daemon: Daemon, session: FolderSession, file: str | None) -> list[Unit]:
    """Return the units whose results are shown and not true: stale, or of edited text.

    What an edited definition defines is not a result; redefining is another thing.
    """
    found = []
    for unit in session.staleness.units():
        shown = session.results.find(unit)
        if shown is None or shown.is_gone or file not in (None, shown.document.file):
            continue
        if daemon.documents.of_file(shown.document.file) is not shown.document:
            continue
        if unit.is_stale or (is_edited(shown, unit) and not unit.is_definition):
            found.append(unit)
    return found


def is_edited(shown: Shown, unit: Unit) -> bool:
    """Whether a statement says something else by now than what has run."""
    return shown.text != unit.text
