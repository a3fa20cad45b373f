"""What each key does while a block is edited: prompt_toolkit with a keyboard that is a pipe."""

from __future__ import annotations

import asyncio
import io
import json
import os
import pydoc
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from relive.console.asking import ThrownAwayError
from relive.console.completing import SessionCompleter
from relive.console.history import BlockHistory
from relive.console.interrupts import Interrupts
from relive.console.prompt import EditingPrompt
from relive.console.screen import Screen
from relive.console.toolbar import toolbar

UP, DOWN, LEFT, HOME, DELETE = "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[H", "\x1b[3~"
F1, F2, F3 = "\x1bOP", "\x1bOQ", "\x1bOR"
TAB, SHIFT_TAB, BACKSPACE = "\t", "\x1b[Z", "\x7f"
ENTER, ALT_ENTER, CTRL_O, CTRL_R, CTRL_S = "\r", "\x1b\r", "\x0f", "\x12", "\x13"
CTRL_C, CTRL_D = "\x03", "\x04"


def paste(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


EARLIER = ["import json", "for i in x:\n    y", "json.dumps(1)", "print(i)"]

TYPED = {
    "a line": ("x = 1" + ENTER, "x = 1"),
    "a block": ("def f():" + ENTER + "return 1" + ENTER + ENTER, "def f():\n    return 1\n"),
    "after return the margin": (
        "if x:" + ENTER + "return" + ENTER + "y" + ENTER + ENTER,
        "if x:\n    return\ny",
    ),
    "indented further": (
        "if x:" + ENTER + "if y:" + ENTER + "z" + ENTER + ENTER,
        "if x:\n    if y:\n        z\n        ",
    ),
    "as indented before": (
        "if x:" + ENTER + BACKSPACE + "  y" + ENTER + BACKSPACE + "else:" + ENTER + "z" + ENTER * 2,
        "if x:\n  y\nelse:\n  z\n  ",
    ),
    "an open bracket": ("f(" + ENTER + "1)" + ENTER, "f(\n    1)"),
    "a string over lines": ("'''a" + ENTER + "b'''" + ENTER, "'''a\nb'''"),
    "a decorator": (
        "@d" + ENTER + "def f(): pass" + ENTER + ENTER,
        "@d\ndef f(): pass\n",
    ),
    "enter in the midst ends a line": ("a" + CTRL_O + "b" + UP + ENTER + ALT_ENTER, "a\n\nb"),
    "alt enter sends what there is": ("f(" + ALT_ENTER, "f("),
    "ctrl o ends a line in any case": ("x" + CTRL_O + "y" + ENTER, "x\ny"),
    "tab indents": (TAB + "x" + ALT_ENTER, "    x"),
    "tab to the next level": ("  " + TAB + "x" + ALT_ENTER, "    x"),
    "shift tab takes back": (TAB + TAB + SHIFT_TAB + "x" + ALT_ENTER, "    x"),
    "backspace takes a level back": (TAB + TAB + BACKSPACE + "x" + ALT_ENTER, "    x"),
    "backspace to the level": ("      " + BACKSPACE + "x" + ALT_ENTER, "    x"),
    "backspace in a line": ("xy" + BACKSPACE + ENTER, "x"),
    "ctrl d deletes": ("xy" + HOME + CTRL_D + ENTER, "y"),
    "pasted indented code": (
        paste("    def f():\r\n\r\n        return 1\r\n") + ENTER,
        "def f():\n\n    return 1\n",
    ),
    "pasted with prompts": (paste(">>> if x:\n...     y\n...\n") + ENTER, "if x:\n    y\n"),
    "pasted at a margin": (
        "if x:" + ENTER + paste("a\nb") + ENTER + ENTER,
        "if x:\n    a\n    b\n    ",
    ),
    "pasted into a line": ("x = " + paste("1  ") + ENTER, "x = 1  "),
    "pasted tabs": (paste("if x:\n\ty\n") + ENTER, "if x:\n\ty\n"),
    "pasted statements": (paste("x = 1\ny = 2") + ENTER, "x = 1\ny = 2"),
    "pasted and not yet whole": (paste("if x:\n    y") + ENTER + ENTER, "if x:\n    y\n    "),
    "paste mode": (F3 + "if x:" + ENTER + "    y" + ENTER + ENTER + "z" + F3 + ENTER, None),
    "the last block": (UP + ENTER, "print(i)"),
    "a block of lines as one": (UP * 3 + ENTER + ENTER, "for i in x:\n    y\n    "),
    "through its lines to the one before": (UP * 5 + ENTER, "import json"),
    "and down again": (UP * 2 + DOWN + ENTER, "print(i)"),
    "those that begin so": ("json" + UP + ENTER, "json.dumps(1)"),
    "those that begin so, further": ("i" + UP + ENTER, "import json"),
    "backward search": (CTRL_R + "js" + ENTER + ENTER, "json.dumps(1)"),
    "further back": (CTRL_R + "js" + CTRL_R + ENTER + ENTER, "import json"),
    "and forward": (CTRL_R + "js" + CTRL_R + CTRL_S + ENTER + ENTER, "json.dumps(1)"),
    "wide characters": ("'日本🐍'" + LEFT + BACKSPACE + ENTER, "'日本'"),
    "no code to the end": (CTRL_D, None),
}
PASTE_MODE = "if x:\n    y\n\nz"


class Desk:
    """A prompt, what it has written, and the keys that are pressed."""

    def __init__(self, pipe: PipeInput, folder: Path, earlier: Sequence[str]) -> None:
        self.file = folder / "console" / "history.jsonl"
        self.file.parent.mkdir()
        lines = (json.dumps({"text": text}) + "\n" for text in earlier)
        self.file.write_text("".join(lines))
        self.written = io.StringIO()
        self._pipe = pipe
        screen = Screen(colours=False, output=self.written)
        history, completer = BlockHistory(self.file), SessionCompleter(["undo", "redefine"])
        streams: Any = {"input": pipe, "output": DummyOutput()}
        self.interrupts = Interrupts()
        self.prompt = EditingPrompt(screen, history, completer, self.interrupts, **streams)

    async def typed(self, keys: str) -> str | None:
        self._pipe.send_text(keys)
        return await asyncio.wait_for(self.prompt.block(">>> "), 20)


def at_a_desk(folder: Path, story: Any, earlier: Sequence[str] = EARLIER) -> Any:
    """Run `story`, a coroutine function, with a desk."""

    async def run() -> Any:
        with create_pipe_input() as pipe, create_app_session(pipe, DummyOutput()):
            return await story(Desk(pipe, folder, earlier))

    return asyncio.run(run())


@pytest.mark.parametrize(("keys", "block"), TYPED.values(), ids=TYPED.keys())
def test_keys_make_a_block(keys: str, block: str | None, tmp_path: Path) -> None:
    async def story(desk: Desk) -> str | None:
        return await desk.typed(keys)

    expected = PASTE_MODE if keys.startswith(F3) else block
    assert at_a_desk(tmp_path, story) == expected


def test_ctrl_c_throws_away_what_is_typed(tmp_path: Path) -> None:
    async def story(desk: Desk) -> str | None:
        with pytest.raises(ThrownAwayError):
            await desk.typed("if x:" + ENTER + CTRL_C)
        return await desk.typed("y" + ENTER)

    assert at_a_desk(tmp_path, story) == "y"


def test_ctrl_c_after_enter_is_for_what_that_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(desk: Desk) -> str | None:
        block = await desk.typed("x" + ENTER)
        with desk.interrupts.mean(lambda: told.append(block)):
            return block

    def interrupt(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    # The block is accepted by then, and the prompt on its way out.
    monkeypatch.setattr(BlockHistory, "store_string", interrupt)
    told: list[str | None] = []
    assert at_a_desk(tmp_path, story) == "x"
    assert told == ["x"]


@pytest.mark.parametrize(
    ("typed", "completed"), [("whi", "while"), ("x = isin", "x = isinstance"), ("%und", "%undo")]
)
def test_tab_completes(typed: str, completed: str, tmp_path: Path) -> None:
    async def story(desk: Desk) -> str | None:
        done = asyncio.Event()
        buffer = desk.prompt._session.default_buffer
        buffer.on_text_changed += lambda _: done.set() if buffer.text == completed else None
        typing = asyncio.ensure_future(desk.typed(typed + TAB))
        await asyncio.wait_for(done.wait(), 20)
        desk._pipe.send_text(ENTER)
        return await typing

    assert at_a_desk(tmp_path, story) == completed


PRICE = {"label": "price(n, *, rate=3)", "parameters": ["n", "*", "rate=3"]}
TOTAL = {"label": "price(numbers)", "parameters": ["numbers"], "activeParameter": None}
TOOLBARS: dict[str, tuple[list[Any], list[str]]] = {
    "first": ([PRICE | {"activeParameter": 0}], ["price(", "[n]", ", *, rate=3)"]),
    "last": ([PRICE | {"activeParameter": 2}], ["price(n, *, ", "[rate=3]", ")"]),
    "none due": ([PRICE], ["price(n, *, rate=3)"]),
    "the one that fits": (
        [TOTAL, PRICE | {"activeParameter": 0}],
        ["price(", "[n]", ", *, rate=3)", "  (2 of 2)"],
    ),
    "none fits": ([TOTAL, PRICE], ["price(numbers)", "  (1 of 2)"]),
}


@pytest.mark.parametrize(("signatures", "shown"), TOOLBARS.values(), ids=TOOLBARS.keys())
def test_the_last_line_marks_the_argument_that_is_due(
    signatures: list[Any], shown: list[str]
) -> None:
    told = toolbar(signatures) or []
    assert [f"[{each[1]}]" if each[0] == "class:due" else each[1] for each in told] == shown


def test_no_signature_is_no_line() -> None:
    assert toolbar([]) is None


@pytest.mark.parametrize(
    ("typed", "asks"),
    [("f(", True), ("f('(', ", True), ("'f('", False), ("1  # f(", False), ("f(1)", False)],
)
def test_a_signature_is_asked_for_in_a_call(typed: str, asks: bool, tmp_path: Path) -> None:
    async def story(desk: Desk) -> tuple[str, Any]:
        asked: list[str] = []
        said = asyncio.Event()

        async def signatures(document: Document) -> list[Any]:
            asked.append(document.text)
            said.set()
            return [PRICE]

        desk.prompt._completer.signatures = signatures  # type: ignore[method-assign]
        typing = asyncio.ensure_future(desk.typed(typed))
        if asks:
            await asyncio.wait_for(said.wait(), 20)
        desk._pipe.send_text(ALT_ENTER)
        await typing
        return asked[-1] if asked else "", desk.prompt._session.bottom_toolbar

    assert at_a_desk(tmp_path, story) == (typed if asks else "", None)


def test_f1_shows_help_above_what_is_typed(tmp_path: Path) -> None:
    async def story(desk: Desk) -> tuple[str | None, str]:
        desk.prompt.help = lambda: desk.prompt._screen.line("the page")
        return await desk.typed("x" + F1 + "y" + ENTER), desk.written.getvalue()

    assert at_a_desk(tmp_path, story) == ("xy", "the page\n")


def test_f2_shows_the_blocks_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[str] = []
    monkeypatch.setattr(pydoc, "pager", pages.append)

    async def story(desk: Desk) -> None:
        await desk.typed("new" + ENTER)
        typing = asyncio.ensure_future(desk.typed(F2))
        while not pages:
            await asyncio.sleep(0)
        desk._pipe.send_text("x" + ENTER)
        await typing

    at_a_desk(tmp_path, story)
    assert pages == ["import json\nfor i in x:\n    y\njson.dumps(1)\nprint(i)\nnew\n"]


def test_what_is_sent_is_kept_as_blocks(tmp_path: Path) -> None:
    async def story(desk: Desk) -> list[str]:
        await desk.typed("if a:" + ENTER + "b" + ENTER + ENTER)
        await desk.typed("same" + ENTER)
        await desk.typed("same" + ENTER)
        await desk.typed("secret  # relive: nolog" + ENTER)
        desk.file.write_text(desk.file.read_text() + '{"text": "of another console"}\n{"te')
        return [*BlockHistory(desk.file).load_history_strings()]

    found = at_a_desk(tmp_path, story)
    assert found == ["of another console", "same", "if a:\n    b", *reversed(EARLIER)]


def test_a_history_that_cannot_be_kept_stops_nothing(tmp_path: Path) -> None:
    history = BlockHistory(tmp_path / "no folder")
    tmp_path.joinpath("no folder").mkdir()
    history.append_string("x")
    assert history.get_strings() == ["x"]
    assert history.problem is not None


def test_only_its_owner_reads_the_history(tmp_path: Path) -> None:
    file = tmp_path / "console" / "history.jsonl"
    BlockHistory(file).append_string("x")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
