"""Which module the code of a file runs in: one module for each file, whatever asked for it first.

A file that is imported already runs in that module. Otherwise a module is made for it, with the
name it would be imported under and a real `__spec__`, and stands in `sys.modules` at once, so that
relative imports, pickling, dataclasses and `inspect` work. Such an *adopted* module holds only
what was evaluated so far. When other code then imports it, the rest of the file is run into the
same module, so there is never a second copy of a class.

How the import is noticed. The module is in `sys.modules`, so no finder is asked. But for each
import of a present module the interpreter reads `module.__spec__._initializing` (to wait for an
import that another thread has begun), and importlib does the same. Our spec answers that read by
completing the module, when the reader really is an import and not, say, `pickle` looking a class
up. The interpreter drops an exception raised there; so the module also completes, or fails with
the real error, when a name is asked of it that it has not got (`__getattr__` of its class).
"""

from __future__ import annotations
import __future__ as _features

import builtins
import os
import sys
from importlib._bootstrap import module_from_spec  # `importlib.util` loads more around them
from importlib._bootstrap_external import spec_from_file_location
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType

from relive.worker.imports import watch_imports
from relive.worker.library import standard
from relive.worker.own import own
from relive.worker.sources import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from relive.worker.modules_by_file import ModulesByFile
    from relive.worker.sources import Sources

SCRATCH = "scratch"
"""Name of the module for text that belongs to no file."""


