"""The source texts that live code came from: what tracebacks, `inspect` and the image read.

Text arrives from the editor (unsaved text counts), or is read when a workspace module is imported.
"""

from __future__ import annotations

import _ast as ast  # the classes of nodes alone: `ast` itself loads much more

from relive.wire.texts import LateText
from relive.worker.library import standard
from relive.worker.listing import Listing
from relive.worker.workspace import Workspace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType, ModuleType


_KEPT_DETACHED = 1000
"""Texts of no file kept for tracebacks and `inspect`."""


class _Load:
    """What is known of a module since its text ran."""

    def __init__(self) -> None:
        self.text: str | None = None
        self.code: CodeType | None = None
        """What a module just imported was compiled to."""
        self.made: dict[str, int] = {}


class Sources:
    """Texts by absolute file name."""

    def __init__(self, workspace: str) -> None:
        self._shown: dict[str, LateText] = {}
        self.listing = Listing()
        self._loaded: dict[str, str] = {}
        self._loads: dict[tuple[str, str], _Load] = {}
        """By file and name of a module: a file may be imported under several names."""
        self._evaluated_imports: dict[str, dict[object, ast.ImportFrom]] = {}
        self._detached: list[str] = []
        self.followed: dict[tuple[str, str], set[tuple[str, str]]] = {}
        """By module and name: the names in other modules that have followed it, with theirs."""
        self.workspace = Workspace(workspace)

    def _load(self, file: str, module: str) -> _Load:
        return self._loads.setdefault((file, module), _Load())

    def show(self, file: str, document: str | LateText) -> None:
        """Make `document` what tracebacks and `inspect` see as the text of `file`."""
        text = document if isinstance(document, LateText) else LateText(document)
        self._shown[file] = text
        self.listing.put(file, text)

    def show_detached(self, name: str, text: str) -> None:
        """Make `text`, which stands in no file, known under `name`; only the latest are kept."""
        self.show(name, text)
        self._detached.append(name)
        if len(self._detached) > _KEPT_DETACHED:
            oldest = self._detached.pop(0)
            self.listing.drop(oldest)
            self._shown.pop(oldest, None)

    def shown(self, file: str) -> str | None:
        """Return the editor's text of `file`, if it has sent one."""
        shown = self._shown.get(file)
        return None if shown is None else shown.text

    def known_as(self, *files: str | None) -> dict[str, str | LateText | None]:
        """Return the texts by which files are known to tracebacks, as far as they are."""
        named = (each for each in files if each is not None)
        return {each: self._shown.get(each) or self.loaded(each) for each in named}

    def loaded(self, file: str) -> str | None:
        """Return the text that a module of `file` was made from, if it is known."""
        return self._loaded.get(file)

    def origin(self, file: str, module: str) -> str | None:
        """Return the text that just that module was made from, if it is known."""
        return self._load(file, module).text

    def files_loaded(self) -> list[str]:
        """Return the files whose modules' texts are known."""
        return list(self._loaded)

    def set_loaded(self, file: str, module: str, text: str) -> None:
        """Remember that a module of `file` now holds the definitions of `text`."""
        self._loaded[file] = self._load(file, module).text = text

    def set_code(self, file: str, module: str, code: CodeType) -> None:
        """Remember what a module of `file` is compiled to as it is imported."""
        self._load(file, module).code = code

    def take_code(self, file: str, module: str) -> CodeType | None:
        """Return, once, what a module of `file` was compiled to when it was last imported."""
        load = self._load(file, module)
        code, load.code = load.code, None
        return code

    def note_import(self, module: str, node: ast.ImportFrom) -> None:
        """Remember an import that was evaluated in `module`, whatever its file says."""
        names = tuple((alias.name, alias.asname) for alias in node.names)
        imports = self._evaluated_imports.setdefault(module, {})
        imports[node.level, node.module, names] = node

    def evaluated_imports(self, module: str) -> list[ast.ImportFrom]:
        """Return the `from` imports that were evaluated in `module`."""
        return list(self._evaluated_imports.get(module, {}).values())

    def made(self, file: str, module: str) -> dict[str, int]:
        """Return which object (by `id`) each name of a module was, when its text last made it."""
        return self._load(file, module).made

    def note_made(self, file: str, module: ModuleType, names: Iterable[str] = ()) -> None:
        """Remember what names of a module are now, because its text has just made them so."""
        made, scope = self.made(file, module.__name__), vars(module)
        made.update((name, id(scope[name])) for name in list(names or scope) if name in scope)


def read(file: str) -> str | None:
    """Return the text of `file` as Python decodes it, newlines LF; None if it cannot be read."""
    try:
        with standard("tokenize").open(file) as stream:
            text: str = stream.read()
            return text
    except (OSError, SyntaxError, UnicodeDecodeError):
        return None
