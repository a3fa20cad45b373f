"""Requests and answers in the form Python callers use: files by path, text found in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from relive.session.answers import Error
from relive.session.definition_answers import DefinitionChange, DefinitionKind, Redefinition, Undo
from relive.session.requests import (
    PYTHON,
    EvaluateRequest,
    RedefineRequest,
    RevertRequest,
)
from relive.source.positions import BLANKS, LineTable, with_line_feeds

_LINE_ENDS = re.compile(r"[ \t\f]*(?:#.*)?$", re.MULTILINE)


def in_scratch(text: str) -> EvaluateRequest:
    """Return the request to run `text` in the session's scratch module."""
    return EvaluateRequest(with_line_feeds(text), cause=PYTHON)


def in_file(text: str, file: str | os.PathLike[str], cwd: str) -> EvaluateRequest:
    """Return the request to run `text` in the module of `file`.

    Text that stands in the file gets its true place. A file that is no Python text still has a
    module to run in.
    """
    path, text = _absolute(file, cwd), with_line_feeds(text)
    try:
        document = _read(path)
    except (OSError, SyntaxError, UnicodeDecodeError):
        return EvaluateRequest(text, str(path), detached=True, cause=PYTHON)
    start = _place_of(text, document)
    if start is None:
        return EvaluateRequest(text, str(path), document=document, detached=True, cause=PYTHON)
    line, column = LineTable(document).position(start)
    return EvaluateRequest(text, str(path), line, column, document, cause=PYTHON)


def redefinition(
    files: list[str | os.PathLike[str]], source: str | None, name: str | None, cwd: str
) -> RedefineRequest:
    """Return the request to redefine from `source`, or from the files' texts on disk.

    Of several files one that is gone has no text: what it defined goes, or went to the others.

    Raises:
        OSError: a file cannot be read.
        SyntaxError, UnicodeDecodeError: it is not in the encoding that it says it is in.
        ValueError: there is no file, or a text or name for more than one.
    """
    if not files or (len(files) > 1 and (source is not None or name is not None)):
        raise ValueError("give one file, or several without `source` and `name`")
    paths = [_absolute(file, cwd) for file in files]
    if len(paths) > 1:
        texts = [_read(path) if path.exists() else "" for path in paths]
    else:
        texts = [_read(paths[0]) if source is None else with_line_feeds(source)]
    first, *others = zip(map(str, paths), texts, strict=True)
    return RedefineRequest(*first, name, others=tuple(others), cause=PYTHON)


def unreadable(error: SyntaxError | UnicodeDecodeError) -> Redefinition:
    """Return the receipt for a file that cannot be decoded."""
    return Redefinition("error", error=Error(type(error).__name__, str(error)))


def reversion(file: str | os.PathLike[str] | None, name: str | None, cwd: str) -> RevertRequest:
    """Return the request to revert what is patched in `file`, or everywhere.

    Raises:
        ValueError: a name without a file.
    """
    if file is None and name is not None:
        raise ValueError("give the file that the patched definition is in, too")
    path = None if file is None else str(_absolute(file, cwd))
    return RevertRequest(path, name, cause=PYTHON)


def nothing_to_revert(request: RevertRequest) -> Redefinition:
    """Return the receipt of a process that does not run: it was asked for something, or for all."""
    if request.file is None:
        return Redefinition("ok")
    name, reason = request.name or "the file", "no process is running, so nothing is patched"
    kind: DefinitionKind = "method" if "." in name else "function"
    return Redefinition("refused", (DefinitionChange(name, kind, "refused", reason),))


def nothing_to_undo() -> Undo:
    """Return the receipt of a process that does not run, and so has changed nothing."""
    reason = "no process is running, so there is nothing to undo"
    change = DefinitionChange("the last redefinition", "function", "refused", reason)
    return Undo("refused", (change,))


def module_file(file: str | os.PathLike[str], cwd: str) -> str:
    """Return the path of the file whose module is meant."""
    return str(_absolute(file, cwd))


def text_of(file: str) -> str | None:
    """Return the text of a file on disk; None: there is none that can be read."""
    try:
        return _read(Path(file))
    except (OSError, SyntaxError, ValueError):
        return None


def _absolute(file: str | os.PathLike[str], cwd: str) -> Path:
    """Return where the session's own code would find `file`, or else where the caller would."""
    inside = Path(os.path.abspath(Path(cwd, file)))
    return inside if inside.exists() or not Path(file).exists() else Path(file).absolute()


def _place_of(text: str, document: str) -> int | None:
    """Return where `text` stands in the document: as whole lines, or else as whole words."""
    if not text.strip():
        return None
    code = text.rstrip("\n")
    places = list(_places(code, document))
    lines = (each for each in places if _is_lines(document, each, each + len(code)))
    words = (each for each in places if _is_words(document, each, each + len(code)))
    return next(lines, next(words, None))


def _places(code: str, document: str) -> Iterator[int]:
    """Yield where code stands; not by a pattern of it, which takes long to make of a long text."""
    place = document.find(code)
    while place >= 0:
        yield place
        place = document.find(code, place + 1)


def _is_lines(document: str, start: int, end: int) -> bool:
    above = document.rfind("\n", 0, start) + 1
    is_first = not document[above:start].strip(BLANKS)
    return is_first and _LINE_ENDS.match(document, end) is not None


def _is_words(document: str, start: int, end: int) -> bool:
    around = document[start - 1 : start] + document[end : end + 1]
    return not any(each.isalnum() or each == "_" for each in around)


def _read(path: Path) -> str:
    import tokenize

    with tokenize.open(path) as stream:  # decodes by cookie or BOM, newlines become LF
        return stream.read()
