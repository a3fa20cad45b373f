"""One folder under watch: from reports of changed files to definitions that follow."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document, Snapshot
from relive.lsp.files import Undecodable
from relive.lsp.folder_session import FolderSession
from relive.lsp.redefining import redefine_unasked, tell_undecodable
from relive.lsp.watching.fallback import POLL_S, Fallback
from relive.lsp.watching.intake import Batch, Intake
from relive.lsp.watching.observer import is_watched
from relive.lsp.watching.reading import changed_since, look_into_all
from relive.lsp.watching.settling import LEFT_ALONE, PAUSE_S, Settling, Stand
from relive.lsp.watching.watcher import Owner, Watcher

_SHOWERS = 10
"""How often files that are reported while others are read still join their batch."""

_log = logging.getLogger(__name__)


class WatchedFolder:
    """Has a session's definitions follow files that other programs change."""

    def __init__(
        self,
        daemon: Daemon,
        session: FolderSession,
        folder: str,
        gave_up: Callable[[str], None],
    ) -> None:
        """Begin to watch the session's `folder`; `gave_up` is called if that cannot be."""
        self._daemon = daemon
        self._session = session
        self._folder = folder
        self._gave_up = gave_up
        self._batch: asyncio.Task[None] | None = None
        self._fallback: Fallback | None = None
        self._undecodable: dict[str, Undecodable] = {}
        """Files that are no text as they are now, which was told."""
        self._intake = Intake(asyncio.get_running_loop(), self._begin)
        owner = Owner(self.changed, self._intake.miss, self._fall_back)
        self._watcher = Watcher(folder, daemon.make_observer, owner)
        self._watcher.start()

    def changed(self, file: str) -> None:
        """Take a report, on any thread."""
        self._intake.add(file)

    def stop(self) -> None:
        """Watch no more; a batch under way is carried through."""
        self._watcher.stop()
        self._intake.close()
        if self._fallback is not None:
            self._fallback.stop()

    def _fall_back(self, reason: str) -> None:
        self._fallback = Fallback(self._open_files, self.changed, POLL_S)
        self._gave_up(reason)

    def _open_files(self) -> dict[str, str | None]:
        documents = self._daemon.documents.all()
        return {each.file: each.on_disk for each in documents if self._is_ours(each.file)}

    def _is_ours(self, file: str) -> bool:
        """Whether it is of this session: another session's folder may lie inside this one's."""
        path = Path(file)
        inside = path.is_relative_to(self._folder)
        return inside and self._daemon.sessions.existing(path.as_uri()) is self._session

    # -- a batch ---------------------------------------------------------------------------------

    def _begin(self, batch: Batch) -> None:
        self._batch = asyncio.ensure_future(self._carry_out(batch))
        self._batch.add_done_callback(self._ended)

    def _ended(self, batch: asyncio.Task[None]) -> None:
        if not batch.cancelled() and (error := batch.exception()) is not None:
            _log.error("changed files were not redefined", exc_info=error)
        self._intake.done()

    async def _carry_out(self, batch: Batch) -> None:
        settling = Settling(look_into_all, self._stand, partial(asyncio.sleep, PAUSE_S))
        await self._read(batch, settling)
        for _ in range(_SHOWERS):
            more = self._intake.more()
            if more is None or not await self._read(more, settling):
                break
        for file in settling.restless:
            self._intake.add(file)
        texts = [
            self._snapshot(file, text)
            for file, text in settling.texts.items()
            if self._stand(file, text) not in LEFT_ALONE  # the user goes on typing meanwhile
        ]
        if texts:
            await redefine_unasked(self._daemon, self._session, "disk", texts)
        self._tell_undecodable(settling)

    def _tell_undecodable(self, settling: Settling) -> None:
        """Tell of files that are no text any more, once for what is in them."""
        found, known = settling.undecodable, self._undecodable
        news = {file: each for file, each in found.items() if known.get(file) != each}
        mended = known.keys() & settling.looked_at - found.keys()
        opened = map(self._daemon.documents.of_file, mended)
        self._daemon.problems.tried(self._session, [each for each in opened if each is not None])
        for file in mended:
            del known[file]
        known.update(found)
        if news:
            tell_undecodable(self._daemon, self._session, news)

    async def _read(self, batch: Batch, settling: Settling) -> bool:
        """Read what there is to read of a batch; say whether there was anything."""
        files = await self._loaded(batch) - settling.restless
        await settling.look_at(files)
        return bool(files)

    async def _loaded(self, batch: Batch) -> set[str]:
        """Return the files of the batch whose modules are loaded, and those it may have missed."""
        named = [file for file in batch.files if self._is_ours(file)]
        found = set(await self._session.loaded(named)) if named else set()
        if batch.missed_since is not None:
            every = [file for file in await self._session.loaded(None) if is_watched(file)]
            found |= await changed_since(filter(self._is_ours, every), batch.missed_since)
        return found

    def _stand(self, file: str, text: str) -> Stand:
        """Say how the editor stands to `text`, which `file` holds."""
        document = self._daemon.documents.of_file(file)
        if document is None:
            return "shown"
        shown = document.text == text
        if text == document.written or (shown and document.saving is not None):
            return "own"
        if shown:
            return "shown"
        return "behind" if document.is_saved else "unsaved"

    def _snapshot(self, file: str, text: str) -> Snapshot:
        """Return `text` as what is redefined: the open document, if that says the same by now."""
        document = self._daemon.documents.of_file(file)
        if document is None:
            return Document(Path(file).as_uri(), text).snapshot()
        document.written = None
        if document.text == text:
            document.on_disk = text
            return document.snapshot()
        return Document(document.uri, text).snapshot()
