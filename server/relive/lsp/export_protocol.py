"""What messages say of exports, and of notebooks that are made files of Python.

As in `protocol.py`: a field with a default may be absent.
"""

from __future__ import annotations

from typing import Literal

from relive.lsp.quick_attrs import message

EXPORT_SESSION = "relive.exportSession"
EXPORT_RESULTS = "relive.exportResults"
IMPORT_NOTEBOOK = "relive.importNotebook"

ExportFormat = Literal["py", "ipynb"]


@message
class ExportSessionParams:
    """Argument of `relive.exportSession`: what the process has run, as a program or a notebook."""

    format: ExportFormat
    uri: str | None = None
    """The document whose code is the program's own; absent: that with most code."""


@message
class ExportResultsParams:
    """Argument of `relive.exportResults`: some results, with the code that they need."""

    format: ExportFormat
    results: list[str]
    """By `StatementResult.id`."""
    uri: str | None = None


@message
class LeftOutOfExport:
    """What ran and is not in the export as code."""

    label: str
    why: str


@message
class Exported:
    """A program or a notebook. It is not stored anywhere yet."""

    text: str
    name: str
    """What the file may be called."""
    statements: int
    left_out: list[LeftOutOfExport]


@message
class ImportNotebookParams:
    """Argument of `relive.importNotebook`: a notebook's cells as a file of Python."""

    uri: str
    """The notebook's file."""
    save: bool | None = None
    """Whether the file is written beside it, under a name that is free; else it is only told."""


@message
class ImportedNotebook:
    """A notebook as a file of Python, whose cells begin with `# %%`."""

    text: str
    name: str
    """What the file may be called."""
    cells: int
    """Of code."""
    comments: int
    """Lines that only a notebook understands, which are comments now."""
    uri: str | None = None
    """Where it was saved."""
