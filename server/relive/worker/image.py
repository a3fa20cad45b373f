"""The image: which definitions are live in this worker, and the text each was made from."""

from __future__ import annotations

import ast
import os
import sys
from _thread import RLock
from functools import partial
from weakref import WeakSet

from relive.worker.branches import Branches
from relive.worker.exchanged import Exchanged
from relive.worker.leftovers.leftovers import Leftovers
from relive.worker.module_image import ModuleImage
from relive.worker.names import nested
from relive.worker.own import own
from relive.worker.rebound import Rebound
from relive.worker.redefine.classes.formers import Formers
from relive.worker.redefine.finding.live import lines_in
from relive.worker.redefine.finding.searched import Searched
from relive.worker.redefine.reading.definitions import Definition, definitions_in, definitions_of
from relive.worker.redefine.reading.known import Definitions
from relive.worker.redefine.reading.namesakes import number
from relive.worker.redefine.reading.origins import attach, outlive
from relive.worker.redefine.reading.source import Source
from relive.worker.sources import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import CodeType, ModuleType
    from typing import Any

    from relive.worker.history import Cause, History
    from relive.worker.late_image import Unread
    from relive.worker.namespace import Namespace, Namespaces
    from relive.worker.redefine.finding.live import Retired
    from relive.worker.sources import Sources
    from relive.worker.statements import Statement


_OPTIMIZED = 0x1
"""Set for a function's code, and not for that of a module or class body."""


class Original:
    """What a file held that is not the workspace's own, before anything of it was changed."""

    def __init__(self, text: str, definitions: dict[str, Definition]) -> None:
        self.text = text
        self.definitions = definitions


