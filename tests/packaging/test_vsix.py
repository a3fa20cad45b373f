"""The packaged extension: what it holds, and that its daemon runs with nothing but that."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import INTERPRETERS
from lsp.driver import Client, started

_ROOT = Path(__file__).parents[2]
VSIX = _ROOT / "relive.vsix"
CONTRIBUTING = _ROOT / "CONTRIBUTING.md"

LIBRARIES = (
    "attr|attrs|cattr|cattrs|exceptiongroup|jedi|lsprotocol|parso|prompt_toolkit|pygls|pygments"
    "|watchdog|wcwidth"
)

ALLOWED = re.compile(
    rf"""
    \[Content_Types\]\.xml | extension\.vsixmanifest |
    extension/(
        package\.json | readme\.md | changelog\.md | LICENSE\.txt |
        client/dist/extension\.js |
        client/dist/webview/(panel\.(js|css)|charts\.js) |
        client/dist/webview/KaTeX_[\w-]+\.woff2 |
        client/images/icon\.png |
        client/walkthrough/[\w-]+\.(md|svg|png|py) |
        server/launch\.py |
        server/relive/[\w/]+\.py |
        bundled/ThirdPartyNotices\.txt |
        bundled/sbom\.cdx\.json |
        bundled/libs/typing_extensions\.py |
        bundled/libs/({LIBRARIES})/(?!third_party/)([\w@.-]+/)*[\w.-]+\.pyi? |
        bundled/libs/({LIBRARIES})/py\.typed |
        bundled/libs/parso/python/grammar\d+\.txt |
        bundled/libs/jedi/third_party/typeshed/(LICENSE|stdlib/([\w.-]+/)*\w+\.pyi)
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


MOST_BYTES = 5_000_000
"""`scripts/package_sizes.py` prints what fills it."""


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


def test_it_is_small() -> None:
    assert VSIX.stat().st_size <= MOST_BYTES


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
    of_the_console = ["prompt_toolkit", "pygments", "wcwidth"]
    for name in ["typing_extensions", "watchdog", "typeshed", *of_the_console, *of_the_client]:
        assert re.search(rf"^{name} ", notices, re.MULTILINE), name


def test_it_shows_itself_with_an_icon(package: zipfile.ZipFile) -> None:
    manifest = json.loads(package.read("extension/package.json"))
    icon = package.read(f"extension/{manifest['icon']}")
    assert icon.startswith(b"\x89PNG\r\n")
    assert min(struct.unpack(">II", icon[16:24])) >= 128
    assert manifest["galleryBanner"]["theme"] in ("dark", "light")


def test_its_readme_leads_nowhere_that_is_not_there(package: zipfile.ZipFile) -> None:
    readme = package.read("extension/readme.md").decode()
    targets = re.findall(r"\]\(([^)]*)\)", readme)
    assert [each for each in targets if not each.startswith(("https://", "data:", "#"))] == []
    [picture] = [each for each in targets if each.startswith("data:")]
    assert picture.startswith("data:image/gif;base64,R0lGOD")


def test_its_change_log_leads_nowhere_that_is_not_there(package: zipfile.ZipFile) -> None:
    changes = package.read("extension/changelog.md").decode()
    targets = re.findall(r"\]\(([^)]*)\)", changes)
    assert [each for each in targets if not each.startswith(("https://", "#"))] == []


def test_what_fills_it_is_told() -> None:
    """CONTRIBUTING.md has the table of `scripts/package_sizes.py`, as it was not long ago."""
    script = [sys.executable, str(_ROOT / "scripts" / "package_sizes.py")]
    printed = subprocess.run(script, capture_output=True, check=True, text=True).stdout
    now, told = _sizes(printed), _sizes(CONTRIBUTING.read_text(encoding="utf-8"))
    assert set(told) == set(now)
    others = [part for part in now if abs(now[part] - told[part]) > max(60, now[part] / 10)]
    assert others == [], "run scripts/package_sizes.py and renew the table"


def _sizes(text: str) -> dict[str, int]:
    rows = re.findall(r"^\| ([^|]+) \| ([\d,]+) kB \|$", text, re.MULTILINE)
    return {part: int(size.replace(",", "")) for part, size in rows}


def test_its_bill_of_materials_lists_every_library_in_it(package: zipfile.ZipFile) -> None:
    bill = json.loads(package.read("extension/bundled/sbom.cdx.json"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    listed = {each["purl"]: each for each in bill["components"]}
    assert len(listed) == len(bill["components"])
    notices = package.read("extension/bundled/ThirdPartyNotices.txt").decode()
    titles = re.findall(r"^={78}\n(?!typeshed)(\S+) (\S+)\n={78}$", notices, re.MULTILINE)
    assert {(each["name"], each["version"]) for each in listed.values()} == {
        (name.lower().replace("_", "-"), version) for name, version in titles
    }
    for each in bill["components"]:
        assert each["licenses"]
        assert [len(made["content"]) for made in each["hashes"]] in ([64], [128]), each["name"]
    [jedi] = [each for each in bill["components"] if each["name"] == "jedi"]
    assert jedi["components"][0]["name"] == "typeshed"


READS = """\
import sys
sys.path.insert(0, sys.argv[1])
import jedi
environment = jedi.create_environment(sys.argv[2], safe=False)
for text in ("import json; json.dump", "import requests; requests.get('').status_c"):
    print(*(each.name for each in jedi.Script(text, environment=environment).complete()))
"""


def test_its_jedi_reads_the_standard_library_and_libraries(extension: Path) -> None:
    """It carries stubs of the first; of the others it reads what the user's Python has."""
    libraries = str(extension / "bundled" / "libs")
    command = [sys.executable, "-I", "-S", "-c", READS, libraries, sys.executable]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == ["dump dumps", "status_code"]


@pytest.mark.parametrize("version", DAEMON_INTERPRETERS)
def test_its_daemon_evaluates_on_every_python_it_supports(
    version: str, extension: Path, tmp_path: Path
) -> None:
    # Isolated: no package of the interpreter's user, none of the folder it is started in.
    command = [INTERPRETERS[version], "-I", "-S", str(extension / "server" / "launch.py")]
    client = Client(tmp_path / "log", started(command))
    try:
        client.initialize(tmp_path)
        uri = client.open(tmp_path / "a.py", "sum(range(4))")
        answer = client.evaluate(uri, "file")
        assert answer["results"][0]["value"]["text"] == "6"
        assert client.stop() == 0
    finally:
        client.leave()


@pytest.mark.parametrize("version", DAEMON_INTERPRETERS)
def test_its_console_evaluates_on_every_python_it_supports(
    version: str, extension: Path, tmp_path: Path
) -> None:
    launch = str(extension / "server" / "launch.py")
    ended = subprocess.run(
        [INTERPRETERS[version], "-I", "-S", launch, "console", str(tmp_path)],
        input="1 + 1\n1 / 0\n",
        env={**os.environ, "FORCE_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout == "2\n", ended.stderr
    assert "ZeroDivisionError" in ended.stderr
    assert "\x1b" in ended.stderr  # Pygments has what it needs


@pytest.mark.skipif("3.9" not in INTERPRETERS, reason="needs a Python that is too old")
def test_its_daemon_says_when_the_python_is_too_old(extension: Path) -> None:
    launch = str(extension / "server" / "launch.py")
    ended = subprocess.run(
        [INTERPRETERS["3.9"], launch], capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert "needs Python 3.10 or newer" in ended.stderr
    assert "relive.daemon.path" in ended.stderr