class Namespace:
    """A module that user code is evaluated in, and what compiling for it needs to know."""

    def __init__(self, module: ModuleType, file: str | None, adopted: bool) -> None:
        self.module = module
        vars(module).setdefault("__builtins__", builtins)  # else the code would get ours
        self.file = file
        self.is_ours = adopted
        """Whether the module was made by us, and not by an import."""
        self.adopted = adopted
        """Whether the module was made by us and its file has not been run whole."""
        self.future_flags = 0
        """Compiler flags of the `from __future__` imports in force."""
        self.failure: BaseException | None = None
        """Why the rest of the file failed to run on import; raised to who next asks for a name."""
        self.ran: dict[str, int] = {}
        """How often each top-level statement, by its text, was evaluated while adopted."""
        self._bound_at: dict[str, int] = {}
        self._step = 0

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others: one file may be the text of several modules."""
        return (self.file or "", self.module.__name__)

    def note_bound(self, names: list[str]) -> None:
        """Note that a statement has just bound `names` to new objects."""
        self._step += 1
        self._bound_at.update(dict.fromkeys(names, self._step))

    def is_newer(self, names: Iterable[str], than: str) -> bool:
        """Whether one of `names` was bound by a later evaluation than the name `than`."""
        limit = self._bound_at.get(than, 0)
        return any(self._bound_at.get(name, 0) > limit for name in names)


class Namespaces:
    """The namespaces by file."""

    def __init__(self, workspace: str, sources: Sources) -> None:
        self._workspace = workspace
        self._sources = sources
        self._by_file: dict[str | None, Namespace] = {}
        self._others: dict[tuple[str, str], Namespace] = {}
        """Of modules whose file another one was made from first."""
        self._modules_by_file: ModulesByFile | None = None
        self.complete: Callable[[Namespace], None] = lambda namespace: None
        """Runs the rest of an adopted module's file; set by the evaluator."""
        watch_imports(sources, self._made_for, self._finish)

    def of(self, file: str | None) -> Namespace:
        """Return the namespace for code of `file`, making a module if there is none yet."""
        found = self.get(file)
        if found is None and file is not None and os.path.isabs(file):
            # The package first: its `__init__` may well import this very file.
            _import_package(self._name_of(file))
            found = self.get(file)
        if found is None:
            found = self._by_file[file] = self._adopt(file)
        return found

    def get(self, file: str | None) -> Namespace | None:
        """Return the namespace of `file` if its module exists."""
        known = self._by_file.get(file)
        if known is not None and _is_current(known):
            return known
        module = None if file is None else next(self._imported_from(file), None)
        if module is None or file is None:
            return None
        namespace = self._by_file[file] = _imported(module, file)
        return namespace

    def every(self, file: str) -> list[Namespace]:
        """Return the namespaces of all modules that `file` was imported as, under several names."""
        first = self.get(file)
        if first is None:
            return []
        others = [each for each in self._imported_from(file) if each is not first.module]
        return [first, *(self._other(file, each) for each in others if _has_run(each))]

    def _imported_from(self, file: str) -> Iterator[ModuleType]:
        """Yield the modules that were imported from `file`, by any name."""
        return (each for each in self._index().called([file]) if _is_from(file, each))

    def _index(self) -> ModulesByFile:
        if self._modules_by_file is None:  # late: code of no file needs none
            by_file: ModulesByFile = own("relive.worker.modules_by_file").ModulesByFile()
            self._modules_by_file = by_file
        return self._modules_by_file

    def of_module(self, module: ModuleType) -> Namespace | None:
        """Return the namespace that a module is."""
        file = vars(module).get("__file__")
        if not isinstance(file, str):
            return None
        first = self.get(file)
        if first is None or first.module is module:
            return first
        return self._other(file, module) if _has_run(module) else None

    def _other(self, file: str, module: ModuleType) -> Namespace:
        known = self._others.get((file, module.__name__))
        if known is None or known.module is not module:
            known = self._others[file, module.__name__] = _imported(module, file)
        return known

    def known(self) -> list[Namespace]:
        """Return those that were asked for so far and whose modules are still in force."""
        every = [*list(self._by_file.values()), *list(self._others.values())]
        return [each for each in every if _is_current(each)]

    def modules(self, files: list[str]) -> list[ModuleType]:
        """Return the modules made for files, and those imported from `files`."""
        made = [each.module for each in list(self._by_file.values())]
        origins, others = set(files), self._index().called(files)
        return made + [each for each in others if vars(each).get("__file__") in origins]

    def loaded(self, files: list[str] | None) -> list[str]:
        """Return those of `files` whose modules exist; None: the files of all modules.

        One pass over the modules, however many files are asked about.
        """
        known = [file for file, each in list(self._by_file.items()) if file and _is_current(each)]
        modules = [each for each in list(sys.modules.values()) if isinstance(each, ModuleType)]
        origins = [vars(each).get("__file__") for each in modules]
        present = {*known, *(each for each in origins if isinstance(each, str))}
        if files is None:
            return sorted(present)
        real = {os.path.realpath(each) for each in present}
        return [each for each in files if each in present or os.path.realpath(each) in real]

    def _adopt(self, file: str | None) -> Namespace:
        if file is None or not os.path.isabs(file):
            return self._without_file(file)
        name = self._name_of(file)
        if name in sys.modules:  # another file's module has the name, such as the library's
            name = f"{name}@{os.path.basename(os.path.dirname(file))}"
        module = _new_module(name, file)
        namespace = Namespace(module, file, adopted=True)
        module.__class__ = _completing_module(lambda: self.complete(namespace), namespace)
        _watch_spec(module, lambda: self.complete(namespace), namespace)
        sys.modules[name] = module
        _bind_in_parent(name, module)
        return namespace

    def _name_of(self, file: str) -> str:
        return module_name(file, self._sources.shown(file) or read(file) or "")

    def _made_for(self, file: str) -> ModuleType | None:
        """Return the module made for `file`, whose import under another name must not be a copy."""
        found = self._by_file.get(file)
        made = found is not None and isinstance(found.module, _CompletingModule)
        return found.module if found is not None and made else None

    def _finish(self, module: ModuleType) -> None:
        """Run the rest of a module that is imported under another name than it was made with."""
        spec = module.__spec__
        module.__package__ = None if spec is None else spec.parent
        for namespace in list(self._by_file.values()):
            if namespace.module is module and namespace.adopted:
                self.complete(namespace)

    def _without_file(self, file: str | None) -> Namespace:
        name = SCRATCH if file is None else "".join(c if c.isalnum() else "_" for c in file)
        module = ModuleType(name)
        module.__file__ = file
        sys.modules.setdefault(name, module)
        return Namespace(module, file, adopted=False)


def module_name(file: str, text: str = "") -> str:
    """Return the name `file` would be imported under, putting its root on the path if need be.

    A folder without `__init__.py` is a package only to `text` that imports relatively.
    """
    folder, base = os.path.split(file)
    stem = os.path.splitext(base)[0].replace(".", "_")  # a dot would name a package
    parts = [] if base == "__init__.py" else [stem]
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        folder, package = os.path.split(folder)
        parts.insert(0, package)
    if len(parts) == 1 and any(line.lstrip().startswith("from .") for line in text.split("\n")):
        folder, packages = _namespace_root(folder)
        parts = [*packages, *parts]
    if not any(_same_folder(entry, folder) for entry in sys.path):
        sys.path.append(folder)
    return ".".join(parts) or "__init__"


def _namespace_root(folder: str) -> tuple[str, list[str]]:
    """Return the nearest folder of the path that is above `folder`, and the packages between."""
    above = [entry for entry in sys.path if entry and folder.startswith(entry.rstrip("/") + "/")]
    root = max(above, key=len, default=folder)
    packages = [] if root == folder else os.path.relpath(folder, root).split(os.sep)
    return (root, packages) if all(map(str.isidentifier, packages)) else (folder, [])


