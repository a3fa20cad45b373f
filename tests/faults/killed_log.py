"""A process that writes a change log and says what was acknowledged, until it is killed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from faults.changelogs import Work
from relive.changelog import segments
from relive.changelog.disk import LocalDisk
from relive.changelog.policy import Policy


def main(folder: str, seed: str, sync: str) -> None:
    """Ask for one thing after the other."""
    segments.ROTATE_AT = 20_000
    work = Work(LocalDisk(Path(folder)), Policy(sync=sync), Path(folder), int(seed))  # type: ignore[arg-type]
    os.write(1, f"{work.log.id}\n".encode())
    while True:
        os.write(1, f"{work.ask()}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
