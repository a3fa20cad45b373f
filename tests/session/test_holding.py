"""Errors that are held: what a session promises of them, on each Python that can."""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from conftest import INTERPRETERS, MAX_WAIT_S, VERSIONS, MakeSession, lasting
from failing_job import CALL as ASSIGNED
from failing_job import JOB, MENDED
from held_errors import HOLDING, define, let_go
from held_errors import held as held_of
from relive.session.answers import Evaluation
from relive.session.events import Event, OutputReady, Resumed
from relive.session.going_on import NotResumedError
from relive.session.holds import HeldFrame
from relive.session.requests import EvaluateRequest, ResumeAction
from relive.session.session import Session
from relive.session.settings import Settings
from relive.wire import INTERRUPT_SIGNAL

HOLDS = Settings(hold_errors="workspace")

CALL = f"{ASSIGNED}\nprint('done', x)\nlen(x)"


@pytest.fixture(scope="module", params=HOLDING)
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, heard: list[Event]
) -> Iterator[Session]:
    """One process for the tests of this file, on each Python that can hold errors."""
    folder = tmp_path_factory.mktemp("held")
    with lasting(request.param, folder, HOLDS, heard) as session:
        yield session


@pytest.fixture
def session(shared: Session, heard: list[Event]) -> Iterator[Session]:
    """The process with nothing held, before and after."""
    define(shared, JOB)
    heard.clear()
    yield shared
    let_go(shared)
    assert shared.info().state == "idle"


def printed(answer: Evaluation) -> str:
    return "".join(chunk.text for chunk in answer.output)


def texts(answer: Evaluation) -> list[str | None]:
    return [None if each.value is None else each.value.text for each in answer.results]


def until(session: Session, so: Callable[[], Any]) -> None:
    session._driver.run_until(lambda: bool(so()))  # type: ignore[union-attr]


def names(session: Session) -> list[str]:
    return [each.at.name for each in session.frames()]


def values(frame: HeldFrame) -> dict[str, str]:
    return {each.name: each.text for each in frame.locals}


def held(session: Session, text: str = CALL) -> Evaluation:
    return held_of(session, text)


def test_a_mended_function_goes_on_where_it_failed_and_no_item_is_lost(session: Session) -> None:
    answer = held(session)
    assert (answer.error and answer.error.type, printed(answer)) == (
        "KeyError",
        "item {'n': 1}\nitem {'m': 2}\n",
    )
    assert [each.name for each in answer.error.frames] == ["<module>", "run", "scale"]  # type: ignore[union-attr]
    assert session.info().state == "held"
    assert session.info().holds == (answer.hold,)
    scale, run, _ = session.frames()
    assert (values(scale)["item"], values(scale)["factor"]) == ("{'m': 2}", "10")
    assert values(run)["out"] == "[10]"
    define(session, MENDED)
    point = session.resume_point()
    assert (point.line, point.certain) == (2, True)
    rest = session.resume("retryStatement")
    assert rest.status == "ok"
    assert rest.id == answer.id
    assert texts(rest) == ["[10, 20, 30]", "None", "3"]
    assert printed(rest) == "item {'n': 3}\ndone [10, 20, 30]\n"
    assert [each.id for each in rest.results] == [f"{answer.id}:{n}" for n in (1, 2, 3)]


