"""Namespaces as values that have parts: those of modules, and the variables of held frames.

Each has a ref like a value that was shown, which holds for as long as the module or frame is there.
"""

from __future__ import annotations

from types import ModuleType

from relive.worker.parts import parts_of
from relive.worker.shelf import GoneError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.namespace import Namespace, Namespaces
    from relive.worker.shelf import Shelf
    from relive.worker.sources import Sources

    Locals = Callable[[int, int], dict[str, Any]]
    """Returns the variables of a frame that is held; a LookupError says that it is not."""
    Where = tuple[Any, ...]
    """A file and the name of the module that it runs in, or the numbers of a hold and a frame."""

_scope_of: Any = vars(ModuleType)["__dict__"].__get__


class _Variables:
    """The variables of a frame, as attributes of an object."""

    def __init__(self, named: dict[str, Any]) -> None:
        self.__dict__ = named


class Scopes:
    """Finds namespaces, and gives them refs."""

    def __init__(
        self, namespaces: Namespaces, sources: Sources, shelf: Shelf, locals_of: Locals
    ) -> None:
        self._namespaces = namespaces
        self._sources = sources
        self._shelf = shelf
        self._locals = locals_of
        self._refs: dict[Where, str] = {}
        self._files: dict[str, str | None] = {}
        """Of modules, by their refs."""
        self._owned: dict[str, bool] = {}

    def names(self, file: str | None, frame: list[int] | None) -> dict[str, Any]:
        """Return the names of a frame, or of the module of a file, if there is one yet.

        Raises:
            GoneError: the frame is not held any more.
        """
        if frame is not None:
            return self._held(frame[0], frame[1])
        namespace = self._namespaces.get(file)
        scope: dict[str, Any] = {} if namespace is None else _scope_of(namespace.module)
        return scope

    def root(self, file: str | None, frame: list[int] | None, new: str) -> tuple[Any, str] | None:
        """Return a namespace as a value, with its ref, which is `new` the first time."""
        if frame is not None:
            return self._frame((frame[0], frame[1]), new)
        namespace = self._namespaces.get(file)
        return None if namespace is None else self._module(namespace, new)

    def has(self, ref: str) -> bool:
        """Whether `ref` is that of a namespace."""
        return ref in self._refs.values()

    def of_module(self, ref: str) -> dict[str, Any]:
        """Return whether `ref` is a module's, and of which file."""
        return {"is_module": ref in self._files, "file": self._files.get(ref)}

    def modules(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the modules that the user works in, with their refs."""
        found = []
        for number, namespace in enumerate(self._of_workspace()):
            value, ref = self._module(namespace, f"{message['id']}:{number}")
            told = {"name": _name_of(value), "file": namespace.file, "ref": ref}
            found.append({**told, "names": parts_of(value).total})
        return found

    def _of_workspace(self) -> list[Namespace]:
        """Return the workspace's own, and those elsewhere that something was evaluated in."""
        files = [each for each in self._namespaces.loaded(None) if self._owns(each)]
        found = [each for file in files for each in self._namespaces.every(file)]
        known = (each for each in self._namespaces.known() if each not in found)
        return [*(each for each in known if each.file is None or each.ran), *found]

    def _owns(self, file: str) -> bool:
        if file not in self._owned:
            self._owned[file] = self._sources.workspace.owns(file)
        return self._owned[file]

    def _module(self, namespace: Namespace, new: str) -> tuple[ModuleType, str]:
        module = namespace.module
        ref = self._refs.setdefault((*namespace.key, id(module)), new)
        self._files[ref] = namespace.file
        self._shelf.put(ref, module, {}, ())
        return module, ref

    def _frame(self, where: tuple[int, int], new: str) -> tuple[Any, str]:
        def find() -> Any:
            named = self._held(*where)
            return _Variables({k: v for k, v in named.items() if not k.startswith("__")})

        ref = self._refs.setdefault(where, new)
        self._shelf.place(ref, find)
        return find(), ref

    def _held(self, hold: int, frame: int) -> dict[str, Any]:
        try:
            return self._locals(hold, frame)
        except LookupError as failure:
            raise GoneError(f"There is no such frame: {failure}.") from None


def _name_of(module: ModuleType) -> str:
    name = _scope_of(module).get("__name__")
    return name if type(name) is str else "?"
