"""Text in frames that are held, as a session runs it: with the names of the frame, and what it awaits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conftest import lasting
from held_errors import HOLDING, define, held, let_go
from relive.session.answers import Evaluation
from relive.session.events import Event
from relive.session.session import Session
from relive.session.settings import Settings

JOB = """
import threading
class Box:
    def __init__(self): self.__w = 3
    def area(self, k, items):
        total = 0
        for i in items:
            total += k / i
        return total
async def twice(x): return 2 * x
made, seen = [], []
def work():
    seen.append(Box().area(2, [0]))
def on_thread():
    made.append(threading.Thread(target=work))
    made[-1].start()
"""
MENDED = JOB.replace("k / i", "k")


@pytest.fixture(scope="module", params=HOLDING)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, heard: list[Event]
) -> Iterator[Session]:
    """One process for the tests of this file, on each Python that can hold errors."""
    folder = tmp_path_factory.mktemp("held")
    with lasting(request.param, folder, Settings(hold_errors="workspace"), heard) as session:
        yield session


@pytest.fixture
def session(shared: Session) -> Iterator[Session]:
    """The process with nothing held, before and after."""
    define(shared, JOB)
    yield shared
    let_go(shared)


def shown(answer: Evaluation) -> list[str | None]:
    assert answer.status == "ok", answer.error
    return [None if each.value is None else each.value.text for each in answer.results]


def test_text_in_a_frame_means_what_it_means_in_the_function(session: Session) -> None:
    held(session, "Box().area(4, [1, 0])")
    texts = {
        "[i * k for i in items]": ["[4, 0]"],
        "def g(): return k\ng()": [None, "4"],
        "sum(i * k for i in items)": ["4"],
        "(lambda: k)()": ["4"],
        "self.__w": ["3"],
        "super().__repr__.__name__": ["'__repr__'"],
        "return k + 1": ["5"],
        "import math\nmath.floor(total)": [None, "4"],
        "import asyncio\nawait asyncio.sleep(0, k)": [None, "4"],
        "new = await twice(k)\nnew + 1": ["8", "9"],
        "for i in items:\n    if not i:\n        return [i, k]": ["[0, 4]"],
        "k = 5\n[k for _ in items]": ["5", "[5, 5]"],
        "del new": [None],
    }
    assert {text: shown(session.evaluate(text, frame=0)) for text in texts} == texts
    gone = session.evaluate("new", frame=0)
    assert gone.error is not None
    assert gone.error.type == "NameError"
    define(session, MENDED)
    assert shown(session.resume("retryStatement")) == ["9.0"]


def test_a_value_to_return_is_worked_out_in_the_function(session: Session) -> None:
    held(session, "Box().area(4, [1, 0])")
    answer = session.resume("return", value="sum(k * self.__w for _ in items)")
    assert shown(answer) == ["24"]


def test_text_runs_in_a_frame_of_another_thread(session: Session) -> None:
    started = session.evaluate("on_thread()", file="job.py")
    assert started.status == "ok"
    session._driver.run_until(lambda: bool(session.info().holds))  # type: ignore[union-attr]
    assert shown(session.evaluate("[k * self.__w for _ in items]", frame=0)) == ["[6]"]
    assert shown(session.evaluate("k = await twice(k)", frame=0)) == ["4"]
    session.redefine("job.py", source=MENDED)
    assert session.resume("retryStatement").status == "ok"
    assert shown(session.evaluate("made[-1].join()\nseen", file="job.py"))[-1] == "[4]"
