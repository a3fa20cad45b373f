"""A replay takes kept values by the same way, and what a replay has run is kept."""

from __future__ import annotations

from pathlib import Path

from ending import ENDS_IN_SESSIONS
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


def test_going_back_takes_kept_values_and_does_not_count_what_they_took(tmp_path: Path) -> None:
    lasting = "import time\nmade = [time.sleep(0.2), time.perf_counter_ns()]  # relive: keep\n"
    (tmp_path / "job.py").write_text(lasting)
    with Session(cwd=tmp_path, settings=ENDS_IN_SESSIONS) as session:
        session.evaluate(lasting, tmp_path / "job.py")
        first = session.evaluate("made", tmp_path / "job.py").results[0].value
        session.evaluate("made.clear()", tmp_path / "job.py")
        offer = session.rewind_offer()
        assert offer.by == "replay"
        *again_ms, _ = [each.duration_ms for each in session.steps()]
        assert offer.last_replay_ms is not None
        assert sum(again_ms) - offer.last_replay_ms >= 200
        report = session.rewind().rewind
        again = session.evaluate("made", tmp_path / "job.py").results[0].value
    assert report is not None
    assert report.failed is None
    assert first is not None
    assert again is not None
    assert again.text == first.text
