"""The image: which definitions are live in this worker, and the text each was made from."""

from __future__ import annotations

import os

from relive.worker.redefine.definitions import Definition, definitions_in
from relive.worker.redefine.live import live_line
from relive.worker.redefine.toplevel import TopLevel, top_level
from relive.worker.sources import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast

    from relive.worker.namespace import Namespace, Namespaces
    from relive.worker.sources import Sources
    from relive.worker.statements import Statement


class Original:
    """What a file held that is not the workspace's own, before anything of it was changed."""

    def __init__(self, text: str, definitions: dict[str, Definition]) -> None:
        self.text = text
        self.definitions = definitions


class Image:
    """Live definitions by file and qualified name."""

    def __init__(self, namespaces: Namespaces, sources: Sources) -> None:
        self.namespaces = namespaces
        self.sources = sources
        self.originals: dict[str, Original] = {}
        """By file: of libraries, and whatever else is not the workspace's own."""
        self._live: dict[str, dict[str, Definition]] = {}
        self._ran: dict[str, dict[str, list[TopLevel]]] = {}
        """The top-level statements that have run, besides definitions, by file and key."""

    def definitions(self, namespace: Namespace) -> dict[str, Definition]:
        """Return the live definitions of a module, by qualified name.

        A module that was imported is read at first sight: the text it was imported from when that
        is known (workspace modules), else the file as it is now.
        """
        file = namespace.file or ""
        live = self._live.get(file)
        if live is None:
            live = self._live[file] = self._loaded(namespace, file)
        return live

    def _loaded(self, namespace: Namespace, file: str) -> dict[str, Definition]:
        """Return the definitions that a module has before anything is known to be changed in it.

        What is in no file yet is nobody's but the user's, wherever it will be.
        """
        foreign = os.path.isabs(file) and not self.sources.workspace.owns(file)
        if namespace.file is None or (namespace.adopted and not foreign):
            return {}
        text = self.sources.loaded(file) or read(file)
        found = {each.key: each for each in self.in_force(namespace, _readable(text or ""))}
        if foreign and text is not None:
            self.originals[file] = Original(text, found)
        return {} if namespace.adopted else dict(found)

    def in_force(self, namespace: Namespace, found: list[Definition]) -> list[Definition]:
        """Leave of definitions that share a name the one that is live, else the last.

        Branches of a condition may define the same name; only one has run. Which one the live
        function's first line tells, as long as the text before it is what was loaded; and else
        its place among those of its name.
        """
        named: dict[str, list[Definition]] = {}
        for each in found:
            named.setdefault(each.key, []).append(each)
        return [self._live_one(namespace, several) for several in named.values()]

    def _live_one(self, namespace: Namespace, several: list[Definition]) -> Definition:
        if len(several) == 1:
            return several[0]
        live = self._live.get(namespace.file or "", {}).get(several[-1].key)
        if live is not None and live.place < len(several):
            return several[live.place]
        line = live_line(several[-1], namespace.module)
        for place, each in enumerate(several):
            each.place = place
        return next((each for each in several if each.line == line), several[-1])

    def holds(self, namespace: Namespace, node: ast.stmt) -> bool:
        """Whether the function or class that `node` would define is live already."""
        name = getattr(node, "name", None)
        return name in self.definitions(namespace) and name in namespace.module.__dict__

    def ran(self, namespace: Namespace) -> list[TopLevel]:
        """Return the statements that have run in a module, besides its definitions."""
        return [each for same in self._ran_by_key(namespace).values() for each in same]

    def loaded_whole(self, namespace: Namespace, text: str) -> None:
        """Record that a module has run its whole text, as an import would have."""
        if namespace.adopted and namespace.file is not None:
            namespace.adopted = False
            self.sources.set_loaded(namespace.file, text)
            self._ran.pop(namespace.file, None)

    def note_ran(self, namespace: Namespace, statements: list[TopLevel]) -> None:
        """Record that `statements` have run, in the place of those they are another text of."""
        ran = self._ran_by_key(namespace)
        ran.update((each.key, [each]) for each in statements)

    def _ran_by_key(self, namespace: Namespace) -> dict[str, list[TopLevel]]:
        file = namespace.file or ""
        if file not in self._ran:
            text = None if namespace.adopted else self.sources.loaded(file) or read(file)
            self._ran[file] = {}
            for each in _top_level(text or ""):
                self._ran[file].setdefault(each.key, []).append(each)
        return self._ran[file]

    def note(self, namespace: Namespace, statement: Statement) -> None:
        """Record the definitions that running `statement` has just made."""
        live = self.definitions(namespace)
        for each in _readable(statement.source, line=statement.span[0]):
            each.file = statement.file
            live[each.key] = each

    def redefine_statement(self, namespace: Namespace, statement: Statement) -> bool:
        """Bring an evaluated definition into the image in place; False: it has to run anew."""
        from relive.worker.redefine.engine import redefine_in_place

        new = definitions_in(statement.source, line=statement.span[0])[0]
        new.file = statement.file
        return redefine_in_place(self, namespace, new)

    def fingerprints(self, file: str) -> dict[str, list[str]] | None:
        """Return the marks of the live definitions of `file` by name; None if it is not loaded.

        Several under one name are the parts of a property.
        """
        namespace = self.namespaces.get(file)
        if namespace is None:
            return None
        marks: dict[str, list[str]] = {}
        for each in self.definitions(namespace).values():
            marks.setdefault(each.name, []).append(each.fingerprint)
        return marks

    def locate(self, file: str, name: str, line: int) -> tuple[str, int] | None:
        """Return the definition a line of a live function belongs to, and the distance to it.

        `name` is the code's name, qualified where the interpreter knows it (3.11 and up).
        """
        found: Definition | None = None
        for each in self._live.get(file, {}).values():
            inside = each.line <= line <= each.end_line
            if inside and _matches(each.name, name) and (not found or each.line >= found.line):
                found = each
        return None if found is None else (found.name, line - found.line)


def _readable(text: str, line: int = 0) -> list[Definition]:
    """Return the definitions of a text that may have been broken since it was loaded."""
    try:
        return definitions_in(text, line)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _top_level(text: str) -> list[TopLevel]:
    try:
        return top_level(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _matches(definition: str, code_name: str) -> bool:
    if code_name == definition or code_name.startswith(definition + "."):
        return True
    return "." not in code_name  # an older interpreter gives only the last part
