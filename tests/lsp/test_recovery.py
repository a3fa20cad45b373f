"""J14, J15: what had run is run again: after a crash of the worker, of the daemon, or on request."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lsp.driver import Client, RequestError, wait_for_end_of
from relive.changelog.entries import Change, Outcome
from relive.changelog.log import ChangeLog
from relive.changelog.policy import Policy
from relive.lsp.configuration import Configuration

KILL = "os.kill(os.getpid(), signal.SIGKILL)"
TEXT = """import math

n = 3

def area(r):
    return math.pi * r ** n

open(out, "a").write("x")
total = area(2)
"""


_ENDS = {"checkpoints": "off"}
"""A process that ends is one to recover."""


class Story:
    """A folder, and a client whose daemon has it open."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.file = folder / "shapes.py"
        self.out = folder / "out"

    def ask(self, command: str, **argument: Any) -> Any:
        """Have the folder's session do something."""
        return self.client.execute(command, {"uri": self.folder.as_uri(), **argument})

    def open(self, text: str) -> str:
        self.file.write_text(text)
        return self.client.open(self.file, text)

    def evaluate(self, uri: str, *lines: int) -> list[Any]:
        return [
            self.client.evaluate(uri, "form", position={"line": line, "character": 0})
            for line in lines
        ]

    def kill_worker(self) -> None:
        """And wait until that is known."""
        worker = self.ask("relive.session")["pid"]
        after = len(self.client.timeline)
        os.kill(worker, signal.SIGKILL)
        self.client.wait_for_notification(
            "relive/session", lambda params: params["state"] == "dead", after
        )

    def offer(self, after: int = 0) -> Any:
        return self.client.wait_for_notification("relive/recoverable", after=after)

    def recoverable(self, **more: Any) -> Any:
        return self.ask("relive.recoverable", **more)

    def recover(self, **more: Any) -> Any:
        return self.ask("relive.recover", **more)["replay"]

    def value(self, expression: str) -> str:
        uri = self.file.as_uri()
        answer = self.client.execute("relive.inspect", {"uri": uri, "expression": expression})
        return str(answer["text"])

    def history(self, **more: Any) -> list[Any]:
        found = self.ask("relive.history", **more)
        assert isinstance(found, list)
        return found


class Crashing(Story):
    """A story with a daemon of its own, which is killed and started again."""

    def __init__(self, start_client: Callable[[], Client], folder: Path) -> None:
        self._start = start_client
        super().__init__(start_client(), folder)
        self.client.initialize(folder, options={"settings": _ENDS})

    def begin(self, settings: Any = None) -> Client:
        """Start a daemon anew."""
        self.client = self._start()
        self.client.initialize(self.folder, options={"settings": {**_ENDS, **(settings or {})}})
        return self.client

    def kill_daemon(self) -> None:
        """As a crash of the editor and all that it has started would."""
        worker = self.ask("relive.session")["pid"]
        self.client.process.kill()
        self.client.wait_for_exit()
        if worker is not None:
            wait_for_end_of(worker)


@pytest.fixture
def story(client: Client, tmp_path: Path) -> Iterator[Story]:
    """A folder of its own in a daemon that has others, too."""
    folder = {"uri": tmp_path.as_uri(), "name": tmp_path.name}
    method = "workspace/didChangeWorkspaceFolders"
    client.notify(method, {"event": {"added": [folder], "removed": []}})
    client.configure(checkpoints="off")
    yield Story(client, tmp_path)
    client.notify(method, {"event": {"added": [], "removed": [folder]}})


@pytest.fixture
def crashing(start_client: Callable[[], Client], tmp_path: Path) -> Crashing:
    return Crashing(start_client, tmp_path)


def begin_all(story: Story) -> str:
    """Evaluate all of TEXT, form by form."""
    uri = story.open(f"out = {str(story.out)!r}\n" + TEXT)
    answers = story.evaluate(uri, 0, 1, 3, 5, 8, 9)
    assert [each["status"] for each in answers] == ["ok"] * 6, answers
    assert story.out.read_text() == "x"
    return uri


