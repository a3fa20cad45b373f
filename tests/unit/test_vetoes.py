"""What is open that a copy of the process would break, or that something can be sent by."""

from __future__ import annotations

import sys

import pytest

if sys.platform != "linux":
    pytest.skip("no checkpoints on this system", allow_module_level=True)

from relive.worker.checkpoints import vetoes

REASONS = {
    "/dev/nvidia0": "a graphics processor is in use",
    "/dev/nvidiactl": "a graphics processor is in use",
    "/dev/kfd": "a graphics processor is in use",
    "/dev/dri/renderD128": "a graphics processor is in use",
    "socket:[1]": "a socket is open (descriptor 7: socket:[1])",
    "pipe:[1]": "a pipe is open (descriptor 7: pipe:[1])",
    "/dev/pts/1": "a terminal is open (descriptor 7: /dev/pts/1)",
    "anon_inode:[eventpoll]": "a handle of the system's is open (descriptor 7: anon_inode:[eventpoll])",
    "/dev/null": None,
    "/dev/dri/card0": None,
    "/tmp/file.txt": None,
}


@pytest.fixture(autouse=True)
def _nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vetoes, "_locks", lambda: iter(()))
    monkeypatch.setattr(vetoes, "_memory", lambda: iter(()))


@pytest.mark.parametrize(("leads", "why"), REASONS.items(), ids=REASONS.keys())
def test_what_is_open_tells_why_there_is_no_copy(leads: str, why: str | None) -> None:
    assert vetoes.why_not({3: "socket:[9]", 7: leads}, {3}) == why
    assert vetoes.why_not({7: leads}, {7}) is None


def test_a_graphics_processor_comes_with_other_handles() -> None:
    opened = {5: "/tmp/file.txt", 6: "/dev/nvidia0", 7: "anon_inode:[eventfd]"}
    assert vetoes.why_not(opened, set()) == "a graphics processor is in use"


@pytest.mark.parametrize(
    ("leads", "by"),
    [("socket:[1]", "a socket"), ("pipe:[1]", "a pipe"), ("anon_inode:[x]", None), ("/a", None)],
)
def test_by_what_something_can_be_sent(leads: str, by: str | None) -> None:
    assert vetoes.connection({3: "pipe:[9]", 7: leads}, {3}) == by
