"""Text that is evaluated in a frame that is held means what it would mean in the function's body."""

from __future__ import annotations

from typing import Any

import pytest

from holding.frames import FRAMES, NOTHING
from holding.staging import HOLDING, told


@pytest.mark.parametrize("version", HOLDING)
@pytest.mark.parametrize("case", FRAMES, ids=[each["case"]["name"] for each in FRAMES])
def test_text_runs_in_a_held_frame(case: dict[str, Any], version: str) -> None:
    came = told(version, "frames")[case["case"]["name"]]
    values = [note[1] for note in came["notes"] if note[0] == "value"]
    wanted = ["nothing" if text == repr(NOTHING) else text for text in case["texts"]]
    texts = case["case"]["actions"][0]["evaluate"]
    assert list(zip(texts, values, strict=True)) == list(zip(texts, wanted, strict=True)), came[
        "notes"
    ]
    if case["gives"] is not None:
        assert came["outcome"] == ["value", repr(case["gives"])], came
