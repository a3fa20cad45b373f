"""Output as the client is told of it: whose it is, how much at a time, and what libraries make of it."""

from __future__ import annotations

from typing import Any

import pytest

from lsp.conftest import StartClient
from lsp.driver import Client


def value(client: Client, code: str, **more: Any) -> Any:
    answer = client.execute("relive.evaluateText", {"text": code, **more})
    assert answer["status"] == "ok", answer["error"]
    return eval(answer["results"][-1]["value"]["text"])


def test_output_after_its_evaluation_has_its_id_and_token(client: Client) -> None:
    code = (
        "import threading\ngo = threading.Event()\n"
        "threading.Thread(target=lambda: (go.wait(), print('late'))).start()"
    )
    first = client.execute("relive.evaluateText", {"text": code, "token": "first"})
    client.execute("relive.evaluateText", {"text": "go.set()", "token": "second"})
    late = client.wait_for_notification("relive/output", lambda p: "late" in p["text"])
    assert (late["id"], late["token"]) == (first["id"], "first")


def test_a_bar_that_is_drawn_very_often_is_told_in_few_words(client: Client) -> None:
    before = len(client.seen("relive/output"))
    code = "for n in range(50_000): print(f'\\r{n:>60}', end='')\nprint(' end')"
    client.execute("relive.evaluateText", {"text": code})
    told = "".join(each["text"] for each in client.seen("relive/output")[before:])
    assert told.endswith("49999 end\n")
    assert len(told) < 1_000_000  # of three million


def test_libraries_may_colour_and_draw_and_children_are_told_nothing(client: Client) -> None:
    code = (
        "import os, subprocess, sys\n"
        "ask = 'import os, sys; print(sys.stdout.isatty(), sorted(os.environ))'\n"
        "child = subprocess.run([sys.executable, '-c', ask], capture_output=True, text=True).stdout\n"
        "[sys.stdout.isatty(), sys.stderr.isatty(), child.split()[0], "
        "[n for n in os.environ if n in ('FORCE_COLOR', 'TTY_COMPATIBLE', 'CLICOLOR_FORCE')]]"
    )
    assert value(client, code) == [True, True, "False", []]
    printed = client.execute("relive.evaluateText", {"text": "import rich\nrich.print('[red]red')"})
    assert "\x1b[31mred" in "".join(each["text"] for each in printed["output"])


@pytest.mark.parametrize("terminal", [True, False])
def test_whether_it_is_a_terminal_is_a_setting(
    start_client: StartClient, tmp_path: Any, terminal: bool
) -> None:
    client = start_client()
    client.initialize(tmp_path, options={"settings": {"output": {"terminal": terminal}}})
    assert value(client, "import sys\nsys.stdout.isatty()") is terminal
    elsewhere = (
        "import os\nkept = os.dup(1)\n_ = os.dup2(os.open(os.devnull, os.O_WRONLY), 1)\n"
        "answer = sys.stdout.isatty()\n_ = os.dup2(kept, 1)\nanswer"
    )
    assert value(client, elsewhere) is False
