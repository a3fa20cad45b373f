"""Neovim with its own LSP client, set up by the lines that the documentation gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SET_UP = TESTS.parents[1] / "docs" / "editors" / "neovim.lua"
PAGE = TESTS.parents[1] / "docs" / "other-editors.md"
LIMIT_S = 180

TEXT = """\
rate = 6
rate * 7

def area(side):
    return side * side

square = area(3)
square / (rate - 6)
"""


def test_a_story_by_keys(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "shapes.py").write_text(TEXT, encoding="utf-8")
    seen_file = tmp_path / "seen.json"
    environment = {
        **os.environ,
        "HOME": str(tmp_path / "home"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "RELIVE_SEEN": str(seen_file),
    }
    story = f"luafile {TESTS / 'neovim_story.lua'}"
    ran = subprocess.run(
        ["nvim", "--headless", "-u", str(SET_UP), "-i", "NONE", "-n", "shapes.py", "-c", story],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert seen_file.exists(), ran.stderr
    seen = json.loads(seen_file.read_text(encoding="utf-8"))
    assert "failure" not in seen, f"{seen['failure']}\n{ran.stderr}"
    values = {"value": "=> 42", "square": "=> 9", "rerun": "=> 90"}
    assert all(seen[name].startswith(value) for name, value in values.items()), seen
    assert seen["stale"].startswith("=> 9 · stale: ")
    assert "Evaluate this file" in seen["actions"]
    assert seen["problem"]["line"] == 0
    assert seen["problem"]["message"].startswith("ZeroDivisionError")
    assert seen["hover"].startswith("42")
    assert "not in the file: area" in seen["messages"]


@pytest.mark.parametrize(("language", "file"), [("lua", "neovim.lua"), ("elisp", "emacs.el")])
def test_the_page_has_the_same_lines(language: str, file: str) -> None:
    lines = SET_UP.with_name(file).read_text(encoding="utf-8")
    assert f"```{language}\n{lines}```" in PAGE.read_text(encoding="utf-8")
