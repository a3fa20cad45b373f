"""The captured calls of the sessions, as last heard: an evaluation must not wait for the process.

It is asked when it says that calls have ended, some time after the last answer: a function that is
called all the time is not asked about all the time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from relive.lsp.folder_session import FolderSession
from relive.session.capturing import Captured, CapturedCall
from relive.session.events import CallsCaptured, Event, StateChanged

_PAUSE_S = 0.2
"""Between two questions."""
_PATIENCE_S = 1.0
"""For an answer: C code that keeps the interpreter's lock gives none."""

Function = tuple[str, str]


class Captures:
    """What is known of captured calls."""

    def __init__(self) -> None:
        self.tell: Callable[[FolderSession, set[Function]], None] = lambda session, functions: None
        """Is told whose calls are others now, by file and name."""
        self._known: dict[FolderSession, Captured] = {}
        self._news: dict[FolderSession, int] = {}
        """How often a process has told that there are others."""
        self._taken_in: dict[FolderSession, int] = {}
        """Of what has been told, how much was known when it last answered."""
        self._asking: dict[FolderSession, asyncio.Task[None]] = {}
        self._processes: dict[FolderSession, tuple[int, int | None]] = {}

    def on_event(self, session: FolderSession, event: Event) -> None:
        """Ask a process that has news, or that is another one."""
        if isinstance(event, CallsCaptured):
            self._ask_soon(session)
        elif isinstance(event, StateChanged) and session in self._known:
            process = (event.info.generation, event.info.pid)
            if self._processes.get(session, process) != process:
                self._ask_soon(session)
            self._processes[session] = process

    def known(self, session: FolderSession) -> Captured:
        """Return what was heard last."""
        return self._known.get(session, Captured())

    async def now(self, session: FolderSession) -> Captured:
        """Return what the process says; what was heard last, if it says nothing soon."""
        news = self._news.get(session, 0)
        try:
            self.heard(session, await asyncio.wait_for(session.captured(), _PATIENCE_S))
            self._taken_in[session] = max(news, self._taken_in.get(session, 0))
        except asyncio.TimeoutError:
            pass
        return self.known(session)

    async def latest(self, session: FolderSession) -> Captured:
        """Return what is known, once the process has been heard about the calls it told of."""
        return await self.now(session) if self._is_due(session) else self.known(session)

    def heard(self, session: FolderSession, captured: Captured) -> None:
        """Take what a process has said."""
        before = self._known.get(session, Captured())
        self._known[session] = captured
        changed = _shown(before) ^ _shown(captured)
        functions = {(str(file), str(name)) for file, name, *_ in changed}
        if functions:
            self.tell(session, functions)

    def call(self, session: FolderSession, number: int) -> CapturedCall | None:
        """Return a call that is known."""
        calls = self.known(session).calls
        return next((each for each in calls if each.call == number), None)

    def _ask_soon(self, session: FolderSession) -> None:
        self._news[session] = self._news.get(session, 0) + 1
        if session not in self._asking:
            task = asyncio.get_running_loop().create_task(self._ask(session))
            self._asking[session] = task

    def _is_due(self, session: FolderSession) -> bool:
        return self._news.get(session, 0) > self._taken_in.get(session, 0)

    async def _ask(self, session: FolderSession) -> None:
        try:
            while self._is_due(session):
                await self.now(session)
                await asyncio.sleep(_PAUSE_S)
        finally:
            del self._asking[session]


def _shown(captured: Captured) -> set[tuple[object, ...]]:
    """Return what tells one answer from another: which calls there are, and which have ended."""
    functions = {(each.file, each.name, each.why) for each in captured.functions}
    calls = {
        (each.file, each.name, each.call, each.duration_ms, each.has_values, each.text)
        for each in captured.calls
    }
    return {*functions, *calls}