@pytest.mark.parametrize("crash", ["daemon", "worker"])
def test_a_crash_is_offered_and_recovered_without_effects_outside(
    crashing: Crashing, crash: str
) -> None:
    story = crashing
    begin_all(story)
    after = len(story.client.timeline)
    if crash == "worker":
        story.kill_worker()
    else:
        after = 0
        story.kill_daemon()
        story.begin().open(story.file, story.file.read_text())
    offer = story.offer(after)
    assert offer["evaluations"] == 6
    assert offer["folder"] == story.folder.as_uri()
    assert offer["reason"]
    found = story.recoverable()
    assert (found["session"], found["life"]) == (offer["session"], offer["life"])
    assert found["damaged"] == 0
    told = [(each["effects"], each["replays"], each["stands"]) for each in found["entries"]]
    assert told == [
        ("data", True, True),
        ("import", True, True),
        ("data", True, True),
        ("definition", True, True),
        ("unknown", False, True),
        ("unknown", False, True),
    ]
    assert "may act on files" in found["entries"][4]["why"]
    replay = story.recover()
    assert (replay["total"], replay["done"], replay["failed"], replay["left"]) == (4, 4, None, [])
    assert [each["id"] for each in replay["skipped"]] == [
        each["id"] for each in found["entries"][4:]
    ]
    assert story.value("area(1) > 3") == "True"
    assert story.out.read_text() == "x"
    assert story.recoverable() is None


def test_all_but_the_last_is_replayed_with_results_at_their_places(crashing: Crashing) -> None:
    story = crashing
    begin_all(story)
    story.kill_daemon()
    client = story.begin()
    moved = "# a line more\n" + story.file.read_text()
    story.file.write_text(moved)
    uri = client.open(story.file, moved)
    after = len(client.timeline)
    replay = story.recover(omitLast=1)
    assert (replay["total"], replay["done"]) == (5, 5)
    assert story.out.read_text() == "xx"
    results = [each for each in client.timeline[after:] if each.get("method") == "relive/result"]
    assert [each["params"]["result"]["range"]["start"]["line"] for each in results] == [
        1,
        2,
        4,
        6,
        9,
    ]
    assert {each["params"]["uri"] for each in results} == {uri}
    told = client.seen("relive/replay")
    assert [each["done"] for each in told] == [0, 1, 2, 3, 4, 5]
    assert told[-1]["entry"] is None
    tokens = [each["params"]["token"] for each in results]
    assert tokens == [each["entry"]["id"] for each in told[:-1]]
    with pytest.raises(RequestError, match="total"):
        story.value("total")
    # What was replayed is recorded, too.
    newest = story.history(limit=5)
    assert {each["origin"] for each in newest} == {"replay"}
    assert [each["of"] for each in newest] == tokens[::-1]
    assert all(each["current"] for each in newest)


def test_what_ran_at_the_crash_is_left_out_and_says_so(story: Story) -> None:
    uri = story.open(f"import os, signal\nb = 2\n{KILL}\n")
    story.evaluate(uri, 0, 1)
    assert story.evaluate(uri, 2)[0]["status"] == "died"
    last = story.recoverable()["entries"][-1]
    assert (last["suspect"], last["replays"], last["status"]) == (True, False, "died")
    assert "running" in last["why"]
    assert story.recover(omitLast=0)["done"] == 2
    assert story.value("b") == "2"


def test_a_daemon_killed_while_it_evaluates_leaves_no_outcome(crashing: Crashing) -> None:
    story = crashing
    uri = story.open("a = 1\nwhile True: pass\n")
    story.evaluate(uri, 0)
    after = len(story.client.timeline)
    position = {"line": 1, "character": 0}
    story.client.command("relive.evaluate", {"uri": uri, "scope": "form", "position": position})
    story.client.wait_for_notification(
        "relive/progress", lambda params: params["state"] == "running", after
    )
    story.kill_daemon()
    story.begin()
    assert story.offer()["evaluations"] == 2
    last = story.recoverable()["entries"][-1]
    assert (last["suspect"], last["status"]) == (True, "unknown")
    assert story.recover(omitLast=0)["done"] == 1


