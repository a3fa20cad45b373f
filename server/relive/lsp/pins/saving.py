"""Pins written as a module of tests, where pytest finds it and it finds the module it tests."""

from __future__ import annotations

import os
from itertools import chain, count
from keyword import iskeyword
from pathlib import Path

from relive.lsp import files, pin_protocol
from relive.lsp.failures import RefusedError
from relive.lsp.pins.book import Book, Item
from relive.lsp.pins.files import PinFile, write
from relive.session.answers import file_uri
from relive.source.pytests import Pinned, Target, as_tests, is_about, is_untouched


def save(book: Book, pin_file: PinFile) -> pin_protocol.SavedPins:
    """Write the tests.

    Raises:
        RefusedError: there are none, or there is no place for them.
    """
    if book.problem is not None:
        raise RefusedError(book.problem)
    pinned = [_pinned(each) for each in book.items if each.kind == "pin"]
    if not pinned:
        raise RefusedError(f"{pin_file.source} has no pins yet. Pin a call first.")
    root, module = _module_of(Path(book.file), book.text, pin_file.folder)
    path = _free_place(_place_of_tests(pin_file, root, module), pin_file.source)
    written = as_tests(pinned, book.text, _target(pin_file, root, module, path))
    name = path.relative_to(pin_file.folder).as_posix()
    before = files.read(str(path))
    if path.exists() and (before is None or not is_untouched(before)):
        raise RefusedError(
            f"{name} was edited, or is not Relive's. Rename or delete it, and save the pins again."
        )
    if not written.count:
        label, why = written.left_out[0]
        raise RefusedError(f"None of the pins can be a test: {label}: {why}.")
    write(path, written.text, name)
    left_out = [pin_protocol.LeftOutPin(label, why) for label, why in written.left_out]
    return pin_protocol.SavedPins(file_uri(str(path)) or "", written.count, left_out)


def _pinned(item: Item) -> Pinned:
    return Pinned(item.group, item.definition, tuple(e.prints for e in item.verdict.checks))


def _module_of(file: Path, text: str, workspace: Path) -> tuple[Path, str]:
    """Return the folder that has to be on the path, and the name to import a file by.

    Raises:
        RefusedError: it has no such name.
    """
    folder, parts = file.parent, [file.stem]
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    if len(parts) == 1 and _imports_relatively(text):  # as the process names it
        folder = _namespace_root(folder, workspace)
        parts = [*file.parent.relative_to(folder).parts, *parts]
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    if not all(part.isidentifier() and not iskeyword(part) for part in parts):
        raise RefusedError(
            f"Tests cannot import {file.name}: `{'.'.join(parts)}` is no name of a module."
        )
    return folder, ".".join(parts)


def _imports_relatively(text: str) -> bool:
    return any(line.lstrip().startswith("from .") for line in text.split("\n"))


def _namespace_root(folder: Path, workspace: Path) -> Path:
    """Return the folder that a package without `__init__.py` is looked for in."""
    roots = (workspace / "src", workspace)
    return next((each for each in roots if folder.is_relative_to(each)), folder)


def _place_of_tests(pin_file: PinFile, root: Path, module: str) -> Path:
    """Return the path of the tests: in the folder of tests, if there is one, else at the root."""
    folder = pin_file.folder / "tests"
    place = folder if folder.is_dir() else root if root.is_relative_to(pin_file.folder) else None
    return (place or pin_file.folder) / f"test_{module.replace('.', '_')}_pins.py"


def _free_place(path: Path, source: str) -> Path:
    """Return the path, or one like it if there are the tests of another file's pins."""
    others = (path.with_name(f"{path.stem}_{n}.py") for n in count(2))
    return next(each for each in chain((path,), others) if not _is_of_other(each, source))


def _is_of_other(path: Path, source: str) -> bool:
    text = files.read(str(path)) if path.exists() else None
    return text is not None and is_untouched(text) and not is_about(text, source)


def _target(pin_file: PinFile, root: Path, module: str, path: Path) -> Target:
    if _is_found(root, path):
        return Target(module, pin_file.source, None)
    common = Path(os.path.commonpath([root, path.parent]))
    up = len(path.parent.relative_to(common).parts)
    below = root.relative_to(common).as_posix()
    return Target(module, pin_file.source, up, "" if below == "." else below)


def _is_found(root: Path, path: Path) -> bool:
    """Whether pytest puts the root on the path: that of the tests, or of their `conftest.py`."""
    of_tests = path.parent
    while (of_tests / "__init__.py").is_file():
        of_tests = of_tests.parent
    has_conftest = (root / "conftest.py").is_file() and not (root / "__init__.py").exists()
    return of_tests == root or (has_conftest and path.is_relative_to(root))
