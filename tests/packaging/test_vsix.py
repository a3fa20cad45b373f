"""The packaged extension: what it holds, and that its daemon runs with nothing but that."""

from __future__ import annotations

import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import INTERPRETERS
from lsp.driver import Client

VSIX = Path(__file__).parents[2] / "relive.vsix"

LIBRARIES = "attr|attrs|cattr|cattrs|exceptiongroup|jedi|lsprotocol|parso|pygls|watchdog"

ALLOWED = re.compile(
    rf"""
    \[Content_Types\]\.xml | extension\.vsixmanifest |
    extension/(
        package\.json | readme\.md | changelog\.md | LICENSE\.txt |
        client/dist/extension\.js |
        client/dist/webview/(panel\.(js|css)|charts\.js) |
        client/dist/webview/KaTeX_[\w-]+\.woff2 |
        client/walkthrough/[\w-]+\.(md|svg|png) |
        server/launch\.py |
        server/relive/[\w/]+\.py |
        bundled/ThirdPartyNotices\.txt |
        bundled/libs/typing_extensions\.py |
        bundled/libs/({LIBRARIES})/([\w@.-]+/)*[\w.-]+\.pyi? |
        bundled/libs/({LIBRARIES})/py\.typed |
        bundled/libs/parso/python/grammar\d+\.txt |
        bundled/libs/jedi/third_party/typeshed/LICENSE
    )
    """,
    re.VERBOSE,
)

NEEDED = [
    "extension/client/dist/extension.js",
    "extension/client/dist/webview/panel.js",
    "extension/client/dist/webview/panel.css",
    "extension/client/dist/webview/charts.js",
    "extension/client/dist/webview/KaTeX_Main-Regular.woff2",
    "extension/server/launch.py",
    "extension/server/relive/__main__.py",
    "extension/server/relive/worker/__main__.py",
    "extension/bundled/libs/pygls/__init__.py",
    "extension/bundled/ThirdPartyNotices.txt",
]

DAEMON_INTERPRETERS = [
    version for version in INTERPRETERS if tuple(map(int, version.split("."))) >= (3, 10)
]


@pytest.fixture(scope="module")
def package() -> Iterator[zipfile.ZipFile]:
    """The package as `npm run package` makes it."""
    assert VSIX.exists(), "relive.vsix is missing; `npm run package` makes it"
    with zipfile.ZipFile(VSIX) as opened:
        yield opened


@pytest.fixture(scope="module")
def extension(package: zipfile.ZipFile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extension's folder, as an editor installs it."""
    folder = tmp_path_factory.mktemp("installed")
    package.extractall(folder)
    return folder / "extension"


def test_it_holds_nothing_that_is_not_on_the_list(package: zipfile.ZipFile) -> None:
    assert [name for name in package.namelist() if not ALLOWED.fullmatch(name)] == []


def test_it_holds_what_is_needed_to_run(package: zipfile.ZipFile) -> None:
    assert set(NEEDED) <= set(package.namelist())


def test_every_library_in_it_has_its_licence_named(package: zipfile.ZipFile) -> None:
    notices = package.read("extension/bundled/ThirdPartyNotices.txt").decode()
    for name in ["attrs", "cattrs", "exceptiongroup", "jedi", "lsprotocol", "parso", "pygls"]:
        assert re.search(rf"^{name} \d", notices, re.MULTILINE), name
    of_the_client = [
        "vscode-languageclient",
        "dompurify",
        "katex",
        "markdown-it",
        "entities",
        "vega-lite",
    ]
    for name in ["typing_extensions", "watchdog", "typeshed", *of_the_client]:
        assert re.search(rf"^{name} ", notices, re.MULTILINE), name


@pytest.mark.parametrize("version", DAEMON_INTERPRETERS)
def test_its_daemon_evaluates_on_every_python_it_supports(
    version: str, extension: Path, tmp_path: Path
) -> None:
    # Isolated: no package of the interpreter's user, none of the folder it is started in.
    command = [INTERPRETERS[version], "-I", "-S", str(extension / "server" / "launch.py")]
    client = Client(tmp_path / "log", command)
    try:
        client.initialize(tmp_path)
        uri = client.open(tmp_path / "a.py", "sum(range(4))")
        answer = client.evaluate(uri, "file")
        assert answer["results"][0]["value"]["text"] == "6"
        assert client.stop() == 0
    finally:
        client.leave()


@pytest.mark.skipif("3.9" not in INTERPRETERS, reason="needs a Python that is too old")
def test_its_daemon_says_when_the_python_is_too_old(extension: Path) -> None:
    launch = str(extension / "server" / "launch.py")
    ended = subprocess.run(
        [INTERPRETERS["3.9"], launch], capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert "needs Python 3.10 or newer" in ended.stderr
    assert "relive.daemon.path" in ended.stderr
