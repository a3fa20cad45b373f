"""Files that other programs change: definitions follow, in one step, unless the user's text says else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from lsp.driver import AFTER_DELAY, Client
from lsp.projects import HIGH, LOW, Project, outcomes

PUBLISH = "textDocument/publishDiagnostics"


@pytest.fixture
def project(fresh_client: Client, tmp_path: Path) -> Project:
    return Project(fresh_client, tmp_path)


def test_a_loaded_file_that_another_program_writes_is_redefined(project: Project) -> None:
    low = project.write("low.py", LOW.replace("return 1\n", "return 5\n"))
    news = project.news()
    assert (news["origin"], news["uris"]) == ("disk", [low.as_uri()])
    assert outcomes(news) == {"f": "redefined"}
    [change] = news["redefinition"]["definitions"]
    assert change["uri"] == low.as_uri()
    assert change["range"]["start"] == {"line": 0, "character": 0}
    assert project.value("alias(), kept.m()") == "(5, 5)"


def test_a_file_that_is_replaced_is_seen_too(project: Project) -> None:
    new = project.write("low.py.tmp", LOW.replace("return 1\n", "return 6\n"))
    os.replace(new, project.folder / "low.py")
    assert outcomes(project.news()) == {"f": "redefined"}
    assert project.value("alias()") == "6"


def test_several_files_are_one_step(project: Project) -> None:
    """Each needs the other: neither could be redefined by itself."""
    with project.client.suspended():
        project.write("low.py", LOW + "\ndef h():\n    return 100\n")
        calls = HIGH.replace("import f", "import f, h").replace("f()", "f() + h()")
        project.write("high.py", calls)
    news = project.news()
    assert outcomes(news) == {"h": "added", "C": "redefined", "C.m": "redefined"}
    assert len(news["uris"]) == 2
    assert project.value("kept.m()") == "101"


def test_what_comes_back_to_the_loaded_text_is_no_news(project: Project) -> None:
    project.write("low.py", LOW + "# a comment\n")
    project.write("low.py", LOW)
    project.write("high.py", HIGH.replace("f()", "-f()"))
    assert set(outcomes(project.news())) == {"C", "C.m"}


def test_a_file_that_is_gone_keeps_its_definitions(project: Project) -> None:
    (project.folder / "low.py").unlink()
    project.write("high.py", HIGH.replace("f()", "f() + 1"))
    assert set(outcomes(project.news())) == {"C", "C.m"}
    assert project.value("kept.m(), alias()") == "(2, 1)"


def test_a_folder_that_is_moved_into_place(project: Project, tmp_path_factory: Any) -> None:
    inner = project.folder / "pkg"
    inner.mkdir()
    project.write("pkg/__init__.py", "")
    project.write("pkg/mod.py", "def p():\n    return 1\n")
    project.run("import pkg.mod\np = pkg.mod.p")
    other = tmp_path_factory.mktemp("other") / "pkg"
    shutil.copytree(inner, other)
    (other / "mod.py").write_text("def p():\n    return 2\n", encoding="utf-8")
    inner.rename(project.folder.parent / f"{project.folder.name}-old")
    shutil.move(other, inner)
    assert outcomes(project.news()) == {"p": "redefined"}
    assert project.value("p()") == "2"


def test_a_broken_file_is_left_out_and_named(project: Project) -> None:
    low = project.write("low.py", LOW.replace("return 1\n", "return (\n"))
    project.write("high.py", HIGH.replace("f()", "f() + 1"))
    news = project.news()
    assert news["redefinition"]["status"] == "partial"
    assert set(outcomes(news)) == {"C", "C.m"}
    [left] = news["redefinition"]["leftOut"]
    assert (left["uri"], left["error"]["type"]) == (low.as_uri(), "SyntaxError")
    assert left["error"]["range"]["start"]["line"] == 1
    assert project.value("kept.m()") == "2"


UNDECODABLE = {
    "a byte": (LOW.encode() + b"\r\n# caf\xe9\n", LOW.count("\n") + 1, "byte 0xe9 on line"),
    "a byte in the first line": (b"# caf\xe9\n" + LOW.encode(), 0, "on line 1 is not utf-8"),
    "not the encoding named": (b"# coding: ascii\n# \xe9\n", 1, "on line 2 is not ascii"),
    "no such encoding": (b"# coding: nonsense\n" + LOW.encode(), 0, "nonsense"),
    "none of texts": (b"# coding: rot13\n" + LOW.encode(), 0, "rot13 is no encoding of texts"),
}


@pytest.mark.parametrize("case", UNDECODABLE)
def test_a_file_that_cannot_be_decoded_is_told_and_the_others_follow(
    project: Project, case: str
) -> None:
    data, line, says = UNDECODABLE[case]
    low = project.folder / "low.py"
    low.write_bytes(data)
    project.write("high.py", HIGH.replace("f()", "f() + 1"))
    told = {news["uris"][0]: news["redefinition"] for news in (project.news(), project.news())}
    failed = told.pop(low.as_uri())
    assert (failed["status"], failed["error"]["type"]) == ("error", "SyntaxError")
    assert says in failed["error"]["message"]
    assert failed["error"]["range"]["start"] == {"line": line, "character": 0}
    assert [each["status"] for each in told.values()] == ["ok"]
    assert project.value("kept.m(), alias()") == "(2, 1)"
    low.write_bytes(LOW.encode().replace(b"return 1\n", b"return 4\n"))
    assert outcomes(project.news()) == {"f": "redefined"}


def test_files_that_cannot_be_decoded_are_told_once(project: Project) -> None:
    files = [project.folder / name for name in ("high.py", "low.py")]
    for file in files:
        file.write_bytes(b"# caf\xe9\n")
    told: list[str] = []
    while len(told) < len(files):  # in one step, unless the machine stood still in between
        news = project.news()
        named = [each["uri"] for each in news["redefinition"].get("leftOut", ())]
        assert named == (news["uris"] if len(news["uris"]) > 1 else [])
        told += news["uris"]
    assert sorted(told) == [file.as_uri() for file in files]
    (project.folder / "low.py").write_bytes(b"# caf\xe9\n")
    project.write("high.py", HIGH.replace("f()", "f() + 1"))
    assert set(outcomes(project.news())) == {"C", "C.m"}


def test_an_open_file_that_cannot_be_decoded_has_a_diagnostic_until_it_can(
    project: Project,
) -> None:
    uri = project.open("low.py")
    (project.folder / "low.py").write_bytes(LOW.encode() + b"# caf\xe9\n")
    assert project.news()["redefinition"]["status"] == "error"
    told = project.client.wait_for_notification(
        PUBLISH, lambda params: params["uri"] == uri and len(params["diagnostics"]) > 0
    )
    assert "0xe9" in told["diagnostics"][0]["message"]
    after = len(project.client.timeline)
    project.write("low.py", LOW)
    project.client.wait_for_notification(
        PUBLISH, lambda params: params["uri"] == uri and not params["diagnostics"], after
    )


def test_a_failure_is_told_and_changes_nothing(project: Project) -> None:
    project.write("low.py", "@nothing\n" + LOW)
    news = project.news()
    assert news["redefinition"]["status"] == "error"
    assert news["redefinition"]["error"]["type"] == "NameError"
    assert project.value("alias()") == "1"


def test_unsaved_text_wins(project: Project) -> None:
    uri = project.open("low.py")
    project.client.change(uri, {"text": LOW.replace("return 1\n", "return 2\n")})
    project.write("low.py", LOW.replace("return 1\n", "return 3\n"))
    project.write("high.py", HIGH.replace("f()", "f() + 1"))
    assert set(outcomes(project.news())) == {"C", "C.m"}
    assert project.value("alias()") == "1"


def test_an_open_file_follows_once_the_editor_shows_it(project: Project) -> None:
    uri = project.open("low.py")
    text = "# one line more\n" + LOW.replace("return 1\n", "return 4\n")
    project.write("low.py", text)
    project.client.change(uri, {"text": text})
    news = project.news()
    assert news["uris"] == [uri]
    assert outcomes(news) == {"f": "redefined"}
    assert news["redefinition"]["definitions"][0]["range"]["start"]["line"] == 1
    assert project.value("alias()") == "4"


def test_an_editor_that_does_not_read_files_again_is_not_waited_for_for_ever(
    project: Project,
) -> None:
    project.open("low.py")
    for number in ("4", "5"):
        project.write("low.py", LOW.replace("return 1\n", f"return {number}\n"))
        assert outcomes(project.news()) == {"f": "redefined"}
        assert project.value("alias()") == number
    project.write("low.py", LOW)
    assert outcomes(project.news()) == {"f": "redefined"}


@pytest.mark.parametrize("announces", [True, False])
def test_what_the_editor_saves_by_itself_is_not_another_programs(
    project: Project, announces: bool
) -> None:
    uri = project.open("low.py")
    project.client.notify(
        "workspace/didChangeConfiguration",
        {
            "settings": {
                "relive": {
                    "redefineOnSave": "manual" if announces else "off",
                }
            }
        },
    )
    text = LOW.replace("return 1\n", "return 2\n")
    project.client.change(uri, {"text": text})
    document = {"uri": uri}
    if announces:
        params = {"textDocument": document, "reason": AFTER_DELAY}
        project.client.notify("textDocument/willSave", params)
    with project.client.suspended():  # an editor says so at once
        project.write("low.py", text)
        project.client.notify("textDocument/didSave", {"textDocument": document})
    project.write("high.py", HIGH.replace("f()", "f() + 1"))
    assert set(outcomes(project.news())) == {"C", "C.m"}
    assert project.value("alias()") == "1"


def test_files_that_are_not_loaded_do_not_matter(project: Project) -> None:
    project.write("idle.py", "print('ran')\n")
    project.write("broken.py", "def f(:\n")
    project.write("low.py", LOW.replace("return 1\n", "return 5\n"))
    news = project.news()
    assert [Path(uri).name for uri in news["uris"]] == ["low.py"]
    assert project.client.seen("relive/output") == []


def test_installed_packages_are_not_watched(project: Project) -> None:
    package = project.folder / "env" / "lib" / "site-packages"
    package.mkdir(parents=True)
    (package / "installed.py").write_text("def i():\n    return 1\n", encoding="utf-8")
    project.run(f"import sys\nsys.path.append({str(package)!r})\nimport installed")
    (package / "installed.py").write_text("def i():\n    return 2\n", encoding="utf-8")
    project.write("low.py", LOW.replace("return 1\n", "return 5\n"))
    assert set(outcomes(project.news())) == {"f"}
    assert project.value("installed.i()") == "1"


def test_the_setting_switches_it_off_and_on(project: Project) -> None:
    client = project.client

    def choose(on: bool) -> None:
        settings = {"relive": {"redefineOnDiskChange": on}}
        client.notify("workspace/didChangeConfiguration", {"settings": settings})

    choose(False)
    project.value("alias()")
    project.write("low.py", LOW.replace("return 1\n", "return 2\n"))
    assert project.value("alias()") == "1"
    choose(True)
    project.value("alias()")
    project.write("high.py", HIGH.replace("f()", "f() + 1"))
    while not {"C", "C.m"} <= set(outcomes(project.news())):
        pass  # what was written before may have been heard of only by now


def test_a_new_process_is_followed_as_the_first_was(project: Project) -> None:
    project.client.execute("relive.restart", {})
    project.run("import low\nalias = low.f")
    project.write("low.py", LOW.replace("return 1\n", "return 8\n"))
    assert outcomes(project.news()) == {"f": "redefined"}
    assert project.value("alias()") == "8"


def test_without_a_process_nothing_is_watched(fresh_client: Client, tmp_path: Path) -> None:
    fresh_client.open(tmp_path / "a.py", "x = 1\n")
    fresh_client.execute("relive.session", {})
    descriptors = Path(f"/proc/{fresh_client.process.pid}/fd").iterdir()
    assert [each for each in map(os.readlink, descriptors) if "inotify" in each] == []
