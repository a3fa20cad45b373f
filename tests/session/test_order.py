"""What is asked for one after the other takes effect one after the other."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ending import ENDS_IN_SESSIONS
from faults.sessions import Watched, value
from relive.session.requests import EvaluateRequest, RedefineRequest
from relive.session.session import Session

SLOW = """import threading
entered, ended, overtaken = threading.Event(), threading.Event(), threading.Event()

def slow(function):
    if not entered.is_set():
        return function
    ended.wait()
    overtaken.wait(0.5)  # as long as it takes to see that nothing overtakes
    return function

@slow
def f():
    return "old"
"""


def test_an_evaluation_after_a_redefinition_runs_the_new_code_though_something_ran(
    fast_session: Session, workspace: Path
) -> None:
    file = workspace / "a.py"
    file.write_text(SLOW)
    fast_session.evaluate(SLOW, file)
    new = SLOW.replace('"old"', '"new"')
    answers: list[Any] = []
    with fast_session._lock:
        for request in (
            EvaluateRequest("entered.set(); ended.set()", str(file), detached=True),
            RedefineRequest(str(file), new, "f"),
            EvaluateRequest("overtaken.set()\nf()", str(file), document=new, detached=True),
        ):
            submit: Any = fast_session.submit
            if isinstance(request, RedefineRequest):
                submit = fast_session.submit_redefine
            submit(request, answers.append)
    fast_session._driver.run_until(lambda: len(answers) == 3)  # type: ignore[union-attr]
    assert [answer.status for answer in answers] == ["ok", "ok", "ok"]
    assert answers[2].results[-1].value.text == "'new'"


def test_of_two_redefinitions_the_later_one_counts(make_session: Any, workspace: Path) -> None:
    watched, answers = Watched(make_session), []
    session, file = watched.session, str(workspace / "a.py")

    def redefine(value: int) -> None:
        request = RedefineRequest(file, f"def f(): return {value}\n", "f")
        session.submit_redefine(request, answers.append)

    def while_it_runs() -> None:
        redefine(2)
        (workspace / "go").touch()

    watched.when_printed("here", while_it_runs)
    code = "import os\ndef f(): return 0\nprint('here')\nwhile not os.path.exists('go'): pass"
    with session._lock:
        session.submit(EvaluateRequest(code, file, document=code), answers.append)
        redefine(1)  # before the worker is there: it waits for its turn
    session._driver.run_until(lambda: len(answers) == 3)
    assert [answer.status for answer in answers] == ["ok", "ok", "ok"]
    assert value(session.evaluate("f()", file)) == "2"


def test_redefinitions_are_made_one_after_the_other(fast_session: Session, workspace: Path) -> None:
    """One that is under way on the worker's main thread is not overtaken on the other."""
    file = workspace / "a.py"
    text = SLOW.replace("ended.wait()\n", "")
    fast_session.evaluate(text, file)
    fast_session.evaluate("entered.set()", file)
    answers: list[Any] = []
    with fast_session._lock:
        for value_ in ('"first"', '"second"'):
            document = text.replace('"old"', value_)
            request = RedefineRequest(str(file), document, "f")
            fast_session.submit_redefine(request, answers.append)
        assert len(fast_session._agenda.beside) == 0
    fast_session._driver.run_until(lambda: len(answers) == 2)  # type: ignore[union-attr]
    assert value(fast_session.evaluate("f()", file)) == "'second'"


def test_what_a_redefinition_has_passed_runs_the_new_code_when_it_runs_again_too(
    make_session: Any, workspace: Path
) -> None:
    """It is done beside what runs, and so before what waits, though that was asked for earlier."""
    os.mkfifo(workspace / "goes")
    file = workspace / "a.py"
    file.write_text("def f(): return 1\n")
    session = make_session(settings=ENDS_IN_SESSIONS, log=True)
    session.evaluate(f"{file.read_text()}found = []", file)
    answers: list[Any] = []
    texts = ("open('goes').read()", "found.append(f())", "found.append(10 * f())")
    with session._lock:
        for each in texts:
            request = EvaluateRequest(each, str(file), detached=True)
            session.submit(request, answers.append)
        change = RedefineRequest(str(file), "def f(): return 2\n", "f")
        session.submit_redefine(change, answers.append)
    session._driver.run_until(lambda: len(answers) == 1)
    (workspace / "goes").write_text("")
    session._driver.run_until(lambda: len(answers) == 4)
    goes_again(workspace)
    session.restart(replay=True)
    assert value(session.evaluate("found", file)) == "[2, 20]"
    goes_again(workspace)
    session.rewind(session.steps()[-2].number)
    assert value(session.evaluate("found, f()", file)) == "([2], 2)"


def goes_again(workspace: Path) -> None:
    """Have what waits until it may go on do so at once, when it runs again."""
    (workspace / "goes").unlink(missing_ok=True)
    (workspace / "goes").write_text("")
