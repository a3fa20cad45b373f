"""Fixtures of the daemon's tests, for the faults that need a whole daemon."""

from __future__ import annotations

from lsp.conftest import adopt_orphans, fresh_client, nursery, start_client

__all__ = ["adopt_orphans", "fresh_client", "nursery", "start_client"]
