"""What was measured, in a file: row by row, so that a run that is broken off loses nothing."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from suite.frame import Measured


class Results:
    """The latest of each row."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def put(self, row: str, found: list[Measured]) -> None:
        """Keep what came of a row, in the place of what came of it before."""
        day = time.strftime("%Y-%m-%d", time.gmtime())
        kept = {**self._read(), row: {"day": day, "found": [each.to_json() for each in found]}}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_suffix(".part")
        aside.write_text(json.dumps(kept, indent=1))
        aside.replace(self._path)

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}
