"""The tests of a workspace folder as its files and its pytest settings tell, without pytest."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from relive.lsp import files
from relive.source.beside import Used, used_by
from relive.source.definitions import definitions
from relive.source.quick_dataclasses import dataclass
from relive.source.reachable import Import, Reach, Reached
from relive.source.tests import Naming, TestCode, find_tests

_SKIPPED = frozenset(("node_modules", "build", "dist", "site-packages", "__pycache__"))
_ENVIRONMENT = ("pyvenv.cfg", "conda-meta")
_OPTIONS = {
    "python_files": "files",
    "python_functions": "functions",
    "python_classes": "classes",
    "testpaths": "folders",
    "pythonpath": "path",
}


@dataclass(frozen=True)
class FoundTest:
    """A test that stands in a file."""

    id: str
    file: str
    code: TestCode


class Project:
    """A workspace folder as it is on disk at one moment."""

    def __init__(self, folder: Path, opened: dict[str, str]) -> None:
        """Look at `folder`; `opened` are the texts in the editor, which may be what runs."""
        self.folder = folder
        self._opened = opened
        self._texts: dict[str, str] = {}
        self.naming = naming_of(folder)
        self._reach = Reach(self._text, self._find, self._around)
        self._reached: dict[str, Reached] = {}
        self._known_roots: dict[Path, list[Path]] = {}
        """The folders that modules may be in, by that of the file that imports them."""

    def tests(self) -> Iterator[FoundTest]:
        """Yield all tests, file by file."""
        for path in self._test_files():
            yield from self.tests_of(path)

    def tests_of(self, path: Path) -> Iterator[FoundTest]:
        """Yield the tests of a file, as pytest will read it: from disk."""
        name = path.relative_to(self.folder).as_posix()
        for code in find_tests(self._on_disk(str(path)), self.naming):
            yield FoundTest(f"{name}::{code.id}", str(path), code)

    def reaches(self, test: FoundTest, file: str, name: str) -> bool:
        """Whether a test may come by a name of a file; without a name, by the file."""
        if test.id not in self._reached:
            self._reached[test.id] = self._reach.of(test.file, test.code.definition.name)
        return self._reached[test.id].has(file, name)

    def used_by(self, test: FoundTest) -> Used:
        """Return what a test uses of what pytest loads from disk: its file, and its fixtures'."""
        return used_by(test.code.definition.name, test.file, self._texts_for(test.file))

    def read(self, names: Iterable[str]) -> None:
        """Read the files of tests as they are now: the rest of what is asked is about these."""
        for name in names:
            self._texts_for(str(self.folder / name))

    def loaded_with(self, file: str) -> list[str]:
        """Return the files that pytest loads from disk for a file of tests, this one first."""
        return self._reach.unasked(file)

    def _texts_for(self, file: str) -> dict[str, str]:
        return {each: self._on_disk(each) for each in self.loaded_with(file)}

    def is_function(self, file: str, name: str) -> bool:
        """Whether a name is that of a function or method that each call of it enters.

        A decorator's wrapper may answer by itself, as a cache does that was filled before.
        """
        found = [each for each in definitions(self._text(file)) if each.name == name]
        return bool(found) and not any(
            each.kind == "class" or each.source.lstrip().startswith("@") for each in found
        )

    def _test_files(self) -> Iterator[Path]:
        roots = [self.folder / each for each in self.naming.folders] or [self.folder]
        for root in roots:
            if self.naming.is_test_file(root) and root.is_file():
                yield root
            for where, folders, names in os.walk(root):
                folders[:] = sorted(each for each in folders if _is_looked_into(where, each))
                paths = (Path(where, name) for name in sorted(names))
                yield from filter(self.naming.is_test_file, paths)

    def _text(self, file: str) -> str:
        """Return what runs of a file, as far as is known: the text in the editor."""
        if file in self._opened and not self.naming.is_test_file(Path(file)):
            return self._opened[file]
        return self._on_disk(file)

    def _on_disk(self, file: str) -> str:
        if file not in self._texts:
            self._texts[file] = files.read(file) or ""
        return self._texts[file]

    def _find(self, file: str, imported: Import) -> Iterable[str]:
        dots, module = imported
        parts = [each for each in module.split(".") if each]
        for root in self._roots(Path(file), dots):
            path = root.joinpath(*parts)
            for found in (path.with_suffix(".py") if parts else path, path / "__init__.py"):
                if found.is_file():
                    yield str(found)

    def _roots(self, file: Path, dots: int) -> list[Path]:
        """Return the folders that a module may be in: those an import can be relative to."""
        if dots:
            return [file.parents[dots - 1]] if dots <= len(file.parents) else []
        if file.parent not in self._known_roots:
            self._known_roots[file.parent] = self._roots_above(file)
        return self._known_roots[file.parent]

    def _roots_above(self, file: Path) -> list[Path]:
        above = [each for each in file.parents if each.is_relative_to(self.folder)]
        sources = [each / "src" for each in (*above, self.folder)]
        named = [self.folder / each for each in self.naming.path]
        there = [each for each in (*named, *sources) if each.is_dir()]
        return list(dict.fromkeys([*above, self.folder, *there]))

    def _around(self, file: str) -> Iterable[str]:
        """Return the `conftest.py` files that hold for a file."""
        above = [each for each in Path(file).parents if each.is_relative_to(self.folder)]
        found = [each / "conftest.py" for each in above]
        return [str(each) for each in found if each.is_file()]


def _is_looked_into(where: str, name: str) -> bool:
    if name.startswith(".") or name in _SKIPPED:
        return False
    return not any(os.path.exists(os.path.join(where, name, mark)) for mark in _ENVIRONMENT)


def naming_of(folder: Path) -> Naming:
    """Return how the project calls its tests, by the file that pytest would read."""
    for name, section in (
        ("pytest.toml", "pytest"),
        (".pytest.toml", "pytest"),
        ("pytest.ini", "pytest"),
        (".pytest.ini", "pytest"),
        ("pyproject.toml", "tool.pytest"),
        ("tox.ini", "pytest"),
        ("setup.cfg", "tool:pytest"),
    ):
        options = _options(folder / name, section)
        if options is not None:
            chosen = {_OPTIONS[key]: _words(value) for key, value in options.items()}
            return replace(Naming(), **chosen)
    return Naming()


def _options(path: Path, section: str) -> dict[str, Any] | None:
    """Return the options of a file that has the section; None: it is not there."""
    text = files.read(str(path)) if path.is_file() else None
    if text is None:
        return None
    found = _toml(text, section) if path.suffix == ".toml" else _ini(text, section)
    return None if found is None else {key: found[key] for key in _OPTIONS if key in found}


def _ini(text: str, section: str) -> dict[str, Any] | None:
    import configparser  # late: most projects have no such file

    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    return dict(parser[section]) if parser.has_section(section) else None


def _toml(text: str, section: str) -> dict[str, Any] | None:
    try:
        tomllib: Any = import_module("tomllib")
    except ImportError:  # Python 3.10 has none, and goes by pytest's own names then
        return None
    try:
        found: Any = tomllib.loads(text)
    except ValueError:
        return None
    for part in section.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        return None
    options = found.get("ini_options", found)
    return options if isinstance(options, dict) else None


def _words(value: Any) -> tuple[str, ...]:
    parts = value.split() if isinstance(value, str) else value
    return tuple(str(part) for part in parts) if isinstance(parts, list) else ()