def test_a_failing_entry_stops_the_replay_which_goes_on_without_it(story: Story) -> None:
    story.folder.joinpath("data.txt").write_text("1")
    uri = story.open("import pathlib\nd = pathlib.Path('data.txt').read_text()\nx = 3\nd, x\n")
    story.evaluate(uri, 0, 1, 2, 3)
    story.kill_worker()
    story.folder.joinpath("data.txt").unlink()
    replay = story.recover(omitLast=0)
    assert (replay["total"], replay["done"]) == (4, 1)
    assert replay["failed"]["error"]["type"] == "FileNotFoundError"
    assert replay["failed"]["entry"]["range"]["start"]["line"] == 1
    assert len(replay["left"]) == 3
    assert replay["left"][0] == replay["failed"]["entry"]["id"]
    assert story.recoverable() is not None  # it is not dealt with
    more = story.recover(entries=replay["left"][1:2])
    assert (more["done"], more["failed"], more["left"]) == (1, None, [])
    assert story.value("x") == "3"


def test_what_failed_the_first_time_may_fail_again(story: Story) -> None:
    uri = story.open("a = 1\nundefined\nb = 2\n")
    story.evaluate(uri, 0, 1, 2)
    story.kill_worker()
    replay = story.recover(omitLast=0)
    assert (replay["done"], replay["failed"]) == (3, None)


def test_a_worker_that_dies_while_it_replays_ends_the_replay(story: Story) -> None:
    flag = story.folder / "flag"
    uri = story.open(
        f"import os, pathlib\na = 1\npathlib.Path({str(flag)!r}).exists() and os._exit(3)\nb = 2\n"
    )
    story.evaluate(uri, 0, 1, 2, 3)
    story.kill_worker()
    flag.touch()
    replay = story.recover(omitLast=0)
    assert (replay["done"], len(replay["left"])) == (2, 2)
    assert replay["failed"]["error"]["type"] == "WorkerDied"
    # What is offered now is what was to be replayed, not the part of it that was.
    found = story.recoverable()
    assert len(found["entries"]) == 4
    assert found["life"] == 1


def test_a_daemon_killed_while_it_replays_loses_nothing(crashing: Crashing) -> None:
    story = crashing
    flag = story.folder / "flag"
    uri = story.open(
        "import os, pathlib, time\na = 1\n"
        f"while pathlib.Path({str(flag)!r}).exists(): time.sleep(0.01)\nb = 2\n"
    )
    story.evaluate(uri, 0, 1, 2, 3)
    story.kill_worker()
    flag.touch()
    story.client.command("relive.recover", {"omitLast": 0, "uri": story.folder.as_uri()})
    story.client.wait_for_notification("relive/replay", lambda params: params["done"] == 2)
    story.kill_daemon()
    flag.unlink()
    story.begin()
    assert story.offer()["evaluations"] == 4
    assert story.recover(omitLast=0)["done"] == 4
    assert story.value("b") == "2"
    assert story.recoverable() is None


def test_a_replay_can_be_stopped(story: Story) -> None:
    flag = story.folder / "flag"
    uri = story.open(
        "import pathlib, time\n"
        f"while pathlib.Path({str(flag)!r}).exists(): time.sleep(0.01)\nb = 2\n"
    )
    story.evaluate(uri, 0, 1, 2)
    story.kill_worker()
    flag.touch()
    request = story.client.command("relive.recover", {"omitLast": 0, "uri": story.folder.as_uri()})
    story.client.wait_for_notification("relive/replay", lambda params: params["done"] == 1)
    story.client.wait_for_notification(
        "relive/progress", lambda p: ":" in (p.get("token") or "") and p["target"]["start"]["line"]
    )
    with pytest.raises(RequestError, match="under way"):
        story.recover(omitLast=0)
    assert story.ask("relive.interrupt")["interrupted"]
    replay = story.client.result(request)["replay"]
    assert (replay["done"], replay["failed"], len(replay["left"])) == (1, None, 2)


