"""Seeing changes where a folder cannot be watched: what the editor reports, and looking oneself.

The editor watches its folders anyway, and tells those who ask for it. Besides, the files that are
open in it are read now and then: they are few, and the ones a person works on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from lsprotocol import types

from relive.lsp.daemon import Daemon
from relive.lsp.files import Undecodable
from relive.lsp.watching.reading import look_into_all

POLL_S = 2.0


class Fallback:
    """Reports changes of the files that are open, by reading them."""

    def __init__(
        self,
        files: Callable[[], dict[str, str | None]],
        changed: Callable[[str], None],
        every_s: float,
    ) -> None:
        """Begin.

        Args:
            files: gives the files to read now, each with the text it is known to have held.
            changed: is called with one that reads differently than before.
            every_s: how long to wait in between.
        """
        self._files = files
        self._changed = changed
        self._every_s = every_s
        self._known: dict[str, str | Undecodable | None] = {}
        self._task = asyncio.ensure_future(self._poll())

    def stop(self) -> None:
        """Read no more."""
        self._task.cancel()

    async def _poll(self) -> None:
        while True:
            files = self._files()
            texts = await look_into_all(files)
            for file, text in texts.items():
                if self._known.get(file, files[file]) != text:
                    self._changed(file)
            self._known = texts
            await asyncio.sleep(self._every_s)


def ask_editor(daemon: Daemon) -> None:
    """Have the editor tell of changed Python files, if it can be asked to."""
    workspace = daemon.server.client_capabilities.workspace
    watched = workspace and workspace.did_change_watched_files
    if not (watched and watched.dynamic_registration):
        return
    patterns = [types.FileSystemWatcher("**/*.py"), types.FileSystemWatcher("**/*.pyw")]
    options = types.DidChangeWatchedFilesRegistrationOptions(patterns)
    method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
    registration = types.Registration("relive.files", method, options)
    daemon.server.client_register_capability(types.RegistrationParams([registration]))


def tell_user(daemon: Daemon, reason: str) -> None:
    """Say that files cannot be watched, and what that means."""
    message = (
        f"Relive cannot watch the folder for changes by other programs ({reason}). It goes by what "
        "the editor reports, and by the files that are open."
    )
    daemon.server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))
