"""Pins and doctests: `relive.pin` and the like, and `relive/pins`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import INTERPRETERS
from lsp.conftest import StartClient
from lsp.driver import Client, RequestError, place, span

TEXT = '''\
"""Shapes."""
import math

RATE = 2


class NoSharesError(Exception):
    pass


def area(width, height):
    """Return the area.

    >>> area(1, 2)
    2
    >>> area(2, 2)
    4
    """
    return width * height


def circle(radius):
    return math.pi * radius * radius


def shares(n):
    if n == 0:
        raise NoSharesError("no shares")
    return {"each": RATE / n}


def noisy(n):
    print("noisy", n)
    return n


def todo(n):
    raise NotImplementedError


def forever():
    while True:
        pass


class Point:
    def __init__(self, x):
        self.x = x

    def twice(self):
        return Point(self.x * 2).x


area(2, 3)
both = [area(1, 1), area(2, 2)]
'''

Pin = dict[str, Any]


class Project:
    """One file, open, and evaluated if need be."""

    def __init__(self, client: Client, workspace: Path, name: str) -> None:
        self.client = client
        self.folder = workspace / name
        self.text = TEXT
        self.file = self.folder / "shapes.py"
        self.file.write_text(TEXT)
        self.uri = client.open(self.file, TEXT)
        self.pins_file = workspace / "pins" / name / "shapes.py.txt"

    def load(self) -> None:
        assert self.client.evaluate(self.uri, "file")["status"] == "ok"

    def pin(self, expression: str, expected: str | None = None) -> dict[str, Any]:
        argument = {"uri": self.uri, "expression": expression}
        more = {} if expected is None else {"expected": expected}
        answer: dict[str, Any] = self.client.execute("relive.pin", {**argument, **more})
        return answer

    def redefine(self, old: str, new: str) -> int:
        """Redefine what is changed so; return the place of the timeline before."""
        before = len(self.client.timeline)
        self.text = self.text.replace(old, new)
        self.client.change(self.uri, {"text": self.text})
        receipt = self.client.execute("relive.redefine", {"uri": self.uri})
        assert receipt["status"] == "ok", receipt
        return before

    def told(self, label: str, status: str, after: int = 0) -> Pin:
        """Wait until a pin or doctest is told of with a status."""

        def has(params: dict[str, Any]) -> bool:
            return any((e["label"], e["status"]) == (label, status) for e in params["items"])

        told = self.client.wait_for_notification("relive/pins", has, after)
        return next(each for each in told["items"] if each["label"] == label)

    def items(self) -> dict[str, Pin]:
        (told,) = self.client.execute("relive.pins", {"uri": self.uri})["files"]
        assert told.get("problem") is None
        return {each["label"]: each for each in told["items"]}


@pytest.fixture(scope="module")
def daemon(
    start_shared_client: StartClient, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Client, Path]:
    client, folder = start_shared_client(), tmp_path_factory.mktemp("workspace")
    # Only one of them ever takes so long: the others are to be in time on a machine under load.
    client.initialize(folder, options={"settings": {"pins": {"timeLimit": 8}}})
    return client, folder


@pytest.fixture
def project(daemon: tuple[Client, Path], request: pytest.FixtureRequest) -> Project:
    """A folder of its own; the process is one that has loaded nothing yet, or none."""
    client, folder = daemon
    client.start_over()
    client.execute("relive.stop", {})
    client.timeline.clear()
    client.answers_to["workspace/codeLens/refresh"] = lambda _: None
    name = request.node.name.removeprefix("test_")[:20]
    (folder / name).mkdir()
    return Project(client, folder, name)


def test_a_pin_is_tried_whenever_its_definition_is_redefined(project: Project) -> None:
    project.load()
    at = {"uri": project.uri, "position": place(TEXT, "area(2, 3)")}
    pin = project.client.execute("relive.pin", at)["pin"]
    assert (pin["label"], pin["status"], pin["definition"]) == ("area(2, 3)", "passed", "area")
    assert pin["at"]["start"] == place(TEXT, "def area")
    assert project.pins_file.read_text().endswith("\n>>> area(2, 3)\n6\n")
    before = project.redefine("return width * height", "return width + height")
    (example,) = project.told("area(2, 3)", "failed", before)["examples"]
    assert (example["expected"], example["got"]) == ("6\n", "5\n")
    assert [e["got"] for e in project.told("area", "failed", before)["examples"]] == ["3\n", "4\n"]
    before = project.redefine("return width + height", "return height * width")
    assert project.told("area(2, 3)", "passed", before)["examples"][0]["got"] == "6\n"
    project.told("area", "passed", before)


def test_what_a_pin_does_not_disturb(project: Project) -> None:
    project.load()
    project.pin("noisy(3)")
    answer = project.client.execute("relive.evaluateText", {"text": "40 + 2", "uri": project.uri})
    assert answer["results"][0]["value"]["text"] == "42"
    seen = {name: len(project.client.seen(f"relive/{name}")) for name in ("result", "output")}
    entries = project.client.execute("relive.history", {})
    before = project.redefine('print("noisy", n)', 'print("noise", n)')
    assert project.told("noisy(3)", "failed", before)["examples"][0]["got"] == "noise 3\n3\n"
    assert {name: len(project.client.seen(f"relive/{name}")) for name in seen} == seen
    assert len(project.client.execute("relive.history", {})) == len(entries) + 1
    underscore = {"text": "_", "uri": project.uri}
    answer = project.client.execute("relive.evaluateText", underscore)
    assert answer["results"][0]["value"]["text"] == "42"


GIVES = [
    ("circle(1)", "3.141592653589793\n"),
    ("shares(4)", "{'each': 0.5}\n"),
    ("{3, 1, 2}", "{1, 2, 3}\n"),
    ("noisy(2)", "noisy 2\n2\n"),
    ("print()", "<BLANKLINE>\n"),
    ("None", ""),
    ("Point(3).twice()", "6\n"),
    ("list(range(40))", "[0, 1, 2, "),
    ("shares(0)", "Traceback (most recent call last):\n    ...\nshapes.NoSharesError: no shares\n"),
]


def test_how_values_are_written(project: Project) -> None:
    project.load()
    for expression, want in GIVES:
        pin = project.pin(expression)["pin"]
        assert pin["status"] == "passed", pin
        assert pin["examples"][0]["expected"].startswith(want)
    items = project.items()
    assert [label for label in items if items[label]["kind"] == "pin"] == [e for e, _ in GIVES]
    assert items["Point(3).twice()"]["definition"] == "Point.twice"
    again = project.pin("circle(1)", "3.2")["pin"]  # pinned again, in its place
    assert again["status"] == "failed"
    assert [label for label, each in project.items().items() if each["kind"] == "pin"] == [
        e for e, _ in GIVES
    ]


REFUSED = [
    ("Point(1)", "an address in memory"),
    ("forever()", "It took too long"),
    ("'x' * 6000", "6,003 characters"),
    ("x = 3", "No expression to pin"),
    ("print('no end', end='')", "cannot be written as an example"),
    ("print('>>> x')", "cannot be kept as an example"),
    ("await area(1, 2)", "SyntaxError"),
]


def test_what_cannot_be_pinned_is_said(project: Project) -> None:
    project.load()
    for expression, says in REFUSED:
        with pytest.raises(RequestError, match=says):
            project.pin(expression)
    nothing = {"uri": project.uri, "position": place(TEXT, "def circle")}
    with pytest.raises(RequestError, match="No expression to pin"):
        project.client.execute("relive.pin", nothing)
    assert not project.pins_file.exists()


def test_before_the_code_is_written_what_is_expected_is_asked_for(project: Project) -> None:
    answer = project.pin("area(2, 3)")
    assert answer == {"expression": "area(2, 3)", "asks": "No process runs. Evaluate the file first."}  # fmt: skip
    assert project.client.execute("relive.session", {})["pid"] is None
    pin = project.pin("area(2, 3)", "7")["pin"]
    assert (pin["status"], pin["reason"]) == ("unknown", answer["asks"])
    project.load()
    project.told("area(2, 3)", "failed")
    assert project.pin("todo(1)")["asks"] == "NotImplementedError."
    assert project.pin("later(1)")["asks"] == "NameError: name 'later' is not defined."
    pin = project.pin("todo(1)", "[1, 2]")["pin"]
    assert (pin["status"], pin["examples"][0]["got"]) == ("failed", "NotImplementedError")
    assert pin["examples"][0]["error"]["frames"][-1]["line"] == place(TEXT, "raise NotImpl")["line"]
    before = project.redefine("raise NotImplementedError", "return [n, n + 1]")
    project.told("todo(1)", "passed", before)


def test_what_is_not_evaluated_yet_has_not_failed(project: Project) -> None:
    at = {"uri": project.uri, "scope": "form", "position": place(TEXT, "area(2, 3)")}
    project.client.execute("relive.evaluate", at)
    pin = project.pin("circle(0)", "0.0")["pin"]
    assert (pin["status"], pin["reason"]) == (
        "unknown",
        "`circle` is not loaded. Evaluate it first.",
    )
    project.client.execute("relive.redefine", {"uri": project.uri, "name": "circle"})
    project.told("circle(0)", "passed")


def test_the_expression_at_a_place_has_an_action(project: Project) -> None:
    def titles(mark: str) -> list[str]:
        at = place(TEXT, mark)
        params = {
            "textDocument": {"uri": project.uri},
            "range": {"start": at, "end": at},
            "context": {"diagnostics": [], "only": ["refactor.relive.pin"]},
        }
        return [each["title"] for each in project.client.call("textDocument/codeAction", params)]

    assert titles("area(2, 3)") == ["Pin 'area(2, 3)' with its value"]
    assert titles("both =") == ["Pin '[area(1, 1), area(2, 2)]' with its value"]
    assert titles("RATE = 2") == []
    assert titles("def area") == []


def test_a_person_may_edit_the_file(project: Project) -> None:
    project.load()
    project.pin("area(2, 3)")
    written = project.pins_file.read_text()
    more = (
        "\nA comment of mine.\n\n>>> side = 4\n>>> area(side,\n...      side)\n16\n\nTo the end.\n"
    )
    project.pins_file.write_text(written + more)
    items = project.items()
    assert items["area(side,"]["status"] == "unknown"
    assert items["area(2, 3)"]["status"] == "passed"
    (told,) = project.client.execute("relive.runPins", {"uri": project.uri})["files"]
    assert {each["label"]: each["status"] for each in told["items"]} == {
        "area(2, 3)": "passed",
        "area(side,": "passed",
        "area": "passed",
    }
    unpinned = {"uri": project.uri, "id": items["area(2, 3)"]["id"]}
    project.client.execute("relive.unpin", unpinned)
    left = project.pins_file.read_text()
    assert left == written.replace("\n>>> area(2, 3)\n6\n", "") + more
    with pytest.raises(RequestError, match="no such pin"):
        project.client.execute("relive.unpin", unpinned)
    project.pins_file.write_text(">>>area(1, 1)\n1\n")
    (told,) = project.client.execute("relive.pins", {"uri": project.uri})["files"]
    assert "/shapes.py.txt: line 1" in told["problem"]
    with pytest.raises(RequestError, match="not in doctest's form"):
        project.pin("area(2, 3)")
    assert project.pins_file.read_text() == ">>>area(1, 1)\n1\n"


def test_nobody_is_asked_for_input_by_a_pin(project: Project) -> None:
    project.load()
    for asks in ("input('? ')", "__import__('getpass').getpass()"):
        pin = project.pin(asks)["pin"]
        assert pin["status"] == "passed"
        assert "EOFError" in pin["examples"][0]["expected"]
    assert project.client.seen("relive/input") == []


def test_what_is_to_be_skipped_is_not_run(project: Project) -> None:
    project.load()
    project.pin("area(2, 3)")
    text = ">>> sides = [3]\n>>> RATE.clear()  # doctest: +SKIP\n1\n>>> area(*sides, 2)\n6\n"
    project.pins_file.write_text(f"{text}\n>>> forever()  # doctest: +SKIP\n")
    (told,) = project.client.execute("relive.runPins", {"uri": project.uri})["files"]
    some, all_, _ = told["items"]
    assert (some["status"], all_["status"]) == ("passed", "unknown")
    assert [each["status"] for each in some["examples"]] == ["passed", "unknown", "passed"]
    assert all_["reason"] == "It is to be skipped."


def test_a_file_of_pins_stays_as_an_editor_has_written_it(project: Project) -> None:
    project.load()
    project.pins_file.parent.mkdir(parents=True, exist_ok=True)
    project.pins_file.write_bytes(b"\xef\xbb\xbf>>> area(2, 3)\r\n6\r\n")
    assert project.items()["area(2, 3)"]["definition"] == "area"
    project.pin("area(1, 1)")
    both = b">>> area(2, 3)\r\n6\r\n\r\n>>> area(1, 1)\r\n1\r\n"
    assert project.pins_file.read_bytes() == both


def test_pins_follow_names_and_other_files(project: Project) -> None:
    other = project.folder / "uses.py"
    text = "from shapes import shares\n\n\ndef half(n):\n    return shares(n)['each'] / 2\n\n\n"
    other.write_text(text)
    uri = project.client.open(other, text)
    project.client.evaluate(uri, "file")
    project.client.execute("relive.pin", {"uri": uri, "expression": "half(2)"})
    project.pin("shares(2)")
    before = project.redefine("RATE = 2", "RATE = 3")
    project.told("shares(2)", "failed", before)
    project.told("half(2)", "failed", before)
    before = len(project.client.timeline)
    answer = project.client.execute("relive.evaluateText", {"text": "RATE = 2", "uri": project.uri})
    assert answer["status"] == "ok"
    project.told("shares(2)", "passed", before)


HELPED = {
    "table.py": "class Table:\n    def go(self, name):\n        return getattr(self, 'do_' + name)()\n\n"
    "    def do_it(self):\n        return 1\n",
    "maker.py": "import sys\n\n\ndef run(name):\n    return sys.modules['table'].Table().go(name)\n",
}


@pytest.mark.skipif("3.12" not in INTERPRETERS, reason="what runs is told from 3.12 on")
def test_a_pin_follows_what_it_has_entered_though_no_name_tells(
    start_client: StartClient, tmp_path: Path
) -> None:
    client = start_client()
    client.initialize(tmp_path, options={"interpreter": INTERPRETERS["3.12"]})
    client.answers_to["workspace/codeLens/refresh"] = lambda _: None
    uris = {}
    for name, text in HELPED.items():
        (tmp_path / name).write_text(text)
        uris[name] = client.open(tmp_path / name, text)
        assert client.evaluate(uris[name], "file")["status"] == "ok"
    for name, expression in (("table.py", "Table().go('it')"), ("maker.py", "run('it')")):
        pin = client.execute("relive.pin", {"uri": uris[name], "expression": expression})["pin"]
        assert pin["status"] == "passed"
    before = len(client.timeline)
    changed = HELPED["table.py"].replace("return 1", "return 2")
    client.change(uris["table.py"], {"text": changed})
    client.execute("relive.redefine", {"uri": uris["table.py"], "name": "Table.do_it"})
    for uri in uris.values():
        client.wait_for_notification(
            "relive/pins",
            lambda told, uri=uri: (told["uri"], told["items"][0]["status"]) == (uri, "failed"),
            before,
        )


def test_what_was_known_ends_with_its_process(project: Project) -> None:
    project.load()
    project.pin("area(2, 3)")
    before = len(project.client.timeline)
    project.client.execute("relive.restart", {})
    pin = project.told("area(2, 3)", "unknown", before)
    assert pin["reason"] == "The process that gave it has ended."
    text = f"import sys\nsys.path.insert(0, {str(project.folder)!r})\nimport shapes"
    assert project.client.execute("relive.evaluateText", {"text": text})["status"] == "ok"
    project.told("area(2, 3)", "passed", before)


def test_pins_are_saved_as_tests(project: Project) -> None:
    project.load()
    for expression, _ in GIVES:
        project.pin(expression)
    project.client.execute(
        "relive.pin", {"uri": project.uri, "range": span(TEXT, "[area(1, 1), area(2, 2)]")}
    )
    project.client.execute("relive.evaluateText", {"text": "extra = 1", "uri": project.uri})
    project.pin("extra + 1")
    tests = project.pins_file.parents[2] / "tests"
    tests.mkdir()
    saved = project.client.execute("relive.savePins", {"uri": project.uri})
    assert saved["leftOut"] == [{"label": "extra + 1", "why": "`extra` is not in shapes"}]
    path = tests / "test_shapes_pins.py"
    assert (saved["uri"], saved["tests"]) == (path.as_uri(), len(GIVES) + 1)
    text = path.read_text()
    assert "def test_area():\n    assert [area(1, 1), area(2, 2)] == [1, 4]\n" in text
    assert run_pytest(tests) == (0, len(GIVES) + 1)
    again = project.client.execute("relive.savePins", {"uri": project.uri})
    assert (again["tests"], path.read_text()) == (saved["tests"], text)
    project.file.write_text(TEXT.replace("width * height", "width + height"))
    assert run_pytest(tests)[0] == 1
    path.write_text(text.replace("[1, 4]", "[1, 5]"))
    with pytest.raises(RequestError, match="was edited"):
        project.client.execute("relive.savePins", {"uri": project.uri})


SEVERAL = {
    "a/util.py": ("def f():\n    return 1\n", "f()"),
    "b/util.py": ("def f():\n    return 2\n", "f()"),
    "plain/mod.py": ("from . import other\n\n\ndef f():\n    return other.g()\n", "f()"),
    "slug.py": (
        "class SlugError(Exception):\n    pass\n\n\ndef slug(text):\n    raise SlugError(text)\n",
        "slug('x')",
    ),
    "says.py": ("def value(n):\n    print('v')\n    return n\n", "value(3)"),
}


def test_the_tests_of_several_files_stand_beside_each_other(
    start_client: StartClient, tmp_path: Path
) -> None:
    client = start_client()
    client.initialize(tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "other.py").write_text("def g():\n    return 5\n")
    names = set()
    for name, (text, expression) in SEVERAL.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
        uri = client.open(tmp_path / name, text)
        assert client.evaluate(uri, "file")["status"] == "ok"
        client.execute("relive.pin", {"uri": uri, "expression": expression})
        if name == "says.py":  # what it prints is not known any more
            client.execute("relive.stop", {})
            assert client.evaluate(uri, "file")["status"] == "ok"
        for _ in range(2):
            saved = client.execute("relive.savePins", {"uri": uri})
            assert (saved["tests"], saved["leftOut"]) == (1, [])
        names.add(Path(saved["uri"]).name)
    assert names == {
        *("test_util_pins.py", "test_util_pins_2.py", "test_plain_mod_pins.py"),
        *("test_slug_pins.py", "test_says_pins.py"),
    }
    for name in sorted(names):  # two modules of one name are not for one process
        assert run_pytest(tmp_path / "tests" / name) == (0, 1), name


def run_pytest(folder: Path) -> tuple[int, int]:
    """Return the exit code, and how many tests have passed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null"]
    told = subprocess.run(
        [*command, "--rootdir", "/", str(folder)],
        capture_output=True, text=True, check=False, cwd=folder if folder.is_dir() else folder.parent,
    )  # fmt: skip
    last = told.stdout.strip().splitlines()[-1]
    passed = next((word for word, what in zip(last.split(), last.split()[1:], strict=False) if what.startswith("passed")), "0")  # fmt: skip
    return told.returncode, int(passed)
