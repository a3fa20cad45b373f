"""Following files that other programs change, in the folders of sessions that have a process."""

from __future__ import annotations

from lsprotocol import types

from relive.lsp.daemon import Daemon
from relive.lsp.documents import file_of
from relive.lsp.folder_session import FolderSession
from relive.lsp.watching.fallback import ask_editor, tell_user
from relive.lsp.watching.folder import WatchedFolder
from relive.session.answers import SessionInfo
from relive.session.events import Event, StateChanged


def register(daemon: Daemon) -> None:
    """Watch as long as there is something to follow."""
    watching = Watching(daemon)
    daemon.sessions.listen(watching.on_event, StateChanged)
    daemon.configuration.listen(watching.look_again)
    daemon.at_end.append(watching.stop)
    daemon.server.on(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, watching.on_editors_report)


class Watching:
    """The folders under watch."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon
        self._folders: dict[FolderSession, WatchedFolder] = {}
        self._fell_back = False

    def on_event(self, session: FolderSession, event: Event) -> None:
        """Watch a session's folder from when it has a process to when it has none."""
        if isinstance(event, StateChanged):
            self._look_at(session, event.info)

    def look_again(self) -> None:
        """Follow a change of the settings."""
        for session in self._daemon.sessions.all():
            self._look_at(session, session.info)

    def stop(self) -> None:
        """Watch no more: what is reported while the daemon ends would find nobody."""
        for session in list(self._folders):
            self._folders.pop(session).stop()

    def on_editors_report(self, params: types.DidChangeWatchedFilesParams) -> None:
        """Take what the editor has seen; that a file is gone changes nothing."""
        for change in params.changes:
            if change.type == types.FileChangeType.Deleted:
                continue
            session = self._daemon.sessions.existing(change.uri)
            if session is not None and session in self._folders:
                self._folders[session].changed(file_of(change.uri))

    def _fall_back(self, reason: str) -> None:
        """Find another way, and say so, once: what holds for one folder does for the next."""
        if not self._fell_back:
            self._fell_back = True
            ask_editor(self._daemon)
            tell_user(self._daemon, reason)

    def _look_at(self, session: FolderSession, info: SessionInfo) -> None:
        lives = info.pid is not None and info.state != "starting"
        wanted = lives and session.leads and self._daemon.configuration.redefine_on_disk_change
        watched = self._folders.get(session)
        if wanted and watched is None and session.folder is not None:
            folder = file_of(session.folder)
            self._folders[session] = WatchedFolder(self._daemon, session, folder, self._fall_back)
        elif watched is not None and (info.pid is None or not wanted):
            self._folders.pop(session).stop()
