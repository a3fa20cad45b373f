"""Where the environment forbids bytecode, it does so to the user's modules, and not to ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from relive import Session


def test_our_modules_are_not_compiled_at_each_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bytecode, workspace = tmp_path / "bytecode", tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "theirs.py").write_text("")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(bytecode))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    with Session(cwd=workspace) as session:
        answer = session.evaluate("import theirs, sys\nsys.dont_write_bytecode")
    written = {file.name.partition(".")[0] for file in bytecode.rglob("*.pyc")}
    assert [each.value.text for each in answer.results if each.value] == ["True"]
    assert {"own", "warden", "loop"} <= written
    assert "theirs" not in written
