"""Load: the measurements as they were written down, every cell a text."""

from __future__ import annotations

import csv
from pathlib import Path

FILE = Path(__file__).with_name("penguins.csv")


def load_rows(file: Path = FILE) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
