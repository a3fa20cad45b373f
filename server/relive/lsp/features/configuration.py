"""What the client tells at the start and when it changes: settings, folders, how it counts."""

from __future__ import annotations

from functools import partial

from lsprotocol import types
from pygls.uris import from_fs_path

from relive.lsp import commands
from relive.lsp.daemon import Daemon
from relive.lsp.encoding import Codec
from relive.lsp.lifetime import watch_process


def register(daemon: Daemon) -> None:
    """Follow the client's choices."""
    server = daemon.server

    def initialize(params: types.InitializeParams) -> None:
        daemon.codec = Codec(server.workspace.position_encoding or types.PositionEncodingKind.Utf16)
        daemon.configuration.start(params.initialization_options)
        daemon.sessions.is_console = daemon.configuration.is_console
        for folder in _folders(params):
            daemon.sessions.add_folder(folder)
        if daemon.configuration.is_plain:
            from relive.lsp.plain import client  # late: few are

            client.serve(daemon, daemon.configuration.shows_values)
        if params.process_id is not None:
            daemon.at_end.append(watch_process(params.process_id, server.stop))

    def change_configuration(params: types.DidChangeConfigurationParams) -> None:
        if isinstance(params.settings, dict) and "relive" in params.settings:
            daemon.configuration.update(params.settings["relive"])
            for session in daemon.sessions.all():
                session.configure(daemon.configuration)

    def initialized(_params: types.InitializedParams) -> None:
        for begin in daemon.at_begin:
            begin()

    server.on(types.INITIALIZE, initialize)
    server.on(types.INITIALIZED, initialized)
    server.on(types.WORKSPACE_DID_CHANGE_CONFIGURATION, change_configuration)
    server.on_command(commands.INTERPRETERS, commands.InterpretersParams, partial(_choose, daemon))
    server.on(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, partial(_change_folders, daemon))


async def _choose(daemon: Daemon, params: commands.InterpretersParams) -> None:
    daemon.configuration.choose(params.interpreter, params.interpreters)
    for session in daemon.sessions.all():
        session.choose(daemon.configuration)


def _change_folders(daemon: Daemon, params: types.DidChangeWorkspaceFoldersParams) -> None:
    for folder in params.event.removed:
        daemon.sessions.remove_folder(folder)
    for folder in params.event.added:
        daemon.sessions.add_folder(folder)


def _folders(params: types.InitializeParams) -> list[types.WorkspaceFolder]:
    if params.workspace_folders:
        return list(params.workspace_folders)
    root = params.root_uri or (params.root_path and from_fs_path(params.root_path))
    return [types.WorkspaceFolder(root, name=root)] if root else []
