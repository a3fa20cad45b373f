"""Outcomes of earlier comparisons: what has not changed since is not played again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from report import Outcome


class Kept:
    """Outcomes in a file, each by all that it depends on."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, dict[str, str | None]] = {}

    def read(self) -> None:
        """Take what was kept before."""
        if self._file.exists():
            self._known = json.loads(self._file.read_text())

    def get(self, *depends_on: str) -> Outcome | None:
        """Return the outcome of the same play, if it is known."""
        known = self._known.get(_key(depends_on))
        return None if known is None else Outcome(**known)  # type: ignore[arg-type]

    def put(self, outcome: Outcome, *depends_on: str) -> None:
        """Keep an outcome."""
        self._known[_key(depends_on)] = asdict(outcome)

    def write(self) -> None:
        """Bring all to the file."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(self._known, indent=1))


def _key(depends_on: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(depends_on).encode()).hexdigest()[:16]
