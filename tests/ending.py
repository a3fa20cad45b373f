"""Which tests are of processes that end for good, and of what runs again where there is no copy.

Copies are made at times that depend on how long things take, and a process of which there is one
does not end. Where a test counts what is sent or started, or ends processes, none is made.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from relive.session.settings import Settings

ENDS = {"checkpoints": "off"}
"""As a client's settings: no process comes back by itself from a copy of it."""
ENDS_IN_SESSIONS = Settings(checkpoints="off")
"""The same in sessions of Python programs."""

_FOLDERS = ("faults", "lsp", "session")
"""Where tests are so, unless they are marked `copies`."""


def ends(node: pytest.Item | pytest.Collector) -> bool:
    """Tell whether processes of a test, or of all of a module, are to be without copies."""
    if node.get_closest_marker("copies") is not None:
        return False
    return node.path.relative_to(Path(__file__).parent).parts[0] in _FOLDERS
