"""What marking the definitions of a text takes, counted: no time is taken."""

from __future__ import annotations

from typing import cast

import pytest

from relive.lsp.attempts import Attempts
from relive.lsp.documents import Document
from relive.lsp.image import Image
from relive.lsp.states import States, reachable
from relive.session.definition_answers import LiveDefinitions
from relive.session.marks import Marks
from relive.source import definitions as source

MANY = 300
BRANCHES = (
    "if {}:\n    def chosen():\n        return 1\nelse:\n    def chosen():\n        return 2\n"
)


def text_of(body: str) -> str:
    """Return a module of many functions, of which one in the middle changes."""
    parts = [f"def f{n}(x):\n    return x + {n}\n\n\n" for n in range(MANY)]
    parts[MANY // 2] = f"def target():\n    return {body}\n\n\n"
    return "".join([*parts, BRANCHES.format(body)])


class Live:
    """An image that holds what texts have, and of branches the first."""

    def __init__(self) -> None:
        self.text = ""

    def live(self, _file: str) -> LiveDefinitions:
        marks = {each.name: [each.fingerprint] for each in reversed(reachable(self.text))}
        return LiveDefinitions(Marks(marks))


def test_blocks_are_not_read_once_more_for_each_definition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    image, read = Live(), []
    states = States(cast(Image, image), Attempts())
    read_block = source._in_block

    def counted(line: int, block: str) -> object:
        read.append(line)
        return read_block(line, block)

    monkeypatch.setattr(source, "_in_block", counted)
    for body in ("1", "2"):
        image.text = text_of(body)
        document = Document("file:///many.py", image.text)
        marked = reachable(document.text)
        names = [states.of(document, each).name for each in marked]
        assert names == ["in sync"] * (MANY + 1) + ["not loaded"]
    assert len(marked) == MANY + 2
    assert len(read) < 20
