"""The log's folder as a person finds it: kept out of git, and saying what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relive.changelog.disk import Disk

_README = """\
Relive keeps here what was evaluated and redefined in this folder: the code itself, when it ran and
what came of it. With it a session is brought back after a crash, and every earlier version of a
definition can be had again. Output is not stored, and values only of forms that are marked to be
kept, in the folder `kept`.

- A form with the comment `# relive: nolog` is not stored.
- The setting `relive.log.enabled` switches this off. `relive.log.keepDays` and
  `relive.log.maxMegabytes` say how much is kept.
- This folder can be deleted at any time. What was kept in it is lost then, and nothing else.

Only you can read it, and git leaves it out. How the files are written: docs/changelog.md.
"""
_FILES = {".gitignore": b"*\n", "README.txt": _README.encode()}


def prepare(disk: Disk) -> None:
    """Make the folder, if there is none."""
    there = disk.names("")
    for name, text in _FILES.items():
        if name not in there:
            file = disk.create(name)
            file.write(text)
            file.close()