def test_a_loop_at_top_level_goes_on_in_the_text_that_its_file_has_now(
    session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "steps.py"
    before = "out = []\nfor item in iter([4, 0, 2]):\n    out.append(8 // item)\nlen(out)\n"
    after = before.replace("\nfor", "\n# mended\nfor").replace("8 // item", "item + 1")
    file.write_text(before)
    answer = session.evaluate(before, file)
    assert (answer.status, [each.at.name for each in session.frames()]) == ("held", ["<module>"])
    assert texts(session.evaluate("list(out)", file)) == ["[2]"]
    assert session.resume_point(document=after).line == 3
    assert session.resume_point().line == 2
    rest = session.resume("retryStatement", document=after)
    assert (rest.status, texts(rest)) == ("ok", [None, "3"])
    assert texts(session.evaluate("list(out)", file)) == ["[2, 1, 3]"]


def test_what_is_evaluated_meanwhile_is_an_evaluation_like_any_other(session: Session) -> None:
    held(session)
    other = session.evaluate("print('between')\n40 + 2")
    assert (texts(other), printed(other)) == (["None", "42"], "between\n")
    error = session.evaluate("1 / 0").error
    assert error is not None
    assert (error.type, error.causes) == ("ZeroDivisionError", ())
    assert session.evaluate("import sys\nsys.exit(3)").error.type == "SystemExit"  # type: ignore[union-attr]
    assert session.info().state == "held"


def test_text_runs_with_a_frames_names_and_what_it_binds_goes_on(session: Session) -> None:
    held(session)
    assert texts(session.evaluate("item['m'], factor", frame=0)) == ["(2, 10)"]
    assert texts(session.evaluate("len(out)", frame=1)) == ["1"]
    assert texts(session.evaluate("item = {'n': 7}", frame=0)) == ["{'n': 7}"]
    missing = session.evaluate("item", frame=99)
    assert missing.error is not None
    assert "frame 99" in missing.error.message
    assert texts(session.resume("retryStatement"))[-3] == "[10, 70, 30]"


def test_ways_to_go_on(session: Session) -> None:
    held(session)
    with pytest.raises(NotResumedError, match="cannot be worked out"):
        session.resume("return", value="nowhere + 1")
    assert session.info().state == "held"
    assert texts(session.resume("return", value="factor * 5"))[0] == "[10, 50, 30]"
    held(session)
    define(session, MENDED)
    again = session.resume("restartFrame", frame=1)
    assert texts(again)[0] == "[10, 20, 30]"
    assert printed(again).startswith("item {'n': 1}\nitem {'m': 2}\n")
    define(session, JOB)
    held(session)
    answer = session.resume("abandon")
    assert (answer.status, answer.error and answer.error.type) == ("error", "KeyError")
    with pytest.raises(NotResumedError, match="Nothing is held"):
        session.resume("retryStatement")


def test_an_error_in_what_goes_on_is_held_again(session: Session) -> None:
    first = held(session)
    define(session, JOB.replace('item["n"]', "item.nothing"))
    second = session.resume("retryStatement")
    assert (second.status, second.id) == ("held", first.id)
    assert second.error is not None
    assert second.error.type == "AttributeError"
    assert second.hold != first.hold
    define(session, MENDED)
    assert texts(session.resume("retryStatement"))[0] == "[10, 20, 30]"


def test_what_is_held_last_goes_on_first(session: Session) -> None:
    first = held(session)
    second = held(session, "y = run([{'k': 1}])")
    assert session.info().holds == (first.hold, second.hold)
    assert names(session)[:2] == ["scale", "run"]
    with pytest.raises(NotResumedError, match="later"):
        session.resume("retryStatement", hold=first.hold)
    assert texts(session.resume("return", value="1")) == ["[1]"]
    assert session.info().holds == (first.hold,)
    assert texts(session.resume("return", value="2"))[0] == "[10, 2, 30]"


def test_a_form_that_is_evaluated_again_lets_its_own_error_go(
    session: Session, heard: list[Event]
) -> None:
    first = held(session)
    second = held(session)
    assert session.info().holds == (second.hold,)
    ended = [event.evaluation for event in heard if isinstance(event, Resumed)]
    assert [(each.id, each.status) for each in ended] == [(first.id, "error")]


def test_an_interrupt_while_nothing_runs_abandons_what_is_held(
    session: Session, heard: list[Event]
) -> None:
    answer = held(session)
    assert session.interrupt()
    assert session.evaluate("1").status == "ok"  # what is asked for comes after it
    assert session.info().holds == ()
    assert [e.evaluation.id for e in heard if isinstance(e, Resumed)] == [answer.id]
    assert not session.interrupt()


def test_input_is_asked_for_while_an_error_is_held(make_session: MakeSession) -> None:
    answers = iter(["first", "second", "third"])
    session = make_session(settings=HOLDS, ask=lambda _, reply: reply(next(answers)))
    define(session, JOB)
    held(session)
    assert texts(session.evaluate("input('? ')")) == ["'first'"]
    define(session, JOB.replace('item["n"] * factor', "input('? ')"))
    assert texts(session.resume("retryStatement"))[0] is not None


def test_a_thread_is_held_alone(session: Session) -> None:
    started = session.evaluate(
        "import threading\nseen = []\n"
        "def work(item):\n    seen.append(item['n'])\n    seen.append('after')\n"
        "def go():\n"
        "    threading.Thread(target=work, args=({'k': 1},), name='worker-7').start()\n"
        "go()"
    )
    assert started.status == "ok"
    until(session, lambda: session.info().holds)
    frame, *_ = session.frames()
    assert (frame.thread, frame.at.name) == ("worker-7", "work")
    assert texts(session.evaluate("1 + 1")) == ["2"]  # nobody waits for the thread
    assert texts(session.evaluate("item", frame=0)) == ["{'k': 1}"]
    assert texts(session.evaluate("item['n'] = 5", frame=0)) == ["5"]
    assert session.resume("retryStatement").status == "ok"
    thread = "[each.join() for each in threading.enumerate() if each.name == 'worker-7']\nseen"
    assert texts(session.evaluate(thread))[-1] == "[5, 'after']"


@pytest.mark.parametrize("ask", [Session.frames, lambda session: session.info().holds])
def test_a_program_that_only_asks_is_told_of_a_thread_that_is_held(
    session: Session, ask: Callable[[Session], Sequence[object]], tmp_path: Path
) -> None:
    os.mkfifo(goes := tmp_path / "goes")
    session.evaluate(
        f"import threading\ndef work(item):\n    open({str(goes)!r}).read()\n    item['n']"
    )
    session.evaluate("threading.Thread(target=work, args=({},)).start()")
    assert session._worker is not None
    told = session._worker._process.main.fileno()
    assert not ask(session)
    goes.write_text("now")
    for _ in range(9):  # something else may come first
        select.select([told], [], [], MAX_WAIT_S)
        if ask(session):
            break
    assert ask(session)
    assert session.info().state == "held"


def test_only_so_many_errors_are_held(session: Session) -> None:
    answers = [session.evaluate(f"run([{{'k': {n}}}])", file="job.py") for n in range(9)]
    assert [each.status for each in answers] == ["held"] * 8 + ["error"]
    assert answers[-1].error is not None
    assert any("8 errors are" in note for note in answers[-1].error.notes)


def test_what_is_evaluated_anew_is_not_held_twice(session: Session, heard: list[Event]) -> None:
    first, second = held(session), held(session, "run([{'k': 0}])")
    whole = held(session, f"import os\n{CALL}")
    assert session.info().holds == (whole.hold,)
    let_go = [each.evaluation.id for each in heard if isinstance(each, Resumed)]
    assert let_go == [second.id, first.id]


def test_a_value_that_hangs_is_no_reason_to_wait(session: Session) -> None:
    session.evaluate(
        "class Slow:\n    def __repr__(self):\n        while True: pass\n"
        "def fails(slow, quick):\n    raise ValueError('no')\n",
        file="job.py",
    )
    held(session, "fails(Slow(), 3)")
    told = values(session.frames()[0])
    assert told["quick"] == "3"
    assert "Slow" in told["slow"]


def test_what_is_tried_is_not_held(session: Session) -> None:
    assert (
        session.evaluate("class Odd:\n    def __repr__(self):\n        return 1 / 0").status == "ok"
    )
    assert session.evaluate("Odd()").status == "ok"
    assert session.evaluate("1 / 0").status == "error"  # evaluating it again is the same
    assert session.info().holds == ()


@pytest.mark.parametrize("how", ["restart", "kill", "close"])
@pytest.mark.no_copies("its process ends for good")
def test_nothing_is_left_of_what_is_held(how: str, make_session: MakeSession) -> None:
    session = make_session(settings=HOLDS)
    define(session, JOB)
    held(session)
    pid = session.info().pid
    assert pid is not None
    if how == "kill":
        os.kill(pid, 9)
        until(session, lambda: session.info().state == "dead")
    elif how == "restart":
        session.restart()
    else:
        session.close()
    assert session.info().holds == ()
    assert session.frames() == ()
    assert not Path(f"/proc/{pid}").exists()


def test_a_thread_that_is_held_keeps_no_process_from_ending(
    make_session: MakeSession, workspace: Path
) -> None:
    session = make_session(settings=HOLDS)
    define(session, JOB + "import atexit\natexit.register(lambda: open('ended', 'w').close())\n")
    start = "import threading\nthreading.Thread(target=scale, args=({},)).start()"
    assert session.evaluate(start, file="job.py").status == "ok"
    until(session, lambda: session.info().holds)
    session.close()
    assert (workspace / "ended").exists()


def test_what_was_held_is_not_kept(make_session: MakeSession) -> None:
    session = make_session(settings=HOLDS)
    text = JOB + "x = run([{'m': 2}])  # relive: keep\n"
    Path(session.home, "job.py").write_text(text)
    assert session.evaluate(text, file="job.py").status == "held"
    assert texts(session.evaluate("item['n'] = 3", frame=0)) == ["3"]
    kept = session.resume("retryStatement").results[-1].kept
    assert kept is not None
    assert (kept.state, kept.reason) == ("refused", "an error in it was held")


def test_handlers_for_the_end_run_though_an_error_is_held(
    make_session: MakeSession, workspace: Path
) -> None:
    session = make_session(settings=HOLDS)
    define(
        session,
        JOB
        + "import atexit\natexit.register(lambda: open('ended', 'w').close())\n"
        + "def careful():\n    try:\n        scale({})\n    finally:\n        open('out', 'w')\n",
    )
    held(session, "careful()")
    session.close()
    assert (workspace / "ended").exists()
    assert not (workspace / "out").exists()  # the stack is left as it is


def test_what_was_held_when_the_process_ended_is_held_again_by_a_replay(
    make_session: MakeSession, workspace: Path
) -> None:
    session = make_session(settings=HOLDS, log=True)
    file = workspace / "job.py"
    file.write_text(JOB)
    session.evaluate(JOB, file=file)
    assert session.evaluate(CALL, file=file).status == "held"
    replayed = session.restart(replay=True)
    assert (replayed.state, len(replayed.holds), replayed.replay and replayed.replay.done) == (
        "held",
        1,
        2,
    )
    assert values(session.frames()[0])["item"] == "{'m': 2}"
    session.redefine(file, source=MENDED)
    assert session.resume("retryStatement").status == "ok"


def test_replay_has_it_go_on_as_it_did(make_session: MakeSession, workspace: Path) -> None:
    session = make_session(settings=HOLDS, log=True)
    file = workspace / "job.py"
    file.write_text(JOB)
    session.evaluate(JOB, file=file)
    assert session.evaluate(CALL, file=file).status == "held"
    file.write_text(MENDED)
    session.redefine(file)
    assert session.resume("retryStatement").status == "ok"
    entries = [(each.kind, each.status, each.name) for each in session.history()]
    assert entries[0] == ("resume", "ok", "retryStatement")
    assert entries[2][:2] == ("evaluate", "held")
    steps, loop = workspace / "steps.py", "ys = []\nfor n in iter([2, 0]):\n    ys.append(8 // n)\n"
    steps.write_text(loop)
    assert session.evaluate(loop, file=steps).status == "held"
    mended = loop.replace("8 // n", "n")
    assert session.resume("retryStatement", document=mended).status == "ok"
    replayed = session.restart(replay=True).replay
    assert replayed is not None
    assert (replayed.failed, replayed.done) == (None, 6)
    assert texts(session.evaluate("x", file=file)) == ["[10, 20, 30]"]
    assert texts(session.evaluate("list(ys)", file=steps)) == ["[4, 0]"]


@pytest.mark.parametrize("version", [each for each in VERSIONS if each not in HOLDING])
def test_other_pythons_say_so(version: str, make_session: MakeSession) -> None:
    session = make_session(INTERPRETERS[version], settings=HOLDS)
    define(session, JOB)
    assert session.evaluate(CALL).status == "error"
    with pytest.raises(NotResumedError, match=r"CPython 3\.11"):
        session.resume("retryStatement")


def test_output_is_told_as_it_comes(session: Session, heard: list[Event]) -> None:
    answer = held(session)
    session.redefine("job.py", source=MENDED)
    heard.clear()
    session.resume("retryStatement")
    told: list[Any] = [each for each in heard if isinstance(each, OutputReady)]
    assert {each.evaluation for each in told} == {answer.id}
    assert "".join(each.chunk.text for each in told) == "item {'n': 3}\ndone [10, 20, 30]\n"


POOL = """import concurrent.futures
def all_of(items):
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        return list(pool.map(scale, items))
"""


def test_a_thread_that_is_waited_for_goes_on_while_the_main_one_waits(session: Session) -> None:
    define(session, JOB + POOL)
    came: list[Evaluation] = []
    session.submit(
        EvaluateRequest("all_of([{'n': 1}, {'m': 2}, {'n': 3}])", file="job.py"), came.append
    )
    until(session, lambda: session.info().holds)
    assert session.info().state == "busy"
    frames = session.frames()
    assert [each.at.name for each in frames] == ["scale"]
    assert values(frames[0])["item"] == "{'m': 2}"
    session.redefine("job.py", source=MENDED + POOL)
    with pytest.raises(NotResumedError, match="plain values alone"):
        session.resume("return", value="factor")
    assert session.resume_point().certain
    assert session.resume("retryStatement").status == "ok"
    until(session, lambda: came)
    assert texts(came[0]) == ["[10, 20, 30]"]
    assert session.info().holds == ()


def test_an_interrupt_of_what_waits_for_a_held_thread_ends_it(session: Session) -> None:
    define(session, JOB + POOL)
    came: list[Evaluation] = []
    session.submit(EvaluateRequest("all_of([{'m': 2}])", file="job.py"), came.append)
    until(session, lambda: session.info().holds)
    assert session.interrupt()
    until(session, lambda: came)
    assert came[0].status == "interrupted"
    until(session, lambda: not session.info().holds)


def test_an_interrupt_whose_signal_is_late_ends_what_a_held_thread_fails_before(
    make_session: MakeSession,
) -> None:
    session = make_session(settings=HOLDS)
    define(
        session, JOB + "import concurrent.futures as c, signal\npool = c.ThreadPoolExecutor(1)\n"
    )
    came: list[Evaluation] = []
    late = f"signal.signal({int(INTERRUPT_SIGNAL)}, signal.SIG_IGN)"
    waits = f"{late}; list(pool.map(scale, [{{'m': 2}}]))"
    session.submit(EvaluateRequest(waits, file="job.py"), came.append)
    until(session, lambda: session.info().holds)
    assert session.interrupt()
    until(session, lambda: came)
    assert came[0].status == "interrupted"


def test_an_interrupt_while_it_is_decided_whether_to_hold_is_not_lost(
    make_session: MakeSession,
) -> None:
    session = make_session(settings=HOLDS)
    define(session, JOB)
    hook = "import signal, sys; hook = sys.modules['relive.worker.holding.hook']"
    assert session.evaluate(hook).status == "ok"
    session.evaluate("hook.is_protocol = lambda *_: signal.raise_signal(signal.SIGINT)")
    assert session.evaluate(CALL, file="job.py").status == "interrupted"


FOREIGN = """import json
def read(text):
    return json.loads(text)
def plain(value):
    return value.text
def write(values):
    return json.dumps(values, default=plain, indent=1)
def made(text):
    namespace = {"read": read}
    exec("def between(t):\\n    return read(t)", namespace)
    return namespace["between"](text)
"""


def foreign(session: Session) -> dict[str, str]:
    """Of the foreign frames, the innermost first: why nothing goes on in them."""
    found = [each for each in session.frames() if each.foreign]
    assert not any(each.can_retry or each.can_restart or each.can_return for each in found)
    found.sort(key=lambda each: each.depth)
    return {each.at.name.rpartition(".")[2]: each.why_not or "" for each in found}


def test_frames_of_a_library_that_has_failed_are_told_of_and_its_call_goes_on(
    session: Session,
) -> None:
    define(session, FOREIGN)
    held(session, "read('{')")
    why = foreign(session)
    assert list(why)[-2:] == ["decode", "loads"]
    assert all("left this call" in each and "library" in each for each in why.values())
    first = session.frames()[0]
    assert (first.frame, first.at.name, first.depth) == (0, "read", len(why))
    loads = next(each for each in session.frames() if each.at.name == "loads")
    assert values(loads)["s"] == "'{'"
    assert texts(session.evaluate("[s for _ in 'a']", frame=loads.frame)) == ["['{']"]
    with pytest.raises(NotResumedError, match="code of a library"):
        session.resume("retryStatement", frame=loads.frame)
    session.evaluate("text = '[1]'", frame=0)
    assert texts(session.resume("retryStatement")) == ["[1]"]


def test_frames_of_a_library_that_wait_stay_and_go_on(session: Session) -> None:
    define(session, FOREIGN)
    held(session, "write([object()])")
    why = foreign(session)
    assert list(why)[-2:] == ["encode", "dumps"]
    assert all(each.startswith("code of a library") for each in why.values())
    assert [each.at.name for each in session.frames() if not each.foreign] == [
        "plain",
        "write",
        "<module>",
    ]
    depths = {each.at.name: each.depth for each in session.frames()}
    assert depths["plain"] == 0
    assert depths["dumps"] + 1 == depths["write"]
    session.redefine("job.py", source=FOREIGN.replace("value.text", "'plain'"))
    assert texts(session.resume("retryStatement")) == [repr('[\n "plain"\n]')]


def test_code_that_was_made_elsewhere_says_so(session: Session) -> None:
    define(session, FOREIGN)
    held(session, "made('{')")
    between = next(each for each in session.frames() if each.at.name == "between")
    assert (between.foreign, between.can_restart) == (True, False)
    assert between.why_not is not None
    assert "exec" in between.why_not
    names = [each.at.name for each in session.frames() if not each.foreign]
    assert names == ["read", "made", "<module>"]
    assert texts(session.resume("return", value="[2]", frame=1)) == ["[2]"]


NAMESAKES = [
    (
        "the setter of a property",
        "class T:\n    @property\n    def v(self):\n        return self.w\n    @v.setter\n    def v(self, x):\n        self.w = x // z\n"
        "def run():\n    t = T()\n    t.v = 4\n    return t.v\n",
        ("x // z", "x // 2"),
    ),
    (
        "one of several functions of a name",
        "import functools\n@functools.singledispatch\ndef show(x):\n    return x\n"
        "@show.register\ndef _(x: int):\n    y = x // z\n    return y\n"
        "@show.register\ndef _(x: str):\n    y = x + x\n    return y\n"
        "def run():\n    return show(4)\n",
        ("x // z", "x // 2"),
    ),
]


@pytest.mark.parametrize(("text", "mend"), [each[1:] for each in NAMESAKES])
def test_a_function_that_others_have_the_name_of_goes_on_in_its_own_text(
    session: Session, text: str, mend: tuple[str, str]
) -> None:
    define(session, text)
    held(session, "value = run()\nvalue")
    again = session.resume("retryStatement")
    assert again.status == "held", "nothing was mended: it fails again, in its own text"
    assert "z" in str(again.error and again.error.message)
    session.redefine("job.py", source=text.replace(*mend))
    assert session.resume_point().certain
    assert texts(session.resume("retryStatement"))[-1] == "2"


@pytest.mark.parametrize("action", ["retryStatement", "restartFrame"])
@pytest.mark.parametrize("added", ["size=3", "*, size=3"])
def test_parameters_that_a_mend_adds_have_their_defaults(
    session: Session, added: str, action: ResumeAction
) -> None:
    text = "def scaled(n):\n    return n * size\n\ndef run():\n    return scaled(2)\n"
    define(session, text)
    held(session, "value = run()\nvalue")
    mended = text.replace("scaled(n)", f"scaled(n, {added})")
    assert session.redefine("job.py", source=mended).status == "ok"
    assert texts(session.resume(action))[-1] == "6"


def test_a_frame_that_was_retried_and_failed_again_restarts(session: Session) -> None:
    define(
        session, "def halved(n):\n    m = n\n    return m // z\ndef run():\n    return halved(4)\n"
    )
    held(session, "value = run()\nvalue")
    assert session.resume("retryStatement").status == "held"
    assert session.frames()[0].can_restart
    assert session.resume("restartFrame").status == "held"
    session.evaluate("z = 2", file="job.py")
    assert texts(session.resume("restartFrame"))[-1] == "2"


PARTS = [
    ("a lambda", "def parts(n):\n    return sorted([n], key=lambda each: 1 // each)\n"),
    ("a generator expression", "def parts(n):\n    return sum(1 // each for each in [n])\n"),
    (
        "the body of a class",
        "def parts(n):\n    class Made:\n        size = 1 // n\n    return Made\n",
    ),
]


@pytest.mark.parametrize(("what", "text"), PARTS)
def test_what_is_part_of_a_statement_says_that_it_goes_on_further_out(
    session: Session, what: str, text: str
) -> None:
    define(session, text)
    held(session, "parts(0)")
    ((name, why),) = foreign(session).items()
    assert (session.frames()[0].at.name, name != "parts") == ("parts", True)
    assert what in why
    assert "further out" in why
    session.evaluate("n = 1", frame=0)
    assert session.resume("retryStatement").status == "ok"


TOOL = """def third(rows):
    total = []
    for row in rows:
        total.append(row / 3)
    return total
"""


def test_a_captured_call_that_was_held_and_went_on_runs_again_from_its_start(
    session: Session,
) -> None:
    text = "def part(x):\n    y = 10\n    return y / x\n\ndef whole(x):\n    return part(x) + 1\n"
    define(session, text)
    session.capture("job.py", "part")
    held(session, "whole(0)\n5")
    session.redefine("job.py", text.replace("/ x", "/ (x or 2)"))
    assert session.resume("retryStatement").status == "ok"
    calls = session.captured("job.py").calls
    assert calls
    assert [texts(session.run_again(each)) for each in calls] == [["5.0"]] * len(calls)
    session.stop_capturing()


def test_a_captured_call_that_was_held_and_went_on_is_one(session: Session) -> None:
    text = "def part(x, k=2):\n    ys = []\n    for i in (1, 2, 3):\n        ys.append(x[i])\n    return ys\n"
    text += "def whole(x):\n    return part(x)\n"
    define(session, text)
    session.capture("job.py", "part")
    held(session, "whole({1: 5})\n5")
    session.redefine("job.py", text.replace("x[i]", "x.get(i)"))
    assert session.resume("retryStatement").status == "ok"
    (call,) = session.captured("job.py").calls
    assert (call.number, call.result) == (1, "[5, None, None]")
    assert {each.name: each.text for each in call.arguments} == {"x": "{1: 5}", "k": "2"}
    lines = {each.line: (each.count, *(one.text for one in each.values)) for each in call.lines}
    assert lines == {1: (1, "[]"), 2: (3, "3"), 3: (3,), 4: (1,)}
    session.stop_capturing()


def test_captured_generators_that_were_held_count_what_they_yield_once(session: Session) -> None:
    text = "def gives(x):\n    for i in (1, 2, 3):\n        y = x[i]\n        yield y\n"
    define(session, text)
    session.capture("job.py", "gives")
    held(session, "list(gives({1: 5}))\n5")
    session.redefine("job.py", text.replace("x[i]", "x.get(i)"))
    assert session.resume("retryStatement").status == "ok"
    (call,) = session.captured("job.py").calls
    assert (call.yields, call.duration_ms is None) == (3, False)
    session.stop_capturing()


def test_a_captured_call_that_was_left_for_a_frame_further_out_ended_by_its_error(
    session: Session,
) -> None:
    text = "def part(x):\n    return 1 / x\n\ndef whole(x):\n    return part(x)\n"
    define(session, text)
    session.capture("job.py", "part")
    held(session, "whole(0)\n5")
    session.redefine("job.py", text.replace("return part(x)", "return x"))
    assert session.resume("restartFrame", frame=1).status == "ok"
    (call,) = session.captured("job.py").calls
    assert call.error == "ZeroDivisionError: division by zero"
    session.stop_capturing()


TASKS = """
import asyncio

async def failing(n):
    try:
        return 1 / n
    finally:
        await asyncio.sleep(0)

async def around(n):
    return await failing(n)

async def awaits(n):
    await asyncio.create_task(failing(n))

async def in_a_group(n):
    async with asyncio.TaskGroup() as group:
        group.create_task(failing(n))

async def all_of(function):
    tasks = [asyncio.create_task(function(0)) for _ in range(2)]
    done, _ = await asyncio.wait(tasks)
    return [type(each.exception()).__name__ for each in done]
"""


@pytest.mark.parametrize("function", ["failing", "around"])
def test_the_error_of_a_task_is_abandoned_once(session: Session, function: str) -> None:
    """Its frame has none of the user's above it, and handlers in it that raise it on."""
    define(session, TASKS)
    held(session, f"await all_of({function})")
    assert session.resume("abandon").status == "held", "the other task's"
    assert texts(session.resume("abandon")) == ["['ZeroDivisionError', 'ZeroDivisionError']"]


@pytest.mark.parametrize(
    ("function", "error"),
    [("awaits", "ZeroDivisionError"), ("in_a_group", "ExceptionGroup")],
)
def test_the_error_of_a_task_is_not_held_again_where_the_task_is_awaited(
    session: Session, function: str, error: str
) -> None:
    define(session, TASKS)
    for _ in range(2):  # the next one's is another error, and may lie where that one did
        held(session, f"await {function}(0)\n5")
        ended = session.resume("abandon")
        assert ended.error is not None
        assert (ended.status, ended.error.type) == ("error", error)


@pytest.mark.parametrize("version", HOLDING)
def test_a_module_of_the_workspace_that_is_imported_is_held_in_and_mended(
    version: str, make_session: MakeSession, workspace: Path
) -> None:
    (workspace / "tool.py").write_text(TOOL)
    session = make_session(interpreter=INTERPRETERS[version], settings=HOLDS)
    answer = session.evaluate("from tool import third\nthird(iter([3, 'x', 6]))")
    assert answer.status == "held"
    first, *_ = session.frames()
    assert (first.at.name, first.can_retry, first.foreign) == ("third", True, False)
    assert values(first)["total"] == "[1.0]"
    mended = TOOL.replace("row / 3", "len(row) if row == 'x' else row / 3")
    (workspace / "tool.py").write_text(mended)
    assert session.redefine("tool.py").status == "ok"
    assert texts(session.resume("retryStatement"))[-1] == "[1.0, 1, 2.0]"


@pytest.mark.parametrize("version", HOLDING)
def test_evaluated_code_alone_is_held_in_where_that_is_set(
    version: str, make_session: MakeSession, workspace: Path
) -> None:
    (workspace / "tool.py").write_text(TOOL)
    settings = Settings(hold_errors="evaluated")
    session = make_session(interpreter=INTERPRETERS[version], settings=settings)
    defined = "from tool import third\ndef run(rows):\n    return sum(third(rows))\n"
    (workspace / "job.py").write_text(defined)
    assert session.evaluate(defined, file="job.py").status == "ok"
    assert session.evaluate("run([3, 'x'])", file="job.py").status == "held"
    own = [each for each in session.frames() if not each.foreign]
    assert [each.at.name for each in own] == ["run", "<module>"]
    (third,) = [each for each in session.frames() if each.foreign]
    assert (third.at.name, third.can_retry, third.depth) == ("third", False, 0)
    session.evaluate("rows = [3, 6]", frame=0)
    assert texts(session.resume("retryStatement")) == ["3.0"]
    simple = session.evaluate("from tool import third\nthird(['x'])")
    assert simple.status == "error", "nothing of what was evaluated is lost by that"
    redefined = TOOL.replace("row / 3", "row / 2")
    assert session.redefine("tool.py", source=redefined).status == "ok"
    assert session.evaluate("run([4, 'x'])", file="job.py").status == "held"
    first = session.frames()[0]
    assert first.at.name == "third", "what is redefined is evaluated code"
    session.resume("abandon")
