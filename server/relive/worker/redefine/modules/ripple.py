"""What other modules computed from a value that has changed is computed anew.

They are gone through like a file that was edited, with nothing but those values changed, each after
those that it imports. One that was edited as well is told what has changed before its turn.
"""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

from relive.worker.redefine.modules.file_edit import FileEdit
from relive.worker.redefine.modules.snapshot import ABSENT
from relive.worker.redefine.reading.definitions import stand_in
from relive.worker.redefine.reading.imports import imports_told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.redefine.part import Part
    from relive.worker.redefine.step import Step


def plan_ripple(step: Step, image: Image) -> None:
    """Plan what follows elsewhere from the names that a step has changed."""
    Ripple(step, image, []).rest()


class Ripple:
    """What follows in other modules from the names that a step changes."""

    def __init__(self, step: Step, image: Image, edits: Iterable[FileEdit]) -> None:
        """Follow a step that has begun; `edits` will be parts of it too."""
        self._step = step
        self._image = image
        texts = {each.namespace.module: each for each in edits}
        self._edited = [part.namespace.module for part in step.parts] + list(texts)
        self._seen = 0
        """How many of the step's parts have been looked at."""
        self._readers: dict[ModuleType, _Reader] = {}
        self._done: list[ModuleType] = []
        self._texts = {module.__name__: edit for module, edit in texts.items()}
        self._imported: dict[str, set[str]] = {}
        """By a module's name, those of modules that its text imports, where asked for."""

    def plan_before(self, edit: FileEdit) -> None:
        """Plan what follows in modules that an edited one imports, and tell it what it reads."""
        module = edit.namespace.module
        while (waiting := self._waiting()) and (imports := self.imported(module)):
            found = [each for each in waiting if each.__name__ in imports]
            if not found:
                break
            self._go_through(self._next(found))
        if module in self._readers:
            self._step.transaction.perform()  # it reads the names that have followed
            edit.take_changed(self._readers[module].names, self._readers[module].before)

    def rest(self) -> None:
        """Plan what follows in all other modules."""
        while waiting := self._waiting():
            self._go_through(self._next(waiting))

    def _waiting(self) -> list[ModuleType]:
        """Return the modules to be gone through by now, unless they are edited anyway."""
        parts = self._step.parts
        for part in parts[self._seen :]:
            for module, reader in _readers(part, self._image).items():
                self._readers.setdefault(module, _Reader()).add(reader)
        self._seen = len(parts)
        past = [*self._edited, *self._done]
        return [each for each in self._readers if each not in past]

    def _next(self, waiting: list[ModuleType]) -> ModuleType:
        """Return one that imports none of the others, if there is one."""
        if len(waiting) > 1:
            names = {each.__name__ for each in waiting}
            for each in waiting:
                if not (names - {each.__name__}) & self.imported(each):
                    return each
        return waiting[0]

    def _go_through(self, module: ModuleType) -> None:
        self._done.append(module)
        namespace = self._image.namespaces.of_module(module)
        if namespace is not None:
            self._step.transaction.perform()  # it reads the names that have followed
            reader = self._readers[module]
            edit = FileEdit(self._image, namespace, self._image.of(namespace).text)
            edit.take_changed(reader.names, reader.before)
            edit.plan_again(self._step)

    def imported(self, module: ModuleType) -> set[str]:
        """Return the names of the workspace's modules that one imports, by way of others too."""
        found: set[str] = set()
        waiting = [module]
        while waiting:
            names = self._imported_itself(waiting.pop()) - found
            found |= names
            waiting += [sys.modules[each] for each in names]
        return found

    def _imported_itself(self, module: ModuleType) -> set[str]:
        name = module.__name__
        if name not in self._imported:
            self._imported[name] = self._told_by_text(module)
        return {each for each in self._imported[name] if self._is_own(each)}

    def _told_by_text(self, module: ModuleType) -> set[str]:
        edit = self._texts.get(module.__name__)
        if edit is not None:
            return edit.imported()
        return set(imports_told(_text(module, self._image), module))

    def _is_own(self, name: str) -> bool:
        return bool(_text(sys.modules.get(name), self._image))


