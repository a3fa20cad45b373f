"""For tests of processes that end for good, and of what runs again where there is no copy."""

from __future__ import annotations

from relive.session.settings import Settings

ENDS = {"checkpoints": "off"}
"""As a client's settings: no process comes back by itself from a copy of it."""
ENDS_IN_SESSIONS = Settings(checkpoints="off")
"""The same in sessions of Python programs."""
