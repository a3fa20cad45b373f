"""Stale results that run again by themselves, if that is wanted: those that are cheap."""

from __future__ import annotations

import asyncio
from functools import cache

from relive.lsp.daemon import Daemon
from relive.lsp.folder_session import FolderSession
from relive.lsp.harmless_units import Harmless
from relive.lsp.rerunning import Rerunning, outdated
from relive.session.rerunning import Layout, Plan, plan
from relive.session.units import Unit

_CHEAP_MS = 100.0
"""What takes longer is worth a command."""


class CheapOnes:
    """Runs them again, one session's at a time."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._running: dict[FolderSession, asyncio.Task[None]] = {}
        self._waiting: set[FolderSession] = set()
        """Sessions that had something else to do."""

    def stale(self, session: FolderSession) -> None:
        """Note that results of a session are stale."""
        wanted = self._daemon.configuration.reruns_cheap and session.leads
        if wanted and session not in self._running:
            self._running[session] = asyncio.ensure_future(self._rerun(session))

    def idle(self, session: FolderSession) -> None:
        """Note that a session has nothing to do."""
        if session in self._waiting:
            self._waiting.discard(session)
            self.stale(session)

    async def _rerun(self, session: FolderSession) -> None:
        rerunning = Rerunning(self._daemon, session, lambda unit: self._is_allowed(session, unit))
        try:
            await rerunning.run(lambda: self._wanted(session, rerunning))
        finally:
            del self._running[session]

    def _may_run(self, session: FolderSession) -> bool:
        if session.replaying is None and session.info.state == "idle":
            return True
        self._waiting.add(session)
        return False

    async def _is_allowed(self, session: FolderSession, unit: Unit) -> bool | None:
        """Look again right before a unit runs: the process is asked what its functions are."""
        harmless = Harmless(self._daemon, session)
        await harmless.ask(unit)
        if not self._may_run(session):
            return None
        return _took_little(unit) and harmless.is_harmless(unit)

    def _wanted(self, session: FolderSession, rerunning: Rerunning) -> list[Unit]:
        """Return what is stale, and can be made true by cheap ones alone."""
        if not self._may_run(session):
            return []
        harmless = Harmless(self._daemon, session)
        layout = cache(lambda: Layout(session.staleness))

        @cache
        def is_cheap(unit: Unit) -> bool:
            return _took_little(unit) and harmless.may_be_harmless(unit)

        def is_wanted(unit: Unit) -> bool:
            if not unit.is_stale or not is_cheap(unit):
                return False
            chosen = _with_stale_makers(unit)
            planned = plan(session.staleness, chosen, rerunning.obstacle, layout())
            needed = _necessary(planned, chosen)
            # What is not stale has values that others would see change, and change back.
            return all(each.is_stale and is_cheap(each) for each in needed)

        return list(filter(is_wanted, outdated(self._daemon, session, None)))


def _took_little(unit: Unit) -> bool:
    return unit.duration_ms <= _CHEAP_MS


def _with_stale_makers(unit: Unit) -> set[Unit]:
    """Return a unit with what is stale of all that it came from."""
    found, waiting = {unit}, [unit]
    while waiting:
        makers = {each for each in waiting.pop().providers.values() if each.is_stale}
        waiting += makers - found
        found |= makers
    return found


def _necessary(planned: Plan, chosen: set[Unit]) -> set[Unit]:
    """Return what has to run so that what is chosen is true: all but what is stale without it.

    That is what made the values it needs, and what gives names their values back further down.
    """
    found, given = set(chosen), {name for each in chosen for name in each.trace.gives}
    for each in (*planned.run, *planned.left):
        if not each.is_stale or each.trace.gives & given:
            found.add(each)
            given |= each.trace.gives
    return found
