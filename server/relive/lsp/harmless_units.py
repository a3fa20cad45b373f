"""Whether a statement that has run can act on nothing when it runs again.

What it calls is told from the texts of the functions, which have to be what the process runs, and
the names that it calls them by have to stand for them still.
"""

from __future__ import annotations

from relive.lsp.daemon import Daemon
from relive.lsp.folder_session import FolderSession
from relive.lsp.rerunning import is_edited
from relive.session.definition_answers import LiveDefinitions
from relive.session.units import Name, Unit, defined_by
from relive.source.definitions import Definition, named
from relive.source.forms import top_level_forms
from relive.source.harmless import calls_in, is_harmless


class Harmless:
    """Tells it of the units of one session, at one moment."""

    def __init__(self, daemon: Daemon, session: FolderSession) -> None:
        self._daemon = daemon
        self._session = session
        self._live: dict[str, LiveDefinitions] = {}
        self._makers = dict(session.staleness.made())

    async def ask(self, unit: Unit) -> None:
        """Have the process say what the functions are that a unit ran."""
        files = {file for file, _ in unit.trace.ran if file is not None}
        if files:
            self._live = await self._session.definitions(sorted(files), {})

    def may_be_harmless(self, unit: Unit) -> bool:
        """Whether it may be: without what the process has to say."""
        return self._is_plain(unit) and self._texts_of(unit) is not None

    def is_harmless(self, unit: Unit) -> bool:
        """Whether it is, by what the process has said."""
        texts = self._texts_of(unit) if self._is_plain(unit) else None
        return texts is not None and all(map(self._runs, texts, texts.values()))

    def _is_plain(self, unit: Unit) -> bool:
        """Whether it has changed nothing, and stands where it stood as it has run."""
        shown = self._session.results.find(unit)
        if shown is None or shown.is_gone or is_edited(shown, unit):
            return False
        return not unit.trace.changed and not unit.trace.unknown

    def _texts_of(self, unit: Unit) -> dict[Name, Definition] | None:
        """Return the functions that it ran, if it and they call nothing else; None: they may."""
        found = {name: self._text_of(name) for name in unit.trace.ran}
        texts = {name: each for name, each in found.items() if each is not None}
        own = {name for _, name in texts}
        places = [(unit.file, unit.text), *((name[0], each.source) for name, each in texts.items())]
        known = len(texts) == len(found) and all(is_harmless(text, own) for _, text in places)
        called = {(file, name) for file, text in places if known for name in calls_in(text)}
        return texts if known and all(self._is_meant(unit, each) for each in called) else None

    def _is_meant(self, unit: Unit, name: Name) -> bool:
        """Whether a name that is called stands for what it stood for: a function, or a built-in."""
        now = self._session.staleness.now
        if name in unit.trace.ran:
            maker = self._makers.get(name)
            return maker is None or name[1] in defined_by(maker.text)
        if any(name[1] == each for _, each in unit.trace.ran):
            is_as_seen = name not in now or now[name][0] == unit.seen.get(name)
            return name in unit.trace.reads and is_as_seen
        return name not in now and not self._binds(*name)

    def _binds(self, file: str | None, name: str) -> bool:
        """Whether a text binds a name, or may do so."""
        document = self._daemon.documents.of_file(file)
        forms = () if document is None else top_level_forms(document.text)
        return any(name in form.binds or "*" in form.binds for form in forms)

    def _runs(self, name: Name, definition: Definition) -> bool:
        """Whether the process runs that text, by that name."""
        live = self._live.get(name[0] or "")
        if live is None or name[1] in live.rebound:
            return False
        return live.fingerprints.of(name[1]) == [definition.fingerprint]

    def _text_of(self, name: Name) -> Definition | None:
        """Return a function that ran; None: its file is not open, or it is a method."""
        document = self._daemon.documents.of_file(name[0])
        found = () if document is None else named(document.text, name[1])
        return found[0] if len(found) == 1 and found[0].range.start[1] == 0 else None
