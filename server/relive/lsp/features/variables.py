"""The names that processes have: `relive.modules`, `relive.variables` and `relive.deleteName`."""

from __future__ import annotations

import keyword

from relive.lsp import commands, protocol
from relive.lsp import variables_protocol as messages
from relive.lsp.convert import same
from relive.lsp.daemon import Daemon
from relive.lsp.documents import file_of
from relive.lsp.failures import RefusedError
from relive.lsp.folder_session import FolderSession
from relive.lsp.value_protocol import Gone
from relive.session import values
from relive.session.answers import file_uri
from relive.session.units import Unit
from relive.session.variables import (
    ListedVariable,
    ModuleNamespace,
    ModulesView,
    Variables,
    VariablesView,
)
from relive.source.dependencies import last_binding


def register(daemon: Daemon) -> None:
    """Offer the names to the client."""
    feature = VariablesFeature(daemon)
    on_command = daemon.server.on_command
    on_command(messages.MODULES, messages.ModulesParams, feature.modules)
    on_command(messages.VARIABLES, messages.VariablesParams, feature.variables)
    on_command(messages.DELETE_NAME, messages.DeleteNameParams, feature.delete)


class VariablesFeature:
    """Tells of names, and deletes them."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    async def modules(self, params: messages.ModulesParams) -> messages.ModuleNamespaces:
        """Return the modules of all sessions that have a process."""
        items = []
        for session in self._daemon.sessions.all():
            found = await session.view(ModulesView())
            if isinstance(found, tuple):  # and not gone with its process
                items += [self._module(session, each) for each in found]
        return messages.ModuleNamespaces(items)

    async def variables(self, params: messages.VariablesParams) -> messages.Variables | Gone:
        """Return some names with what they stand for."""
        session = self._daemon.sessions.chosen(params.uri)
        found = await session.view(_view(session, params))
        if isinstance(found, values.NoView):
            raise RefusedError(found.reason)
        if isinstance(found, values.Gone):
            if params.parent is None and params.frame is None:  # nothing runs, nothing is there
                return messages.Variables([], 0)
            return Gone(found.gone)
        makers = Makers(self._daemon, session, found)
        return messages.Variables([_listed(each, makers) for each in found.items], found.total)

    async def delete(self, params: messages.DeleteNameParams) -> protocol.Evaluation:
        """Run `del` of a name in the module that has it."""
        session = self._daemon.sessions.chosen(params.uri)
        file = None if params.uri is None else file_of(params.uri)
        found = await session.view(VariablesView(file=file, filter=params.name, count=1000))
        named = found.items if isinstance(found, Variables) else ()
        if all(each.name != params.name for each in named):
            raise RefusedError(f"The module has no name {params.name!r} that could be deleted.")
        text = commands.EvaluateTextParams(_deletion(params.name), params.uri, token=params.token)
        return await self._daemon.evaluate_text(text)

    def _module(self, session: FolderSession, module: ModuleNamespace) -> messages.ModuleNamespace:
        document = self._daemon.documents.of_file(module.file)
        uri = file_uri(module.file) or module.file if document is None else document.uri
        return messages.ModuleNamespace(module.name, uri, session.folder, module.ref, module.names)


class Makers:
    """Which forms gave the names of a module what they stand for."""

    def __init__(self, daemon: Daemon, session: FolderSession, found: Variables) -> None:
        self._daemon = daemon
        self._session = session
        self._document = daemon.documents.of_file(found.file)
        self._is_module = found.is_module
        made = session.staleness.made() if found.is_module else ()
        own = (pair for pair in made if pair[0][0] == pair[1].file == found.file)
        self._units = {name: unit for (_, name), unit in own}

    def of(self, name: str) -> messages.SetBy | None:
        """Return where the form is by now; None: nobody knows."""
        unit = self._units.get(name)
        return self._by_text(name) if unit is None else self._by_unit(unit)

    def _by_unit(self, unit: Unit) -> messages.SetBy | None:
        shown = self._session.results.find(unit)
        if shown is None or shown.is_gone:
            return None
        table = shown.document.table
        return messages.SetBy(
            shown.document.uri, self._daemon.codec.range_to_client(table, shown.range)
        )

    def _by_text(self, name: str) -> messages.SetBy | None:
        """Return the last form of the document that binds the name: it was run by an import."""
        document = self._document if self._is_module else None
        form = None if document is None else last_binding(document.text, name)
        if document is None or form is None:
            return None
        return messages.SetBy(
            document.uri, self._daemon.codec.range_to_client(document.table, form.range)
        )


def _view(session: FolderSession, params: messages.VariablesParams) -> VariablesView:
    file = None if params.uri is None else file_of(params.uri)
    about = params.filter or "", params.start, params.count
    if params.parent is not None:
        return VariablesView(None, None, params.parent, *about)
    if params.frame is None:
        return VariablesView(file, None, None, *about)
    hold = session.hold(params.hold)
    if hold is None:
        raise RefusedError("No frame is held. Leave out `frame` for the names of a module.")
    return VariablesView(None, (hold.number, params.frame), None, *about)


def _listed(variable: ListedVariable, makers: Makers) -> messages.ListedVariable:
    return same(messages.ListedVariable, variable, set_by=makers.of(variable.name))


def _deletion(name: str) -> str:
    plain = name.isidentifier() and not keyword.iskeyword(name)
    return f"del {name}" if plain else f"del globals()[{name!r}]"
