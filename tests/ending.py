"""Which tests are of processes of which no copy is made: each marked so, with the reason.

Copies are made at times that depend on how long things take, and a process of which there is one
does not end. A test that counts what is sent, or is about a process that ends for good or about
what runs again where there is no copy, is marked `no_copies`. All others run as the product does.
"""

from __future__ import annotations

import pytest

from relive.session.settings import Settings

ENDS = {"checkpoints": "off"}
"""As a client's settings: no process comes back by itself from a copy of it."""
ENDS_IN_SESSIONS = Settings(checkpoints="off")
"""The same in sessions of Python programs."""


def ends(node: pytest.Item | pytest.Collector) -> bool:
    """Tell whether processes of a test, or of all of a module, are to be without copies."""
    return node.get_closest_marker("no_copies") is not None
