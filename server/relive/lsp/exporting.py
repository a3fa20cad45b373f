"""Exports, and imports of notebooks, carried out: what `features/exporting.py` offers."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from relive.exporting.chosen import chosen
from relive.exporting.importing import Imported, NotANotebookError, imported
from relive.exporting.notebook import notebook
from relive.exporting.outputs import RICH_FORMS, Rich
from relive.exporting.places import name_of
from relive.exporting.program import Program, program
from relive.exporting.script import About, script
from relive.lsp import export_protocol as messages
from relive.lsp.daemon import Daemon
from relive.lsp.documents import file_of
from relive.lsp.failures import RefusedError
from relive.lsp.folder_session import FolderSession
from relive.session.answers import file_uri
from relive.session.timeline import Step
from relive.session.values import ValueMime
from relive.session.viewing import MimeView

_LARGEST = 256 << 20
"""Bytes of a notebook that is read; most of a large one are pictures."""
_MOST_VALUES = 200
"""Values of which richer forms are asked for: the latest."""
_NOTHING = "Nothing has run in the process yet: there is nothing to export."


async def export_session(daemon: Daemon, params: messages.ExportSessionParams) -> messages.Exported:
    """Return all that the session ran as a program, or a notebook."""
    session, file, steps = _asked(daemon, params.uri)
    whole = await asyncio.to_thread(program, steps, name_of, file)  # of many it takes seconds
    return await _told(session, params.format, whole, steps)


async def export_results(daemon: Daemon, params: messages.ExportResultsParams) -> messages.Exported:
    """Return some results, and what they need."""
    session, file, steps = _asked(daemon, params.uri)
    whole = await asyncio.to_thread(program, steps, name_of, file)
    part = chosen(whole, {*params.results})
    if not part.count:
        raise RefusedError("None of these results is of the process that runs. Evaluate again.")
    return await _told(session, params.format, part, steps)


def _asked(daemon: Daemon, uri: str | None) -> tuple[FolderSession, str | None, list[Step]]:
    session = daemon.sessions.chosen(uri)
    steps = session.steps()
    if not steps:
        raise RefusedError(_NOTHING)
    return session, None if uri is None else file_of(uri), steps


async def _told(
    session: FolderSession, format_: messages.ExportFormat, whole: Program, steps: list[Step]
) -> messages.Exported:
    about = _about(session)
    if format_ == "py":
        text = script(whole, about)
    else:
        wanted = {each.result for each in whole.pieces if each.result is not None}
        text = notebook(whole, steps, about, await _rich(session, steps, wanted))
    left_out = [messages.LeftOutOfExport(each.label, each.why) for each in whole.left_out]
    return messages.Exported(text, _name(about, format_), whole.count, left_out)


def _name(about: About, format_: str) -> str:
    folder = "" if about.folder is None else os.path.basename(about.folder)
    stamp = time.strftime("%Y%m%d-%H%M%S")
    return f"{folder or 'untitled'}-session-{stamp}.{format_}".replace(" ", "-")


def _about(session: FolderSession) -> About:
    info = session.info
    folder = None if session.folder is None else file_of(session.folder)
    name = "no folder" if folder is None else os.path.basename(folder)
    when = time.strftime("%Y-%m-%d %H:%M %Z")
    what = f"The session of {name}"
    whole = session.has_all_steps
    return About(what, when, info.python, info.version, folder, whole)


async def _rich(session: FolderSession, steps: Iterable[Step], wanted: Iterable[str]) -> Rich:
    """Ask for the richer forms of values, as far as they are there and nothing runs."""
    if session.info.state != "idle":
        return {}
    ids = {*wanted}
    results = [
        each.result
        for step in steps
        for each in (() if step.gave is None else step.gave.statements)
        if each.result is not None and each.result.id in ids
    ]
    values = [each.value for each in results if each.value is not None and each.value.mimes]
    found: dict[str, tuple[ValueMime, ...]] = {}
    for value in values[-_MOST_VALUES:]:
        asked = [mime for mime in RICH_FORMS if mime in value.mimes]
        forms = [await session.view(MimeView(value.ref, mime)) for mime in asked]
        found[value.ref] = tuple(each for each in forms if isinstance(each, ValueMime))
    return found


async def import_notebook(params: messages.ImportNotebookParams) -> messages.ImportedNotebook:
    """Make a file of a notebook."""
    return await asyncio.to_thread(_imported, Path(file_of(params.uri)), bool(params.save))


def _imported(path: Path, save: bool) -> messages.ImportedNotebook:
    made = _read(path)
    if not save:
        name = next(each for each in _names(path) if not each.exists()).name
        return messages.ImportedNotebook(made.text, name, made.cells, made.left)
    saved = _saved(path, made.text)
    uri = file_uri(str(saved))
    return messages.ImportedNotebook(made.text, saved.name, made.cells, made.left, uri)


def _names(path: Path) -> Iterator[Path]:
    """Yield what a file beside another can be called."""
    return (path.with_name(f"{path.stem}{f'-{n}' if n else ''}.py") for n in count())


def _read(path: Path) -> Imported:
    try:
        if path.stat().st_size > _LARGEST:
            raise RefusedError(f"{path.name} is too large to be read whole.")
        return imported(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise RefusedError(f"{path.name} cannot be read: {error.strerror}.") from error
    except (NotANotebookError, UnicodeDecodeError) as error:
        raise RefusedError(f"{path.name} cannot be imported. {error}") from error


def _saved(path: Path, text: str) -> Path:
    """Write a file beside another, under a name that is free."""
    for free in _names(path):
        try:
            with free.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
        except FileExistsError:
            continue
        except OSError as error:
            raise RefusedError(f"{free} cannot be written: {error.strerror}.") from error
        return free
    raise AssertionError  # numbers do not end
