"""Nothing runs unasked, nothing listens, nothing leaks, and a result is only ever text.

S1 and S2 in the editor itself are in `tests/e2e/trust.e2e.ts`, S5 in `tests/lsp/test_lifetime.py`, S7 in
`test_protocol.py`, S8's drawing in `client/test/unit`, S13 in `tests/packaging`.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import INTERPRETERS
from faults.sessions import printed, value
from lsp.conftest import StartClient
from lsp.driver import Client, place
from relive.session.launch import find_interpreter
from relive.session.session import Session

TEXT = "import random, json\nclass Shop:\n    def total(self): return 1\n\nShop().total()\n"

WORKER_USES = ("abc", "ast", "collections", "functools", "importlib", "json", "os", "random", "re")
WORKER_USES += (
    "select",
    "signal",
    "socket",
    "struct",
    "subprocess",
    "threading",
    "types",
    "typing",
)
PYTHON_ITSELF_LOADS = ("abc", "collections", "functools", "importlib", "os", "types")
"""What `python -m` itself imports from the current folder, before any code of ours is there."""
OURS = ("relive", "pygls", "lsprotocol", "attrs", "attr", "cattrs", "jedi", "parso", "watchdog")


@pytest.fixture
def tripwires(tmp_path: Path) -> Path:
    """A folder of everything that has been executed for lying in a folder, each leaving a mark."""
    folder, mark = tmp_path / "folder", tmp_path / "ran"
    startup = folder / "profile_default" / "startup"
    startup.mkdir(parents=True)
    trip = f"import os\nos.close(os.open({str(mark)!r}, os.O_CREAT))\n"
    for name in ("sitecustomize", "usercustomize", "conftest", "__main__", *WORKER_USES, *OURS):
        (folder / f"{name}.py").write_text(trip)
    (startup / "00-first.py").write_text(trip)
    (folder / "trip.pth").write_text(f"import os; os.close(os.open({str(mark)!r}, os.O_CREAT))\n")
    (folder / ".env").write_text(f"PYTHONSTARTUP={folder}/sitecustomize.py\n")
    (folder / "pyvenv.cfg").write_text(f"home = {folder}\n")
    for program in (folder / "python3", folder / ".venv" / "bin" / "python"):
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\ntouch {shlex.quote(str(mark))}\n")
        program.chmod(0o755)
    return folder


def look_around(client: Client, folder: Path) -> None:
    """Do what an editor does without its user asking for anything."""
    uri = client.open(folder / "shop.py", TEXT)
    document = {"textDocument": {"uri": uri}}
    here = {"start": place(TEXT, "total"), "end": place(TEXT, "total")}
    client.call("textDocument/codeLens", document)
    client.call(
        "textDocument/codeAction", {**document, "range": here, "context": {"diagnostics": []}}
    )
    client.call("relive/target", {"uri": uri, "scope": "form", "position": here["start"]})
    client.change(uri, {"range": here, "text": "x"})
    client.notify("textDocument/didSave", document)
    client.execute("relive.session", {"uri": uri})
    client.execute("relive.interrupt", {})
    client.notify("workspace/didChangeConfiguration", {"settings": {"relive": {}}})
    client.call("textDocument/codeLens", document)


def descendants(pid: int) -> set[int]:
    children: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        children |= {int(child) for child in (task / "children").read_text().split()}
    return children.union(*(descendants(child) for child in children))


def test_S3_looking_at_a_folder_runs_nothing_of_it(
    start_client: StartClient, tripwires: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tripwires)  # an editor may start the daemon anywhere
    client = start_client([sys.executable, "-I", "-m", "relive"])
    client.initialize(tripwires, options={"settings": {"codeLens": "definitions"}})
    look_around(client, tripwires)
    assert descendants(client.process.pid) == set()
    assert not (tripwires.parent / "ran").exists()


def test_S3_evaluating_runs_what_was_asked_for_and_its_imports_alone(
    start_client: StartClient, tripwires: Path
) -> None:
    client = start_client()
    client.initialize(tripwires)
    answer = client.execute("relive.evaluateText", {"text": "1 + 1\nimport sys\nsys.path[0]"})
    assert answer["results"][-1]["value"]["text"] == repr(str(tripwires))
    client.execute("relive.restart", {})
    client.execute("relive.evaluateText", {"text": "class A:\n    def f(self): pass\nA().f()"})
    assert not (tripwires.parent / "ran").exists()
    imported = client.execute("relive.evaluateText", {"text": "import random"})  # the user's own
    assert (tripwires.parent / "ran").exists(), imported


def test_S3_the_daemons_own_imports_do_not_come_from_the_folder_it_starts_in(
    start_client: StartClient, tripwires: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m` puts the current folder first on the path; what we load later is not for it."""
    for name in ("relive", *PYTHON_ITSELF_LOADS):
        (tripwires / f"{name}.py").unlink()
    monkeypatch.chdir(tripwires)
    client = start_client([sys.executable, "-m", "relive"])
    client.initialize(tripwires)
    look_around(client, tripwires)
    assert not (tripwires.parent / "ran").exists()


