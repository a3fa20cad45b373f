"""Carrying out a replay: entries of the change log run again in their session, one by one."""

from __future__ import annotations

import asyncio

from relive.changelog.entries import Entry
from relive.changelog.sessions import Life
from relive.lsp import convert, log_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, Snapshot
from relive.lsp.error_protocol import ErrorInfo
from relive.lsp.failures import RefusedError
from relive.lsp.folder_session import FolderSession
from relive.lsp.log_convert import Entries
from relive.lsp.placing import placed
from relive.lsp.redefining import carry_out
from relive.session.answers import Error, file_uri
from relive.session.definition_answers import Redefinition
from relive.session.recovery import Choice, Plan, find_life, is_running, news, plan, superseded
from relive.session.replay import Ended, Replaying, ending_of, refusal, request_of
from relive.session.requests import EvaluateRequest, RedefineRequest, ResumeRequest, UndoRequest

NOT_LOGGED = "Nothing is logged here: no folder is open, or the setting relive.log.enabled is off."
_NOTHING = log_protocol.Replay(0, 0, None, [], [])


async def recover(
    daemon: Daemon, session: FolderSession, life: Life, choice: Choice
) -> log_protocol.ReplayedSession:
    """Replay what is chosen of a life into the process that runs, or a new one."""
    history = session.history
    chosen = await _planned(session, life, choice)
    if history is not None and await asyncio.to_thread(is_running, history, life):
        if not _is_lost(session, choice):
            raise RefusedError("That process still runs. Restart it with `replay` instead.")
        return await _replay(daemon, session, None, chosen)
    return await _replay(daemon, session, life, chosen)


def _is_lost(session: FolderSession, choice: Choice) -> bool:
    """Whether all that is chosen was lost when the process that runs came back by itself."""
    came_back = session.info.came_back
    lost = set() if came_back is None else {each.entry for each in came_back.lost}
    return bool(choice.entries) and lost.issuperset(choice.entries or ())


async def restart_and_replay(
    daemon: Daemon, session: FolderSession, choice: Choice
) -> log_protocol.ReplayedSession:
    """Replay what the present process has run in one that takes its place."""
    log, history = session.log, session.history
    if log is None or history is None:
        raise RefusedError(f"{NOT_LOGGED} Restart without `replay`.")
    life = await asyncio.to_thread(find_life, history, log.id, log.life)
    _check_free(session)
    if life is None:
        return convert.replayed(await session.restart(), _NOTHING)
    await _planned(session, life, choice)  # a choice that makes no sense ends no process
    await session.restart()
    return await _replay(daemon, session, life, await _planned(session, life, choice))


async def _planned(session: FolderSession, life: Life, choice: Choice) -> Plan:
    """Return what is replayed of a life, as far as it is in the log by now."""
    if session.history is None:
        return Plan(())
    reading = await asyncio.to_thread(session.history.entries, life.session, life.number)
    try:
        return await asyncio.to_thread(plan, list(news(reading)), choice)
    except ValueError as error:
        raise RefusedError(f"It cannot be replayed so: {error}.") from error


def _check_free(session: FolderSession) -> None:
    if session.replaying is not None:
        raise RefusedError("A replay is under way. Wait for its end, or interrupt it.")


async def _replay(
    daemon: Daemon, session: FolderSession, life: Life | None, chosen: Plan
) -> log_protocol.ReplayedSession:
    """Carry it out; the life is that of a process that has ended."""
    _check_free(session)
    replaying: Replaying[ErrorInfo] = Replaying(chosen)
    session.replaying = replaying
    teller = _Teller(daemon, session, replaying)
    try:
        while (entry := replaying.next()) is not None:
            teller.tell(entry)
            ended = await _run_again(daemon, session, entry, careful=chosen.is_careful)
            replaying.took(ending_of(ended), _problem(ended))
    finally:
        session.replaying = None
        teller.tell(None)
    session.recovered(entry.id for entry in chosen.entries if entry.id not in replaying.left)
    if life is not None and not replaying.left:
        await _mark_recovered(session, life)
    return convert.replayed(session.info, teller.report())


