"""Interpreters that are liars: workers that break the protocol as a test tells them to."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any

LIAR = Path(__file__).parents[1] / "fakes" / "liar.py"

VALUE = {
    "text": "1",
    "type": "int",
    "length": None,
    "truncated": False,
    "mimes": [],
    "ref": "1:1",
    "detail": None,
    "summary": None,
    "has_table": False,
    "has_children": False,
}
RESULT = {"span": [0, 0, 0, 1], "value": VALUE, "seconds": 0.5, "dependency": False, "kept": None}
DONE = {
    "op": "done",
    "undoable": False,
    "id": "@id",
    "status": "ok",
    "module": "scratch",
    "results": [RESULT],
    "error": None,
    "seconds": 0.5,
    "notes": [],
}
"""What a worker says that has evaluated `1`."""


def make_liar(folder: Path, main: list[Any], **more: Any) -> str:
    """Return the path of an interpreter that tells these lies."""
    script, program = folder / "lies.json", folder / "liar"
    script.write_text(json.dumps({"main": main, **more}))
    command = shlex.join([sys.executable, "-S", "-I", str(LIAR), str(script)])
    program.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    program.chmod(0o755)
    return str(program)