def test_into_a_process_that_runs_nothing_is_lost(story: Story) -> None:
    uri = story.open("a = 1\nb = 2\n")
    story.evaluate(uri, 0)
    story.kill_worker()
    story.evaluate(uri, 1)
    story.recover()
    assert story.value("(a, b)") == "(1, 2)"


def test_restart_and_replay(story: Story) -> None:
    begin_all(story)
    before = story.ask("relive.session")["pid"]
    answer = story.ask("relive.restart", replay=True)
    assert answer["pid"] != before
    assert answer["replay"]["done"] == 6
    assert story.out.read_text() == "xx"
    assert story.value("total > 9") == "True"
    again = story.ask("relive.restart", replay=True, omitLast=2)
    assert again["replay"]["done"] == 4
    assert story.out.read_text() == "xx"
    clean = story.ask("relive.restart")
    assert "replay" not in clean
    assert story.recoverable() is None  # nobody lost anything


def test_git_has_changed_the_file(crashing: Crashing) -> None:
    story = crashing
    begin_all(story)
    story.kill_daemon()
    text = story.file.read_text().replace("n = 3", "n = 2")
    story.file.write_text(text)
    client = story.begin()
    uri = client.open(story.file, text)
    found = story.recoverable()["entries"]
    assert [each["stands"] for each in found] == [True, True, False, True, True, True]
    assert found[2]["range"]["start"]["line"] == 3
    assert found[2]["text"] == "n = 3"
    assert story.recover()["done"] == 4
    assert story.value("n") == "3"  # as it ran; the list has said that the file says otherwise
    # Only what stands is shown in the document.
    results = client.seen("relive/result")
    assert [each["uri"] for each in results] == [uri, uri, None, uri]


def test_several_files_scratch_text_and_untitled_documents(crashing: Crashing) -> None:
    story = crashing
    uri = story.open("import helper\nhelper.f()\n")
    helper = story.folder / "helper.py"
    helper.write_text("def f():\n    return 1\n")
    other = story.client.open(helper, helper.read_text())
    untitled = story.client.open("untitled:Untitled-1", "u = 5\n")
    story.evaluate(uri, 0, 1)
    story.evaluate(untitled, 0)
    story.client.execute("relive.evaluateText", {"text": "s = 6"})
    story.client.execute("relive.evaluateText", {"text": "t = 7", "uri": uri})
    with story.client.suspended():  # it is asked for before it is seen on disk
        helper.write_text("def f():\n    return 2\n")
        story.client.change(other, {"text": helper.read_text()})
        asked = story.client.command("relive.redefine", {"uri": other, "name": "f"})
    story.client.result(asked)
    story.client.execute("relive.redefine", {"uris": [uri, other]})
    kinds = [(each["kind"], each["uri"]) for each in story.history()][::-1]
    assert kinds == [
        ("evaluate", uri),
        ("evaluate", uri),
        ("evaluate", untitled),
        ("evaluate", None),
        ("evaluate", uri),
        ("redefine", other),
        ("redefine", uri),
    ]
    story.kill_worker()
    # An editor brings unsaved texts back; this one has not yet.
    story.client.notify("textDocument/didClose", {"textDocument": {"uri": untitled}})
    replay = story.recover(omitLast=0)
    assert (replay["done"], replay["failed"]) == (7, None)
    assert story.value("(t, helper.f())") == "(7, 2)"
    assert (
        story.client.execute("relive.evaluateText", {"text": "s"})["results"][0]["value"]["text"]
        == "6"
    )
    again = story.client.open("untitled:Untitled-1", "u = 5\nu + 1\n")
    assert story.evaluate(again, 1)[0]["results"][0]["value"]["text"] == "6"


