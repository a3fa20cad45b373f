"""Figures of matplotlib, and pictures of Pillow: shown where no display is, and no backend chosen."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from relive.session.events import Displayed
from relive.session.session import Session
from relive.session.viewing import MimeView
from viewing import shown, told

PLT = "import matplotlib.pyplot as plt\n"


class Plotting:
    """A session and the pictures it shows."""

    def __init__(self, folder: Path) -> None:
        self._pictures: list[Displayed] = []
        self.session = Session(None, folder, listener=self._hear)

    def _hear(self, event: object) -> None:
        if isinstance(event, Displayed):
            self._pictures.append(event)

    def pictures(self, code: str) -> list[Displayed]:
        """Run `code`, and return the pictures it shows."""
        self._pictures.clear()
        done = self.session.evaluate(PLT + code)
        assert done.status == "ok", done.error
        for picture in self._pictures:
            (display,) = picture.displays
            assert base64.b64decode(display.data).startswith(b"\x89PNG")
        return list(self._pictures)

    def value(self, code: str) -> str:
        return shown(self.session, PLT + code).text


@pytest.fixture(scope="module")
def plotting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plotting]:
    plotting = Plotting(tmp_path_factory.mktemp("plots"))
    with plotting.session:
        plotting.session.evaluate("None")
        yield plotting


@pytest.fixture(autouse=True)
def no_figure(plotting: Plotting) -> Iterator[None]:
    yield
    plotting.session.evaluate(f"{PLT}plt.close('all')")


def test_show_sends_the_figures_and_closes_them(plotting: Plotting) -> None:
    first, second = plotting.pictures("a = plt.figure(); b = plt.figure()\nplt.show()")
    assert first.ref is second.ref is None
    assert first.range is not None
    assert first.range.start == (2, 0)
    assert plotting.value("plt.get_fignums()") == "[]"


def test_what_is_not_waited_for_stays_open(plotting: Plotting) -> None:
    assert len(plotting.pictures("f = plt.figure()\nplt.show(block=False)")) == 1
    assert plotting.value("plt.get_fignums()") == "[1]"
    assert len(plotting.pictures("for n in range(3): plt.pause(0.01)")) == 3
    assert len(plotting.pictures("plt.show(block=True)")) == 1
    assert plotting.value("plt.get_fignums()") == "[]"


def test_one_figure_shows_itself(plotting: Plotting) -> None:
    assert len(plotting.pictures("f = plt.figure(); g = plt.figure()\nf.show()")) == 1
    assert plotting.value("plt.get_fignums()") == "[1, 2]"


DRAWN = {
    "figure": "f, a = plt.subplots()\nf",
    "axes": "f, a = plt.subplots()\na",
    "lines": "plt.plot([1, 2])",
    "bars": "plt.bar([1], [2])",
    "axes of several": "f, a = plt.subplots(2, 2)\na",
    "pandas": "import pandas as pd\npd.DataFrame({'a': [1, 2]}).plot()",
    "pillow": "from PIL import Image\nImage.new('RGB', (3, 3))",
}


@pytest.mark.parametrize("code", DRAWN.values(), ids=DRAWN.keys())
def test_a_value_is_shown_as_a_picture(plotting: Plotting, code: str) -> None:
    (picture,) = plotting.pictures(code)
    assert picture.ref is not None
    again = told(plotting.session, MimeView(picture.ref, "image/png"))
    assert again.data == picture.displays[0].data


def test_a_picture_is_as_the_figure_was(plotting: Plotting) -> None:
    """A figure changes later; what draws on it is shown at the end alone."""
    code = "f, a = plt.subplots(2)\nf\nplt.plot([1, 2])\nplt.title('t')\na\nf\n1"
    empty, drawn = plotting.pictures(code)
    assert empty.displays != drawn.displays


def test_an_empty_figure_is_no_picture(plotting: Plotting) -> None:
    assert plotting.pictures("plt.figure()") == []
    assert plotting.pictures("[]") == []


def test_a_thread_shows_too(plotting: Plotting) -> None:
    code = (
        "import threading\ndef draw():\n    plt.figure(); plt.show()\n"
        "t = threading.Thread(target=draw); t.start(); t.join()"
    )
    assert len(plotting.pictures(code)) == 1


CHILDREN = {
    "forked": "import os\np = os.fork()\nif p == 0:\n    plt.plot([1]); plt.show(); os._exit(0)\nos.waitpid(p, 0)[1]",
    "started": "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import matplotlib.pyplot as plt; plt.plot([1]); plt.show()']).returncode",
}


@pytest.mark.parametrize("code", CHILDREN.values(), ids=CHILDREN.keys())
def test_a_child_process_draws_and_shows_nothing(plotting: Plotting, code: str) -> None:
    assert plotting.pictures(code) == []
    assert plotting.value("_") == "0"


CHOSEN = {
    "by the environment": ({"MPLBACKEND": "agg"}, "", ""),
    "by a file": ({}, "backend: agg", ""),
    "by code": ({}, "", "import matplotlib\nmatplotlib.use('agg')\n"),
}


@pytest.mark.parametrize(("environment", "settings", "code"), CHOSEN.values(), ids=CHOSEN.keys())
def test_who_has_chosen_a_backend_keeps_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    settings: str,
    code: str,
) -> None:
    if settings:
        (tmp_path / "matplotlibrc").write_text(settings)
    for name, text in environment.items():
        monkeypatch.setitem(os.environ, name, text)
    plotting = Plotting(tmp_path)
    with plotting.session:
        assert plotting.value(f"{code}{PLT}plt.figure(); plt.get_backend()") == "'agg'"
        assert plotting.value("import sys; 'relive_matplotlib' in sys.modules") == "False"
