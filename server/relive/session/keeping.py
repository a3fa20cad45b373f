"""Which forms of a request are to be kept, and what the worker needs to know for it."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from relive.changelog.disk import NAME, LocalDisk
from relive.changelog.folder import prepare
from relive.changelog.key import NoKey, derived, user_key
from relive.session.requests import EvaluateRequest
from relive.session.settings import Settings
from relive.source.forms import Form
from relive.source.pragmas import forms_with

_FOLDER = "kept"
_SUFFIXES = (".kept", ".new")


def kept_folder(workspace: Path) -> Path:
    """Return the folder where a workspace's values are kept."""
    return workspace / NAME / _FOLDER


def keep_of(request: EvaluateRequest, workspace: str, settings: Settings) -> dict[str, Any] | None:
    """Return the wire's Keep of a request, None if no form of it is marked."""
    spans = _marked(request)
    if not spans:
        return None
    folder = Path(workspace)
    key, problem = _prepared(folder)
    return {
        "folder": str(kept_folder(folder)),
        "key": key.hex(),
        "limit": settings.keep_max_megabytes << 20,
        "forms": spans,
        "anew": request.anew,
        "problem": problem,
    }


def forget(workspace: Path) -> int:
    """Remove all kept values of a workspace; return how many there were."""
    folder, removed = kept_folder(workspace), 0
    if folder.is_symlink() or not folder.is_dir():
        return 0
    for file in folder.iterdir():
        if file.suffix in _SUFFIXES and (file.is_file() or file.is_symlink()):
            with contextlib.suppress(FileNotFoundError):  # another session was faster
                file.unlink()
                removed += file.suffix == _SUFFIXES[0]
    return removed


def _marked(request: EvaluateRequest) -> list[list[int]]:
    if request.document is not None and not request.detached:
        return [_span(form, 0, 0) for form in forms_with(request.document, "keep")]
    return [_span(form, request.line, request.column) for form in forms_with(request.text, "keep")]


def _span(form: Form, line: int, column: int) -> list[int]:
    """Return where a form stands in the file, if its text begins at (`line`, `column`)."""
    ends = (form.range.start, form.range.end)
    return [part for at in ends for part in (at[0] + line, at[1] + (column if not at[0] else 0))]


def _prepared(workspace: Path) -> tuple[bytes, str | None]:
    """Return the key for kept values, and why they cannot be had if so."""
    try:
        prepare(LocalDisk(workspace))
        return derived(user_key(), "kept values"), None
    except NoKey as problem:
        return b"", str(problem)
    except OSError as problem:
        return b"", f"{workspace / NAME} cannot be used: {problem.strerror or problem}"
