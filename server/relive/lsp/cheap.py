"""Stale results that run again by themselves, if that is wanted: those that are cheap."""

from __future__ import annotations

import asyncio

from relive.lsp.daemon import Daemon
from relive.lsp.folder_session import FolderSession
from relive.lsp.rerunning import Rerunning, outdated
from relive.session.rerunning import plan
from relive.session.units import Name, Unit
from relive.source.definitions import named
from relive.source.harmless import is_harmless

_CHEAP_MS = 100.0
"""What takes longer is worth a command."""


class CheapOnes:
    """Runs them again, one session's at a time."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._running: dict[FolderSession, asyncio.Task[None]] = {}

    def stale(self, session: FolderSession) -> None:
        """Note that results of a session are stale."""
        wanted = self._daemon.configuration.reruns_cheap and session.leads
        if wanted and session not in self._running:
            self._running[session] = asyncio.ensure_future(self._rerun(session))

    async def _rerun(self, session: FolderSession) -> None:
        try:
            await Rerunning(self._daemon, session).run(lambda: self._wanted(session))
        finally:
            del self._running[session]

    def _wanted(self, session: FolderSession) -> list[Unit]:
        """Return what is stale, and can be made true by cheap ones alone."""
        if session.replaying is not None or session.info.state != "idle":
            return []
        stale = [each for each in outdated(self._daemon, session, None) if each.is_stale]
        return [each for each in stale if self._costs_little(session, each)]

    def _costs_little(self, session: FolderSession, unit: Unit) -> bool:
        if not self._is_cheap(unit):
            return False
        needed = plan(session.staleness, [unit], lambda _: None).needs.get(unit, set())
        return all(self._is_cheap(each) for each in needed if each.is_stale)

    def _is_cheap(self, unit: Unit) -> bool:
        trace = unit.trace
        if unit.duration_ms > _CHEAP_MS or trace.changed or trace.unknown or not unit.has_result:
            return False
        texts = {name: self._text_of(name) for name in trace.ran}
        own = {name for _, name in texts if "." not in name}
        known = all(text is not None and is_harmless(text, own) for text in texts.values())
        return known and is_harmless(unit.text, own)

    def _text_of(self, name: Name) -> str | None:
        """Return the text of a function that ran; None: its file is not open."""
        document = self._daemon.documents.of_file(name[0])
        found = () if document is None else named(document.text, name[1])
        return found[0].source if len(found) == 1 and found[0].range.start[1] == 0 else None
