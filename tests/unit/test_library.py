"""The standard library's modules in the worker, as two threads ask for one at the same time."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from conftest import MAX_WAIT_S
from relive.worker import library, own

SLOW = """import sys
sys.entered.set()
sys.go_on.wait()
ready = True
"""


def test_a_module_that_is_being_loaded_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_to_load.py").write_text(SLOW)
    entered, go_on, found = threading.Event(), threading.Event(), []
    monkeypatch.setattr(sys, "entered", entered, raising=False)
    monkeypatch.setattr(sys, "go_on", go_on, raising=False)
    monkeypatch.setattr(library, "_FOLDER", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))

    def ask() -> None:
        found.append(hasattr(library.standard("slow_to_load"), "ready"))

    threads = [threading.Thread(target=__import__, args=("slow_to_load",))]
    threads += [threading.Thread(target=ask) for _ in range(2)]
    threads[0].start()
    assert entered.wait(MAX_WAIT_S)
    for thread in threads[1:]:
        thread.start()
    threads[1].join(0.2)  # what does not wait has its answer by now
    go_on.set()
    for thread in threads:
        thread.join(MAX_WAIT_S)
    monkeypatch.delitem(sys.modules, "slow_to_load")
    assert found == [True, True]


def test_what_others_do_to_the_path_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    before = list(sys.path)
    monkeypatch.setattr(sys, "path", [*before])
    first = own.InFront("path", ["/ours"])
    with first:
        sys.path.append("/later")
        sys.path.insert(0, "/sooner")
    assert sys.path == ["/sooner", *before, "/later"]
    with first:
        sys.path = [*before, "/instead"]
    assert sys.path == [*before, "/instead"]
    with first:
        sys.path = [*sys.path, "/beside"]
    assert sys.path == [*before, "/instead", "/beside"]


def test_two_threads_that_put_something_first_take_out_each_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = list(sys.path)
    monkeypatch.setattr(sys, "path", [*before])
    one, other = own.InFront("path", ["/one"]), own.InFront("path", ["/other"])
    one.__enter__()
    other.__enter__()
    one.__exit__()
    assert sys.path == ["/other", *before]
    other.__exit__()
    assert sys.path == before


def test_what_comes_first_for_one_thread_does_so_for_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A late import of ours, beside one of the user's for a file that is called like a library."""
    mine, ours = tmp_path / "mine", tmp_path / "ours"
    for folder in (mine, ours):
        folder.mkdir()
        (folder / "called_alike.py").write_text("")
    monkeypatch.syspath_prepend(str(mine))
    entered, go_on, finders = threading.Event(), threading.Event(), list(sys.meta_path)
    found: list[str | None] = []

    def import_it() -> None:
        found.append(__import__("called_alike").__file__)
        del sys.modules["called_alike"]

    def ask() -> None:
        with own.PathFirst([str(tmp_path / "none")]), own.PathFirst([str(ours)]):
            entered.set()
            go_on.wait(MAX_WAIT_S)
            import_it()

    thread = threading.Thread(target=ask)
    thread.start()
    assert entered.wait(MAX_WAIT_S)
    import_it()
    go_on.set()
    thread.join(MAX_WAIT_S)
    assert found == [str(folder / "called_alike.py") for folder in (mine, ours)]
    assert sys.meta_path == finders