def test_a_save_that_redefines_is_replayed(story: Story) -> None:
    uri = story.open("def f():\n    return 1\n")
    story.evaluate(uri, 0)
    changed = "def f():\n    return 2\n"
    after = len(story.client.timeline)
    with story.client.suspended():  # it is saved before it is seen on disk
        story.file.write_text(changed)
        story.client.change(uri, {"text": changed})
        story.client.save(uri)
    story.client.wait_for_notification("relive/redefined", after=after)
    story.client.save(uri)  # changes nothing, and is no news
    assert story.value("f()") == "2"
    saved = story.history(limit=1)[0]
    assert (saved["kind"], saved["origin"]) == ("redefine", "save")
    assert [(each["name"], each["outcome"]) for each in saved["definitions"]] == [
        ("f", "redefined")
    ]
    story.kill_worker()
    assert story.recover()["done"] == 2
    assert story.value("f()") == "2"


def test_a_branch_switch_is_replayed_as_the_one_step_it_was(crashing: Crashing) -> None:
    story = crashing
    helper = story.folder / "helper.py"
    helper.write_text("def g():\n    return 1\n")
    uri = story.open("import helper\n\ndef f():\n    return helper.g()\n")
    story.evaluate(uri, 0, 2)
    story.client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    after = len(story.client.timeline)
    with story.client.suspended():
        helper.write_text("def g():\n    return 2\n")
        story.file.write_text(story.file.read_text().replace("helper.g()", "-helper.g()"))
    story.client.wait_for_notification(
        "relive/redefined", lambda params: params["origin"] == "disk", after
    )
    assert story.value("f()") == "-2"
    changed = [each for each in story.history() if each["origin"] == "disk"]
    assert {each["kind"] for each in changed} == {"redefine"}
    files = {uri for each in changed for uri in each.get("uris", [each["uri"]])}
    assert files == {helper.as_uri(), story.file.as_uri()}
    story.kill_worker()
    story.recover()
    assert story.value("f()") == "-2"


def test_redefinitions_of_one_definition_are_replayed_at_its_place(story: Story) -> None:
    text = "class A:\n    def m(self):\n        return 1\n\na = A()\n"
    uri = story.open(text)
    story.evaluate(uri, 0, 4)
    for number in (2, 3):
        text = text.replace(f"return {number - 1}", f"return {number}")
        story.client.change(uri, {"text": text})
        story.client.execute("relive.redefine", {"uri": uri, "name": "A.m"})
    second, third = story.history(limit=2)[::-1]
    assert [second["stands"], third["stands"]] == [False, True]
    assert third["text"] == "    def m(self):\n        return 3"
    assert third["range"]["start"] == {"line": 1, "character": 0}
    story.kill_worker()
    story.recover(omitLast=0)
    assert story.value("a.m()") == "3"


def test_what_was_undone_is_not_replayed(story: Story) -> None:
    text = "def f():\n    return 1\n"
    uri = story.open(text)
    story.evaluate(uri, 0)
    story.client.change(uri, {"text": text.replace("1", "2")})
    story.client.execute("relive.redefine", {"uri": uri, "name": "f"})
    assert story.value("f()") == "2"
    assert story.ask("relive.undo")["status"] == "ok"
    assert story.value("f()") == "1"
    story.kill_worker()
    assert [each.get("why") for each in story.recoverable()["entries"]] == [
        None,
        "was undone",
        "undoes what is left out",
    ]
    assert story.recover(omitLast=0)["done"] == 1
    assert story.value("f()") == "1"


def test_an_offer_that_is_dismissed_does_not_come_again(crashing: Crashing) -> None:
    story = crashing
    uri = story.open("a = 1\n")
    story.evaluate(uri, 0)
    story.kill_daemon()
    story.begin()
    offer = story.offer()
    life = {"session": offer["session"], "life": offer["life"]}
    story.ask("relive.dismissRecovery", **life)
    assert story.recoverable() is None
    assert len(story.recoverable(**life)["entries"]) == 1  # it can still be had
    with pytest.raises(RequestError, match="no life 7"):
        story.ask("relive.dismissRecovery", **{**life, "life": 7})
    assert story.client.stop() == 0
    story.begin()
    assert story.recoverable() is None
    assert story.client.seen("relive/recoverable") == []