class Image:
    """Live definitions by file and qualified name."""

    def __init__(
        self, namespaces: Namespaces, sources: Sources, unread: Unread, history: History
    ) -> None:
        """Begin with nothing read; `unread` are statements that have run in modules before."""
        self.namespaces = namespaces
        self.sources = sources
        self.history = history
        """What steps have changed, to undo the last ones."""
        self.retired: Retired = WeakSet()
        self.leftovers = Leftovers(history, self.retired)
        """Old bodies and objects that are still there."""
        self.rebound = Rebound(history)
        """What the program itself has put in the place of definitions."""
        self.branches = Branches(history)
        """Which definitions stand in branches that were passed over."""
        self.exchanged = Exchanged()
        """Whose the code was that functions no longer run."""
        self.formers = Formers()
        """Classes that C code goes on with, though others have their place."""
        self._searched: tuple[Cause | None, Searched] = (None, Searched())
        """Who runs code, as far as it was looked for while one evaluation ran."""
        self.originals: dict[str, Original] = {}
        """By file: of libraries, and whatever else is not the workspace's own."""
        self._modules: dict[tuple[str, str], ModuleImage] = {}
        """By file and name of the module."""
        self._unread = unread
        self._half_read: set[tuple[str, str]] = set()
        """Modules that are being read: what is there of them already is for whoever reads."""
        self._renew_lock()
        os.register_at_fork(after_in_child=self._renew_lock)

    def _renew_lock(self) -> None:
        """Have a lock of this process's own: a thread that held it is not in a forked one."""
        self._reading = RLock()
        """Both of the worker's threads ask, and a module is to be read once."""

    def of(self, namespace: Namespace) -> ModuleImage:
        """Return what is live of a module.

        A module that was imported is read at first sight, and when it was loaded anew: the text it
        was imported from when that is known (workspace modules), else the file as it is now.
        """
        known = self._known(namespace)
        if known is None or namespace.key in self._half_read:
            with self._reading:
                return self._read_at_first_sight(namespace)
        return known

    def _known(self, namespace: Namespace) -> ModuleImage | None:
        known, origin = self._modules.get(namespace.key), self.sources.origin(*namespace.key)
        is_of_before = known is not None and origin is not None and known.origin is not origin
        return None if is_of_before else known

    def _read_at_first_sight(self, namespace: Namespace) -> ModuleImage:
        key, known = namespace.key, self._known(namespace)
        if known is not None:
            return known
        before, known = (
            self._modules.get(key),
            ModuleImage(self.sources.origin(*key), partial(self.in_force, namespace)),
        )
        self._half_read.add(key)
        self._modules[key] = known
        try:
            self._read(namespace, known, before)
            known.note_ran(self._unread.pop(key, ()))
        finally:
            self._half_read.discard(key)
        return known

    def _read(self, namespace: Namespace, module: ModuleImage, before: ModuleImage | None) -> None:
        """Take what a module has before anything is known to be changed in it.

        What is in no file yet is nobody's but the user's, wherever it will be. So is what was
        evaluated from a file before anybody has imported it, unless it is installed.

        Args:
            namespace: the module.
            module: what is to be filled.
            before: what was live before the module was loaded, or run, as a whole.
        """
        file = namespace.file or ""
        on_disk = os.path.isabs(file) and os.path.exists(file)
        foreign = on_disk and self._is_foreign(file, evaluated=namespace.is_ours)
        if namespace.file is None or (namespace.adopted and not foreign):
            return
        text = module.origin or self.sources.loaded(file) or read(file)
        if text is None:
            return
        try:
            source = Source(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return  # the file was broken since it was loaded
        scope = namespace.module.__dict__
        loaded = ModuleImage(text, partial(self.in_force, namespace))
        loaded.read(source, scope)
        code = self.sources.take_code(*namespace.key)
        if code is not None:
            loaded.attach(code)
        if before is not None:
            loaded.outlive(before, loaded_anew=code is not None)
        if foreign and self.namespaces.get(file) is namespace:
            self.originals[file] = Original(text, dict(loaded.definitions))
        if not namespace.adopted:
            module.take(loaded)

    def _is_foreign(self, file: str, *, evaluated: bool) -> bool:
        workspace = self.sources.workspace
        return not workspace.owns(file) and (not evaluated or workspace.is_installed(file))

    def definitions(self, namespace: Namespace) -> Definitions:
        """Return the live definitions of a module, by qualified name."""
        return self.of(namespace).definitions

    def in_force(
        self, namespace: Namespace, found: list[Definition], text: str | None = None
    ) -> list[Definition]:
        """Tell definitions of a new text apart by key; leave of classes of one name the live one.

        Args:
            namespace: the module.
            found: definitions in the order of the text.
            text: the whole text, if `found` is not all of it.
        """
        named: dict[str, list[Definition]] = {}
        for each in found:
            if isinstance(each.node, ast.ClassDef):
                named.setdefault(each.name, []).append(each)
        live = [self._live_one(namespace, several) for several in named.values()]
        dead = [
            each
            for several, chosen in zip(named.values(), live)
            for each in several
            if each is not chosen
        ]
        found = [each for each in found if not any(_is_inside(each, other) for other in dead)]
        known = self._modules.get(namespace.key)
        number(Definitions() if known is None else known.definitions, found, text)
        return found

    def _live_one(self, namespace: Namespace, several: list[Definition]) -> Definition:
        """Choose one of classes that share a name, of which only one has been made or is left.

        Which one, the lines of its functions tell, as long as the text is what was loaded; and
        else its place among those of its name.
        """
        if len(several) == 1:
            return several[0]
        if not (namespace.adopted or several[-1].scopes or several[-1].node.col_offset):
            return several[-1]  # it stands in no branch
        known = self._modules.get(namespace.key)
        live = None if known is None else known.definitions.get(several[-1].shared_key)
        if live is not None and live.place < len(several):
            return several[live.place]
        lines = lines_in(several[-1], namespace.module, self.retired)
        return next(
            (each for each in several if any(each.line <= at <= each.end_line for at in lines)),
            several[-1],
        )

    def same_definition_elsewhere(self, gone: Definition, namespace: Namespace) -> list[Any]:
        """Return what other modules hold under the name of `gone`, made from the same text."""
        found = []
        for (file, name), module in self._modules.items():
            same = module.definitions.get(gone.key)
            if same and same.source == gone.source and file != (namespace.file or ""):
                found.append(getattr(sys.modules.get(name), "__dict__", {}).get(gone.own_name))
        return found

    def workspace_modules(self) -> list[ModuleType]:
        """Return the modules of the workspace, and those that code was evaluated in."""
        return self.namespaces.modules(self.sources.files_loaded())

    def is_as_made(self, namespace: Namespace, name: str, scope: dict[str, Any]) -> bool | None:
        """Whether `name` is in `scope` what the text has made it; None: nobody knows."""
        made = self.sources.made(*namespace.key).get(name)
        return None if made is None or name not in scope else made == id(scope[name])

    def holds(self, namespace: Namespace, node: ast.stmt) -> bool:
        """Whether the function or class that `node` would define is live already."""
        name = getattr(node, "name", None)
        return name in self.definitions(namespace) and name in namespace.module.__dict__

    def loaded_whole(self, namespace: Namespace, text: str) -> None:
        """Record that a module has run its whole text, as an import would have."""
        if namespace.adopted and namespace.file is not None:
            namespace.adopted = False
            self.sources.set_loaded(*namespace.key, text)

    def note_ran(self, namespace: Namespace, node: ast.stmt, code: CodeType) -> None:
        """Record that a statement besides definitions has run, compiled to `code`."""
        known = self._known(namespace)
        if known is None:  # or of before the module has run as a whole
            self._unread.setdefault(namespace.key, []).append((node, code))
        else:
            known.note_ran([(node, code)])

    def searched(self) -> Searched:
        """Return what is known of who runs code, for one definition after another that changes."""
        cause = self.history.cause()
        if cause is None or self._searched[0] is not cause:
            self._searched = (cause, Searched())
        return self._searched[1]

    def held_by(self, namespace: Namespace, node: ast.stmt) -> Any:
        """Return what the name means that `node` would define anew; None: it is not live yet."""
        is_held = self.holds(namespace, node)
        return namespace.module.__dict__[node.name] if is_held else None  # type: ignore[attr-defined]

    def note(self, namespace: Namespace, statement: Statement, former: Any) -> None:
        """Record the definitions that running `statement` has just made.

        `former`: what the name meant, if it is the statement of a definition that was live.
        """
        live, found = self.definitions(namespace), definitions_of(statement.node, statement.lines)
        attach(found, statement.compile(namespace.future_flags)[0])
        number(live, found, self.sources.shown(statement.file) or "")
        journal = live.watch()
        for each in found:
            each.file = statement.file
            if each.key in live:
                outlive(each, live[each.key])
            live.put(each)
        if former is not None:
            module, name = self.of(namespace), found[0].own_name
            self.history.note_anew(namespace, module, journal, name, former)
            self.leftovers.note_replaced(namespace, name, former)

    def redefine_statement(self, namespace: Namespace, statement: Statement) -> bool:
        """Bring an evaluated definition into the image in place; False: it has to run anew."""
        redefine_in_place = own("relive.worker.redefine.engine").redefine_in_place

        new = definitions_of(statement.node, statement.lines)[0]
        new.file = statement.file
        return bool(redefine_in_place(self, namespace, new))

    def fingerprints(self, file: str) -> dict[str, list[str]] | None:
        """Return the marks of the live definitions of `file` by name; None if it is not loaded.

        Several under one name are the parts of a property.
        """
        namespace = self.namespaces.get(file)
        return None if namespace is None else marks_of(list(self.definitions(namespace).values()))

    def around(self, file: str, code: CodeType, line: int) -> Definition | None:
        """Return the definition that a line of a live function belongs to.

        Code of a module or class body has just run from the text as it stands.
        """
        if not code.co_flags & _OPTIMIZED:
            return None
        found: Definition | None = None
        for each in self._near(file, getattr(code, "co_qualname", None)):
            inside = each.line <= line <= each.end_line
            if inside and _is_of(each, code) and (not found or each.line >= found.line):
                found = each
        return found

    def _near(self, file: str, name: str | None) -> Iterator[Definition]:
        """Yield the live definitions of a file that code of a qualified name may belong to."""
        for (known, _), module in self._modules.items():
            if known == file and name is not None:
                yield from module.definitions.family(name.partition(".")[0])
            elif known == file:
                yield from module.definitions.values()


def fingerprints_of(text: str) -> dict[str, list[str]]:
    """Return the marks of the definitions of `text` by name; none of one that does not parse."""
    return marks_of(_readable(text))


def marks_of(definitions: Iterable[Definition]) -> dict[str, list[str]]:
    """Return the marks of definitions by name."""
    marks: dict[str, list[str]] = {}
    for each in definitions:
        marks.setdefault(each.name, []).append(each.fingerprint)
    return marks


def _is_inside(definition: Definition, other: Definition) -> bool:
    return other.line <= definition.line <= other.end_line


def _readable(text: str, line: int = 0) -> list[Definition]:
    """Return the definitions of a text that may have been broken since it was loaded."""
    try:
        return definitions_in(text, line)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _is_of(definition: Definition, code: CodeType) -> bool:
    """Whether code that runs within the lines of a definition is that of its function, or in it.

    By the qualified name where the interpreter knows it (3.11 and up); a function that begins on
    another line was made from another text.
    """
    name = getattr(code, "co_qualname", None)
    if name is None:
        own = code.co_name == definition.own_name
        begins_there = code.co_firstlineno == definition.line + 1
        inside = (each for outer in definition.codes for each in nested(outer))
        return begins_there if own else any(each is code for each in inside)
    if name == definition.name:
        return code.co_firstlineno == definition.line + 1
    return bool(name.startswith(f"{definition.name}."))