async def _mark_recovered(session: FolderSession, life: Life) -> None:
    """Note that the life is dealt with, and so are replays of it that did not get through."""
    log, history = session.log, session.history
    if log is not None and history is not None:
        others = await asyncio.to_thread(superseded, history, log.id, life)
        for each in (life, *others):
            log.mark(each.session, each.number, "recovered")


class _Teller:
    """Tells the client how a replay goes."""

    def __init__(
        self, daemon: Daemon, session: FolderSession, replaying: Replaying[ErrorInfo]
    ) -> None:
        self._daemon = daemon
        self._session = session
        self._replaying = replaying

    def tell(self, entry: Entry | None) -> None:
        """Tell which entry is next; None: there is none any more."""
        params = log_protocol.ReplayParams(
            total=self._replaying.total,
            done=self._replaying.done,
            entry=None if entry is None else self._entries().entry(entry),
            folder=self._session.folder,
        )
        self._daemon.outbox.post(log_protocol.REPLAY_PROGRESS, params)

    def report(self) -> log_protocol.Replay:
        """Return how it went."""
        replaying = self._replaying
        failed = None
        if replaying.failed is not None:
            entry, error = replaying.failed
            failed = log_protocol.FailedEntry(self._entries().entry(entry), error)
        return log_protocol.Replay(
            total=replaying.total,
            done=replaying.done,
            failed=failed,
            left=list(replaying.left),
            skipped=[
                log_protocol.SkippedEntry(each.id, each.why) for each in replaying.plan.skipped
            ],
        )

    def _entries(self) -> Entries:
        return Entries(self._daemon, self._session.log_id)


async def _run_again(
    daemon: Daemon, session: FolderSession, entry: Entry, *, careful: bool
) -> Ended:
    request = request_of(entry, Entries(daemon, None).texts, careful=careful)
    if isinstance(request, EvaluateRequest):
        return await daemon.run_again(session, request, entry.id)
    if isinstance(request, RedefineRequest):
        return await _redefine_again(daemon, session, request)
    if isinstance(request, UndoRequest):
        receipt: Redefinition = await session.undo(request)
    elif isinstance(request, ResumeRequest):
        return await _resume_again(daemon, session, request, entry.id)
    else:
        receipt = await session.revert(request)
    daemon.image.refresh_soon(session)
    return placed(daemon, receipt)


async def _resume_again(
    daemon: Daemon, session: FolderSession, request: ResumeRequest, token: str
) -> Ended:
    hold = session.hold(None)
    if hold is None:  # what was held the first time has come to its end without it
        return placed(daemon, Redefinition("ok"))
    try:
        return await daemon.resume(session, hold, request, token)
    except RefusedError as error:
        refused = Redefinition("refused", error=Error("Refused", str(error)))
        return placed(daemon, refused)


async def _redefine_again(
    daemon: Daemon, session: FolderSession, request: RedefineRequest
) -> Ended:
    texts = [(request.file, request.document), *request.others]
    found = [standing(daemon, file, document) for file, document in texts]
    return await carry_out(daemon, session, found, request)


def standing(daemon: Daemon, file: str, document: str) -> Snapshot:
    """Return a text of a file: as its open document, if it says that, else as one of its own."""
    opened = daemon.documents.of_file(file)
    if opened is not None and opened.text == document:
        return opened.snapshot()
    return Document(file_uri(file) or file, document).snapshot()


def _problem(ended: Ended) -> ErrorInfo | None:
    error = ended.error
    if isinstance(error, ErrorInfo):
        return error
    reasons = refusal(getattr(ended, "definitions", ()))
    if not reasons:
        return None
    return ErrorInfo("Refused", reasons, [], [], None, None, "", [], [])
