"""Requests and answers in the form Python callers use: files by path, text found in them."""

from __future__ import annotations

import os
from pathlib import Path

from relive.session.answers import Redefinition
from relive.session.requests import EvaluateRequest, RedefineRequest


def in_file(text: str, file: str | os.PathLike[str]) -> EvaluateRequest:
    """Return the request to run `text` in the module of `file`.

    Text that stands in the file gets its true place.
    """
    path = Path(file).absolute()
    document = _read(path) if path.is_file() else None
    start = document.find(text) if document is not None and text.strip() else -1
    if document is None or start < 0:
        return EvaluateRequest(text, str(path), document=document, detached=True)
    line = document.count("\n", 0, start)
    column = start - (document.rfind("\n", 0, start) + 1)
    return EvaluateRequest(text, str(path), line, column, document)


def redefinition(
    file: str | os.PathLike[str], source: str | None, name: str | None
) -> RedefineRequest:
    """Return the request to redefine from `source`, or from the file's text on disk.

    Raises:
        OSError: the file cannot be read.
    """
    path = Path(file).absolute()
    return RedefineRequest(str(path), _read(path) if source is None else source, name)


def merged(answers: list[Redefinition]) -> Redefinition:
    """Return one receipt for several files."""
    if len(answers) == 1:
        return answers[0]
    changes = tuple(change for answer in answers for change in answer.definitions)
    error = next((answer.error for answer in answers if answer.error is not None), None)
    ranks = ["ok", "partial", "refused", "error"]
    worst = max(answers, key=lambda answer: ranks.index(answer.status)).status
    return Redefinition(worst, changes, error)


def _read(path: Path) -> str:
    import tokenize

    with tokenize.open(path) as stream:  # decodes by cookie or BOM, newlines become LF
        return stream.read()
