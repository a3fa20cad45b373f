"""Tells the client when definitions are in another state than it was told: after edits, soon."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from relive.lsp import files
from relive.lsp.definition_protocol import DEFINITIONS_CHANGED, DefinitionsChangedParams
from relive.lsp.documents import Document, Documents
from relive.lsp.image import Image
from relive.lsp.states import State, States, reachable
from relive.session.answers import file_uri
from relive.source.definitions import Definition

_AFTER_EDITS_S = 0.3
"""A pause in typing: states are compared then, and not with each key."""

Told = tuple[tuple[str, State], ...]


class DefinitionNews:
    """What was told of the definitions of each file, and what is to be looked at again.

    Only of files that somebody has asked about: to compare all of a file takes time.
    """

    def __init__(
        self,
        documents: Documents,
        image: Image,
        states: States,
        post: Callable[[str, object], None],
    ) -> None:
        self._documents = documents
        self._image = image
        self._states = states
        self._post = post
        self._told: dict[str, Told] = {}
        self._all_asked = False
        self._due: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        image.listen(self.look_again)

    def edited(self, document: Document) -> None:
        """Look at a document once nobody has edited it for a moment.

        What is in no process has nothing to be compared with.
        """
        if self._is_asked(document.file) and self._image.is_loaded(document):
            self._due.add(document.file)
            if self._timer is not None:
                self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_later(_AFTER_EDITS_S, self._look)

    def look_again(self, changed: set[str]) -> None:
        """Look at files whose text, or what is known of it, is another one."""
        self._due.update(filter(self._is_asked, changed))
        if self._due and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(0, self._look)

    def follow_all(self) -> None:
        """Take it that all files are asked about, those too that are loaded later."""
        self._all_asked = True

    @property
    def follows_all(self) -> bool:
        """Whether all files are asked about."""
        return self._all_asked

    def _is_asked(self, file: str) -> bool:
        return self._all_asked or file in self._told

    def document(self, file: str) -> Document | None:
        """Return the text of a file: the editor's if it is open there, else the disk's.

        None: it is neither open nor loaded, or cannot be read.
        """
        opened = self._documents.of_file(file)
        if opened is not None:
            return opened
        is_told = self._image.live(file) is not None and Path(file).is_absolute()
        text = files.read(file) if is_told else None
        uri = file_uri(file)
        return None if text is None or uri is None else Document(uri, text)

    def states(self, document: Document) -> list[tuple[Definition, State]]:
        """Return the states of a document's definitions, to be told: from then on they are."""
        found = [(each, self._states.of(document, each)) for each in reachable(document.text)]
        self._told[document.file] = tuple((each.name, state) for each, state in found)
        return found

    def _look(self) -> None:
        self._timer = None
        due, self._due = sorted(self._due), set()
        uris = [uri for file in due for uri in self._news_of(file)]
        if uris:
            self._post(DEFINITIONS_CHANGED, DefinitionsChangedParams(uris))

    def _news_of(self, file: str) -> list[str]:
        document = self.document(file)
        if document is None:
            gone = self._told.pop(file, None)
            return [file_uri(file) or file] if gone else []
        before = self._told.get(file)
        self.states(document)
        return [] if self._told[file] == before else [document.uri]