class _Reader:
    """A module that has names which changed."""

    def __init__(self, names: Iterable[str] = (), before: dict[str, Any] | None = None) -> None:
        self.names: set[str] = set(names)
        """Its own, and those of other modules and of classes as `module.name`, `Class.name`."""
        self.before: dict[str, Any] = before or {}
        """What they were; of a module or class, something that has them as they were."""

    def add(self, other: _Reader) -> None:
        """Take in what another part of the step has changed."""
        self.names |= other.names
        for name, was in other.before.items():
            known = self.before.get(name)
            both = isinstance(known, SimpleNamespace) and isinstance(was, SimpleNamespace)
            self.before[name] = _merged(known, was) if both else was  # of two modules in a package


def _readers(part: Part, image: Image) -> dict[ModuleType, _Reader]:
    """Return the modules of the workspace that have names which changed."""
    found: dict[ModuleType, _Reader] = {}
    for module, name, old in part.followed:
        if _text(module, image):
            reader = found.setdefault(module, _Reader())
            reader.names.add(name)
            if old is not ABSENT:
                reader.before[name] = old
    for module, reader in _readers_by_path(part, image) if part.changed else ():
        found.setdefault(module, _Reader()).add(reader)
    return found


def _readers_by_path(part: Part, image: Image) -> Iterator[tuple[ModuleType, _Reader]]:
    """Yield the modules whose texts name what has changed by its module, or by its class."""
    home, formers = part.namespace.module, part.formers
    names_before = {**part.before, **part.were, **formers}
    classes = {id(vars(home)[name]): name for name in formers if name in vars(home)}
    for module in list(sys.modules.values()):
        text = _text(module, image)
        for path in _paths(module, home) if text else ():
            if names := _named(text, part.changed, path):
                yield module, _Reader(names, _before(module, path, names_before))
        for local, name in _locals(module, classes) if text and classes else ():
            data = {each.partition(".")[2] for each in part.changed if each.startswith(f"{name}.")}
            if names := _named(text, data, local):
                yield module, _Reader(names, {local: formers[name]})


def _named(text: str, names: Iterable[str], path: str) -> set[str]:
    """Return names with what they are looked up in, as far as a text may do so."""
    return {full for full in (f"{path}.{name}" for name in names) if stand_in(text, [full])}


def _locals(module: ModuleType, classes: dict[int, str]) -> Iterator[tuple[str, str]]:
    """Yield the names by which a module has classes, and those they have at home."""
    for local, value in list(vars(module).items()):
        if id(value) in classes:
            yield local, classes[id(value)]


def _paths(module: ModuleType, home: ModuleType) -> Iterator[str]:
    """Yield how a module's text may name another: by a name of it, or as part of a package."""
    for local, value in list(vars(module).items()):
        if value is home:
            yield local
        elif type(value) is ModuleType and home.__name__.startswith(f"{value.__name__}."):
            yield local + home.__name__[len(value.__name__) :]


def _before(module: ModuleType, path: str, names: dict[str, Any]) -> dict[str, Any]:
    """Return what the first name of a path was, when the module at its end had other names."""
    first, *rest = path.split(".")
    around = [vars(module).get(first)]
    for name in rest[:-1]:
        around.append(getattr(around[-1], name, None))
    was = SimpleNamespace(**names)
    for package, name in zip(reversed(around), reversed(rest)):
        was = SimpleNamespace(**{**getattr(package, "__dict__", {}), name: was})
    return {first: was}


def _merged(one: Any, other: Any) -> SimpleNamespace:
    """Return a package with two of its modules as they were."""
    were = {name: was for name, was in vars(one).items() if isinstance(was, SimpleNamespace)}
    return SimpleNamespace(**{**vars(other), **were})


def _text(module: Any, image: Image) -> str:
    file = vars(module).get("__file__") if isinstance(module, ModuleType) else None
    return (image.sources.loaded(file) or "") if isinstance(file, str) else ""
