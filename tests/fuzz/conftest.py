"""Fixtures of the daemon's tests, and how many examples are tried.

In the normal run the same few examples are tried each time; with `RELIVE_FUZZ=long` many, each time others.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from lsp.conftest import adopt_orphans, nursery, start_client, start_shared_client

__all__ = ["adopt_orphans", "nursery", "start_client", "start_shared_client"]

_UNHURRIED = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)

settings.register_profile(
    "short", derandomize=True, max_examples=60, deadline=None, suppress_health_check=_UNHURRIED
)
settings.register_profile(
    "long", max_examples=2000, deadline=None, suppress_health_check=_UNHURRIED
)
settings.load_profile(os.environ.get("RELIVE_FUZZ", "short"))