def future_flags_of(module: ModuleType) -> int:
    """Return the flags of the `__future__` features that `module` has imported, by any name."""
    imported = [id(value) for value in vars(module).values()]
    names = _features.all_feature_names
    return flags_of([name for name in names if id(getattr(_features, name)) in imported])


def flags_of(features: Iterable[str]) -> int:
    """Return the compiler flags of `__future__` features, unknown ones left out."""
    flags = 0
    for feature in features:
        flags |= getattr(getattr(_features, feature, None), "compiler_flag", 0)
    return flags


def _is_current(namespace: Namespace) -> bool:
    """Whether the module was not replaced in `sys.modules`, as a deliberate re-import does."""
    present = sys.modules.get(namespace.module.__name__)
    return present is namespace.module or present is None or namespace.file is None


def _imported(module: ModuleType, file: str) -> Namespace:
    namespace = Namespace(module, file, adopted=False)
    namespace.future_flags = future_flags_of(module)
    return namespace


def _has_run(module: ModuleType) -> bool:
    """Whether the text of its file has run in a module, and not only the name stands in it.

    What stands in for another module to load it later, say, has its `__file__`.
    """
    functions = (each for each in list(vars(module).values()) if isinstance(each, FunctionType))
    return any(
        each.__globals__ is vars(module) and each.__code__.co_filename == vars(module)["__file__"]
        for each in functions
    )


def _is_from(file: str, module: ModuleType) -> bool:
    origin = vars(module).get("__file__")
    return isinstance(origin, str) and _is_same(origin, file)


def _is_same(origin: str, file: str) -> bool:
    """Whether two paths are of one file; only where they differ the system is asked."""
    if origin == file:
        return True
    is_called_alike = os.path.basename(origin) == os.path.basename(file)
    return is_called_alike and os.path.realpath(origin) == os.path.realpath(file)


def _new_module(name: str, file: str) -> ModuleType:
    package = [os.path.dirname(file)] if os.path.basename(file) == "__init__.py" else None
    spec = spec_from_file_location(name, file, submodule_search_locations=package)
    if spec is None:  # not a .py file: still code to the user
        module = ModuleType(name)
        module.__file__ = file
        return module
    return module_from_spec(spec)


def _import_package(name: str) -> None:
    parent = name.rpartition(".")[0]
    if parent:
        __import__(parent)


def _bind_in_parent(name: str, module: ModuleType) -> None:
    parent, _, child = name.rpartition(".")
    if parent in sys.modules:
        setattr(sys.modules[parent], child, module)


class _CompletingModule(ModuleType):
    """What the modules we make have in common."""


def _completing_module(complete: Callable[[], None], namespace: Namespace) -> type[ModuleType]:
    class module(_CompletingModule):  # noqa: N801 - its name is seen in reprs, and must look plain
        """A module whose file has been run in part: it completes when more is asked of it."""

        def __getattr__(self, name: str) -> Any:
            if namespace.adopted and (name == "__all__" or not name.startswith("__")):
                failure, namespace.failure = namespace.failure, None
                if failure is not None:
                    raise failure
                complete()
                if name in self.__dict__:
                    return self.__dict__[name]
            own_name = self.__dict__.get("__name__")  # user code may have emptied the module
            raise AttributeError(f"module {own_name!r} has no attribute {name!r}")

    module.__module__ = "builtins"
    module.__qualname__ = "module"
    return module


def _watch_spec(module: ModuleType, complete: Callable[[], None], namespace: Namespace) -> None:
    class CompletingSpec(ModuleSpec):
        """A module spec that tells when its module is imported."""

        _state = False

        @property
        def _initializing(self) -> bool:
            if namespace.adopted and not self._state and _reader_is_an_import(sys._getframe(1)):
                try:
                    complete()
                except BaseException as failure:
                    namespace.failure = failure  # raised from here it would be dropped
            return self._state

        @_initializing.setter
        def _initializing(self, value: bool) -> None:
            self._state = value

    spec = module.__spec__
    if isinstance(spec, ModuleSpec):
        vars(spec).pop("_initializing", None)
        spec.__class__ = CompletingSpec


def _reader_is_an_import(frame: Any) -> bool:
    if frame.f_globals.get("__name__") == "importlib._bootstrap":
        return bool(frame.f_code.co_name == "_find_and_load")
    import_name = standard("opcode").opmap["IMPORT_NAME"]
    return bool(frame.f_code.co_code[frame.f_lasti] == import_name)


def _same_folder(entry: str, folder: str) -> bool:
    try:
        return entry == folder or os.path.realpath(entry or ".") == os.path.realpath(folder)
    except OSError:  # a relative entry, and the working folder was removed
        return False