# -- the interpreter ------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", ["a b", "$(touch x)", "`touch x`; touch x", "&& 'x\" \\", "é😀"])
def test_S4_an_interpreter_is_a_path_and_never_a_command(
    make_session: Any, workspace: Path, odd: str
) -> None:
    python = workspace / odd / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    session = make_session(str(python))
    assert value(session.evaluate("1 + 1")) == "2"
    assert session.info().python == str(python)
    assert not list(workspace.rglob("x"))


def test_S4_a_name_is_looked_for_in_absolute_folders_only(
    make_session: Any, tripwires: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tripwires)
    monkeypatch.setenv("PATH", os.pathsep.join([".", "", "relative", os.environ["PATH"]]))
    assert not find_interpreter("python3").startswith(str(tripwires))
    session = Session("no-such-python", tripwires)
    (tripwires / "no-such-python").symlink_to(tripwires / "python3")
    answer = session.evaluate("1")
    session.close()
    assert answer.status == "died"
    assert answer.error is not None
    assert "no Python at no-such-python" in answer.error.message
    assert not (tripwires.parent / "ran").exists()


def test_S4_a_relative_path_is_the_callers(
    make_session: Any, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workspace)
    assert find_interpreter("venv/bin/python") == str(workspace / "venv" / "bin" / "python")


# -- what the worker has of ours --------------------------------------------------------------------


def test_S9_no_descriptor_of_ours_reaches_a_child(session: Session) -> None:
    code = (
        "import os, subprocess, sys\n"
        "listing = 'import os; print(sorted(map(int, os.listdir(\"/proc/self/fd\"))))'\n"
        "subprocess.run([sys.executable, '-S', '-c', listing], close_fds=False)\nNone"
    )
    fds = eval(printed(session.evaluate(code)))
    assert [fd for fd in fds if fd > 3] == []  # 3 is the listing's own


def test_S10_nothing_in_the_command_line_or_the_environment_is_secret(session: Session) -> None:
    pid = int(value(session.evaluate("import os; os.getpid()")))
    command = Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]
    assert command[-5].endswith("worker/__main__.py")
    assert all(part.isdigit() for part in command[-4:])
    given = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")[:-1]
    ours = {os.fsencode(f"{name}={value}") for name, value in os.environ.items()}
    assert {entry.split(b"=")[0] for entry in set(given) - ours} <= {b"PWD"}


# -- results are text -------------------------------------------------------------------------------

HOSTILE = "[x](command:workbench.action.quit) <b>&lt;</b> ![i](http://e.org/i) ```\n$(gear) \x1b[31m\u202e"


def test_S8_a_result_is_sent_as_text_and_nothing_else(fresh_client: Client, tmp_path: Path) -> None:
    code = (
        f"text = {HOSTILE!r}\nclass H:\n    def __repr__(self): return text\n"
        "    def _repr_html_(self): return '<script>1</script>'\n"
        "print(text)\nH()\nraise type(text, (Exception,), {})(text)"
    )
    answer = fresh_client.execute("relive.evaluateText", {"text": code})
    assert answer["results"][-1]["value"]["text"].startswith("[x](command:")
    assert set(answer["results"][-1]["value"]) <= {
        "text",
        "type",
        "truncated",
        "mimes",
        "ref",
        "detail",
        "length",
    }
    methods = {message["method"] for message in fresh_client.timeline if "method" in message}
    assert {name for name in methods if not name.startswith("relive/")} <= {
        "workspace/codeLens/refresh",
        "client/registerCapability",
        "textDocument/publishDiagnostics",
    }


def test_S8_a_name_a_program_gives_its_code_is_no_link(fresh_client: Client) -> None:
    code = "exec(compile('1 / 0', 'command:workbench.action.quit', 'exec'))"
    error = fresh_client.execute("relive.evaluateText", {"text": code})["error"]
    assert {frame["uri"] for frame in error["frames"]} == {None}


@pytest.mark.parametrize("version", [max(INTERPRETERS, key=lambda v: int(v.split(".")[1]))])
def test_S3_a_workers_start_searches_nothing_of_the_workspace(
    make_session: Any, tripwires: Path, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tripwires))
    for name in ("sitecustomize", "usercustomize"):
        (tripwires / f"{name}.py").unlink()  # a path of the user's own choosing has these run
    session = Session(INTERPRETERS[version], tripwires)
    assert value(session.evaluate("1 + 1")) == "2"
    session.close()
    assert not (tripwires.parent / "ran").exists()
