"""What a daemon does not load before it is needed: it would be waited for at each start."""

from __future__ import annotations

import subprocess
import sys

LATE = {
    "bz2",
    "configparser",
    "difflib",
    "doctest",
    "gzip",
    "http.client",
    "jedi",
    "lzma",
    "parso",
    "pickle",
    "random",
    "shutil",
    "tempfile",
    "unittest",
    "urllib.request",
    "watchdog",
}
"""Libraries that one question or another needs, and no start."""
LOADED = """
import sys
from relive.lsp.loading import quickly
with quickly():
    import pygls.lsp.server
    before = set(sys.modules)
    import relive.lsp.server
print(*sorted(sys.modules.keys() - before))
"""


def test_the_daemon_loads_only_what_it_starts_with() -> None:
    told = subprocess.run(
        (sys.executable, "-c", LOADED), capture_output=True, text=True, check=True
    )
    loaded = set(told.stdout.split())
    assert "relive.lsp.rpc" in loaded
    assert not loaded & LATE
