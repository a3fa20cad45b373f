"""A bound on the time of a call: it ends that call, and never anything after it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from relive.worker import timelimit
from relive.worker.timelimit import OutOfTime, within

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers")


def theirs(_number: int, _frame: object) -> None:
    """The program's own handler."""


@pytest.fixture(autouse=True)
def their_handler() -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, theirs)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def forever() -> None:
    while True:
        pass


def is_put_back() -> bool:
    return (
        signal.getsignal(signal.SIGALRM) is theirs and signal.getitimer(signal.ITIMER_REAL)[0] == 0
    )


def test_a_call_in_time_gives_its_value_and_leaves_no_timer() -> None:
    assert within(60, divmod, 7, 2) == (3, 1)
    assert is_put_back()


def test_a_call_that_goes_on_is_ended() -> None:
    with pytest.raises(OutOfTime):
        within(0.01, forever)
    assert is_put_back()


def test_a_call_in_a_call_leaves_the_outer_one_its_limit() -> None:
    def outer() -> None:
        with pytest.raises(OutOfTime):
            within(0.01, forever)
        forever()

    with pytest.raises(OutOfTime):
        within(0.2, outer)
    assert is_put_back()


SLOW_MODULE = """import time
begun = time.monotonic()
while time.monotonic() < begun + {seconds}:
    pass
finished = True
"""


def test_a_module_under_way_is_imported_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Libraries import late, in a repr too; what is cut off there is broken ever after."""
    (tmp_path / "slow_to_import.py").write_text(SLOW_MODULE.format(seconds=0.1))
    monkeypatch.syspath_prepend(tmp_path)

    def goes_on_after_import() -> None:
        import_module("slow_to_import")
        forever()

    with pytest.raises(OutOfTime):
        within(0.02, goes_on_after_import)
    assert import_module("slow_to_import").finished
    assert is_put_back()


def test_a_module_that_never_ends_is_cut_off_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "endless_to_import.py").write_text(SLOW_MODULE.format(seconds=1e9))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(OutOfTime):
        within(0.01, import_module, "endless_to_import")
    assert is_put_back()


def test_an_alarm_whose_call_an_interrupt_has_ended_disturbs_nobody() -> None:
    """As if the interrupt had come between setting the timer and putting it back."""

    def call() -> None:
        timelimit._Alarm(sys._getframe()).set(0.01)

    call()
    while not is_put_back():
        pass
