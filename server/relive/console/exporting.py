"""The command that writes down what the process has run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from relive.console.desk import Desk

_FORMATS = {".py": "py", ".ipynb": "ipynb"}


async def export(desk: Desk, text: str) -> None:
    """Write the session to a new file: a program, or a notebook."""
    path = Path(desk.session.folder, Path(text).expanduser())
    format_ = _FORMATS.get(path.suffix)
    if not text or format_ is None:
        desk.screen.complaint("%export takes a file that ends in .py or in .ipynb.")
        return
    if path.exists():
        desk.screen.complaint(f"{path} is there already: take another name, or remove it.")
        return
    module = desk.session.module
    about: dict[str, Any] = {} if module is None else {"uri": module.uri}
    told = await desk.session.execute("relive.exportSession", format=format_, **about)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(told["text"])
    except OSError as error:
        desk.screen.complaint(f"{path} cannot be written: {error.strerror}.")
        return
    count = told["statements"]
    desk.screen.line(f"exported {count} {'statement' if count == 1 else 'statements'} to {path}")
    for each in told["leftOut"]:
        desk.screen.note(f"left out: {each['label']}: {each['why']}")