def test_an_editor_that_closes_is_no_crash(crashing: Crashing) -> None:
    story = crashing
    uri = story.open("a = 1\n")
    story.evaluate(uri, 0)
    assert story.client.stop() == 0
    story.begin()
    assert story.recoverable() is None
    entry = story.history()[0]
    assert (entry["current"], entry["life"]) == (False, 1)
    found = story.recoverable(session=entry["session"], life=1)
    assert [each["id"] for each in found["entries"]] == [entry["id"]]
    assert story.recover(session=entry["session"], life=1)["done"] == 1
    assert story.value("a") == "1"


def test_two_daemons_on_one_folder(crashing: Crashing, start_client: Callable[[], Client]) -> None:
    story = crashing
    uri = story.open("a = 1\n")
    story.evaluate(uri, 0)
    story.kill_worker()
    other = Crashing(start_client, story.folder)
    # The other one's loss is for the other one to say, as long as it lives.
    assert other.recoverable() is None
    other_uri = other.client.open(other.file, "a = 1\n")
    other.evaluate(other_uri, 0)
    assert len(story.history()) == len(other.history()) == 2
    assert [each["current"] for each in other.history()] == [True, False]
    assert story.recoverable()["life"] == 1
    story.kill_daemon()
    assert other.recoverable()["session"] != other.history()[0]["session"]


def test_the_history_comes_in_pages_by_file_and_whole(story: Story) -> None:
    uri = story.open("a = 1\nb = 2\nlong = '" + "x" * 3000 + "'\n")
    other = story.client.open(story.folder / "b.py", "c = 3\n")
    story.evaluate(uri, 0, 1)
    story.evaluate(other, 0)
    story.evaluate(uri, 2)
    whole = story.history()
    assert [each["text"][:5] for each in whole] == ["long ", "c = 3", "b = 2", "a = 1"]
    assert story.history(uri=story.folder.as_uri()) == whole
    assert [each["text"][:5] for each in story.history(uri=uri)] == ["long ", "b = 2", "a = 1"]
    page = story.history(limit=2)
    assert page + story.history(limit=2, before=page[-1]["id"]) == whole
    assert story.history(before=whole[-1]["id"]) == []
    assert story.history(limit=0) == []
    assert whole[0]["textTruncated"]
    entry = story.ask("relive.entry", id=whole[0]["id"])
    assert len(entry["entry"]["text"]) > 3000
    assert entry["document"].startswith("a = 1\nb = 2\n")
    with pytest.raises(RequestError, match="no entry"):
        story.ask("relive.entry", id="nonsense")


def test_all_lives_are_listed(crashing: Crashing) -> None:
    story = crashing
    uri = story.open("a = 1\n")
    story.evaluate(uri, 0)
    story.kill_worker()
    story.recover()
    story.ask("relive.restart")
    story.ask("relive.restart")  # a process that was given nothing is none of them
    story.evaluate(uri, 0)
    lives = story.ask("relive.lives")
    assert [(each["life"], each["how"], each["evaluations"]) for each in lives] == [
        (3, "running", 1),
        (2, "restarted", 1),
        (1, "died", 1),
    ]
    assert [each.get("mark") for each in lives] == [None, None, "recovered"]
    assert story.ask("relive.lives", limit=1) == lives[:1]
    with pytest.raises(RequestError, match="still runs"):
        story.recover(session=lives[0]["session"], life=3)
    story.kill_daemon()
    story.begin()
    assert [each["how"] for each in story.ask("relive.lives")] == ["unseen", "restarted", "died"]


