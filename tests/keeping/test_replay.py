"""A replay takes kept values by the same way, and what a replay has run is kept."""

from __future__ import annotations

from pathlib import Path

from relive.session.events import Event, ResultReady
from relive.session.session import Session

SLOW = "import time\nmade = [time.perf_counter_ns()]  # relive: keep\n"


def test_a_replayed_form_takes_its_kept_value(tmp_path: Path) -> None:
    results: list[str | None] = []

    def hear(event: Event) -> None:
        if isinstance(event, ResultReady) and event.result.kept is not None:
            results.append(event.result.kept.state)

    (tmp_path / "job.py").write_text(SLOW)
    with Session(cwd=tmp_path, listener=hear, log=True) as session:
        session.evaluate(SLOW, tmp_path / "job.py")
        first = session.evaluate("made", tmp_path / "job.py").results[0].value
        session.restart(replay=True)
        again = session.evaluate("made", tmp_path / "job.py").results[0].value
    assert results == ["stored", "taken"]
    assert first is not None
    assert again is not None
    assert again.text == first.text
