"""A small project whose modules are loaded, and what is told when its files change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lsp.driver import Client, Message

LOW = """\
def f():
    return 1

def g():
    return 10
"""
HIGH = """\
from low import f

class C:
    def m(self):
        return f()
"""


class Project:
    """A folder with two modules, both imported by the session's process."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.write("low.py", LOW)
        self.write("high.py", HIGH)
        self.run("import low, high\nkept, alias = high.C(), low.f")
        self._after = 0

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def open(self, name: str) -> str:
        path = self.folder / name
        uri = self.client.open(path, path.read_text(encoding="utf-8"))
        self.client.execute("relive.session", {})  # the daemon has looked at the file by now
        return uri

    def run(self, code: str) -> Any:
        answer = self.client.execute("relive.evaluateText", {"text": code})
        assert answer["status"] == "ok", answer["error"]
        return answer["results"][-1]["value"]

    def value(self, code: str) -> str:
        text = self.run(code)["text"]
        assert isinstance(text, str)
        return text

    def news(self) -> Message:
        """Return the next news of a redefinition."""
        client = self.client
        told = client.wait_for(
            lambda item: item.get("method") == "relive/redefined", "news", self._after
        )
        self._after = client.place_of(told) + 1
        params = told["params"]
        assert isinstance(params, dict)
        return params


def outcomes(news: Message) -> dict[str, str]:
    return {each["name"]: each["outcome"] for each in news["redefinition"]["definitions"]}