REFUSED = {
    "unknown entry": ({"entries": ["20260101T000000-abcdef:1"]}, "nothing to recover"),
    "negative": ({"omitLast": -1}, "negative"),
    "no such life": ({"session": "x", "life": 1}, "nothing to recover"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_replayed_is_refused_in_words(story: Story, case: str) -> None:
    params, words = REFUSED[case]
    uri = story.open("a = 1\n")
    story.evaluate(uri, 0)
    story.kill_worker()
    with pytest.raises(RequestError, match=words):
        story.recover(**params)


def test_columns_are_those_of_the_client(story: Story) -> None:
    uri = story.open("s = '\U0001f600'; t = 1\n")
    selected = {"start": {"line": 0, "character": 10}, "end": {"line": 0, "character": 15}}
    story.client.evaluate(uri, "selection", range=selected)
    entry = story.history()[0]
    assert entry["text"] == "t = 1"
    assert entry["range"] == selected


def test_a_log_that_another_user_made_is_not_replayed(crashing: Crashing) -> None:
    """Such as one that came with a repository."""
    story = crashing
    story.client.leave()
    foreign = ChangeLog(story.folder, key=b"another user's".ljust(32))
    foreign.begin_life("python")
    code = f"open({str(story.out)!r}, 'w')"
    for change in (Change("evaluate", text=code), Change("evaluate", text="x = 1")):
        foreign.outcome(foreign.record(change), Outcome("ok"))
    foreign.end_life("died", "killed")
    foreign.close()
    story.begin()
    uri = story.open("a = 1\n")
    story.evaluate(uri, 0)
    assert story.client.seen("relive/recoverable") == []
    assert story.recoverable() is None
    assert [each["text"] for each in story.history()] == ["a = 1"]
    with pytest.raises(RequestError, match="nothing to recover"):
        story.recover(session=foreign.id, life=1, omitLast=0)
    assert not story.out.exists()


def test_logging_is_switched_off_and_on_again(story: Story) -> None:
    uri = story.open("a = 1\nb = 2\nc = 3\n")
    story.evaluate(uri, 0)
    story.client.configure(**_ENDS, log={"enabled": False})
    (answer,) = story.evaluate(uri, 1)
    assert "notLogged" not in answer
    assert "log" not in story.ask("relive.session")
    with pytest.raises(RequestError, match=r"log\.enabled"):
        story.ask("relive.restart", replay=True)
    story.kill_worker()
    story.client.configure(**_ENDS)
    story.evaluate(uri, 2)
    assert [each["text"] for each in story.history()] == ["c = 3", "a = 1"]
    assert story.recoverable() is None  # what was lost was not recorded
    assert "log" in story.ask("relive.session")


def test_without_a_log_no_folder_is_made(client: Client, tmp_path: Path) -> None:
    settings = {"relive": {"log": {"enabled": False}}}
    client.notify("workspace/didChangeConfiguration", {"settings": settings})
    folder = {"uri": tmp_path.as_uri(), "name": tmp_path.name}
    added = {"event": {"added": [folder], "removed": []}}
    client.notify("workspace/didChangeWorkspaceFolders", added)
    story = Story(client, tmp_path)
    story.evaluate(story.open("a = 1\n"), 0)
    assert story.history() == []
    assert not (tmp_path / ".relive").exists()
    client.notify("workspace/didChangeConfiguration", {"settings": {"relive": {}}})


def test_a_log_that_cannot_be_written_is_told(story: Story) -> None:
    (story.folder / ".relive").write_text("in the way")
    uri = story.open("a = 1\n")
    (answer,) = story.evaluate(uri, 0)
    assert answer["status"] == "ok"
    assert answer["notLogged"]
    log = story.ask("relive.session")["log"]
    assert log == {"folder": str(story.folder / ".relive"), "problem": answer["notLogged"]}


def test_the_settings_of_the_log_are_read() -> None:
    configuration = Configuration()
    configuration.start({"settings": {"log.sync": "before", "log": {"keepDays": 3}}})
    assert configuration.logs
    assert configuration.log == Policy("before", keep_days=3)
    configuration.start({"settings": {"log.sync": "perhaps", "log.maxMegabytes": 0}})
    assert configuration.log == Policy()
