"""What the client tells at the start and when it changes: settings, folders, how it counts."""

from __future__ import annotations

from lsprotocol import types
from pygls.uris import from_fs_path

from relive.lsp.daemon import Daemon
from relive.lsp.encoding import Codec
from relive.lsp.lifetime import watch_process


def register(daemon: Daemon) -> None:
    """Follow the client's choices."""
    server = daemon.server

    def initialize(params: types.InitializeParams) -> None:
        daemon.codec = Codec(server.workspace.position_encoding or types.PositionEncodingKind.Utf16)
        daemon.configuration.start(params.initialization_options)
        for folder in _folders(params):
            daemon.sessions.add_folder(folder)
        if params.process_id is not None:
            watch_process(params.process_id, server.stop)

    def change_configuration(params: types.DidChangeConfigurationParams) -> None:
        if isinstance(params.settings, dict) and "relive" in params.settings:
            daemon.configuration.update(params.settings["relive"])
            for session in daemon.sessions.all():
                session.configure(daemon.configuration)

    def change_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            daemon.sessions.remove_folder(folder)
        for folder in params.event.added:
            daemon.sessions.add_folder(folder)

    server.on(types.INITIALIZE, initialize)
    server.on(types.WORKSPACE_DID_CHANGE_CONFIGURATION, change_configuration)
    server.on(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, change_folders)


def _folders(params: types.InitializeParams) -> list[types.WorkspaceFolder]:
    if params.workspace_folders:
        return list(params.workspace_folders)
    root = params.root_uri or (params.root_path and from_fs_path(params.root_path))
    return [types.WorkspaceFolder(root, name=root)] if root else []
