"""The session that the console is in, and the module that it evaluates in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from relive.console.client import Client, Json
from relive.console.modules import Module


class Session:
    """A workspace folder's session, as one of its clients sees it."""

    def __init__(self, client: Client, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.module: Module | None = None
        """None: the scratch module."""
        self.info: Json = {"state": "starting", "pid": None}
        """As `relive/session` told last."""
        client.listen("relive/session", self._on_session)

    @property
    def place(self) -> str:
        """Where text is evaluated, in words."""
        if self.module is None:
            return "in the scratch module"
        return f"in {self.module.name}, {self.short(self.module.uri)}"

    def short(self, uri: str) -> str:
        """Return a file as a person writes it: relative to the folder, if it is in it."""
        parts = urlsplit(uri)
        if parts.scheme != "file":
            return unquote(uri)
        path = Path(url2pathname(parts.path))
        return str(path.relative_to(self.folder) if path.is_relative_to(self.folder) else path)

    @staticmethod
    def described(info: Json) -> str:
        """Return a session's state in words."""
        version = f"Python {info['version']}, " if info.get("version") else ""
        process = f"process {info['pid']}" if info["pid"] else "no process"
        why = f": {info['reason']}" if info.get("reason") else ""
        return f"{version}{info['python']}; {process}, {info['state']}{why}"

    async def greet(self, options: Json) -> None:
        """Say hello to the daemon."""
        uri = self.folder.as_uri()
        hello = {
            "processId": None,
            "clientInfo": {"name": "relive console"},
            "rootUri": uri,
            "capabilities": {
                "general": {"positionEncodings": ["utf-32"]},
                "workspace": {"workspaceFolders": True},
            },
            "workspaceFolders": [{"uri": uri, "name": self.folder.name}],
            "initializationOptions": options,
        }
        await self.client.request("initialize", hello)
        self.client.notify("initialized", {})

    async def evaluate(self, text: str, token: str) -> Json:
        """Run `text` in the module, and return its evaluation."""
        argument: Json = {"text": text, "token": token}
        if self.module is None:
            return await self._evaluate(argument)
        with self.opened(self.module):
            argument["uri"] = self.module.uri
            return await self._evaluate(argument)

    async def execute(self, command: str, **argument: Any) -> Any:
        """Have the daemon do something in this session."""
        return await self.client.execute(command, {"uri": self.folder.as_uri(), **argument})

    @contextmanager
    def opened(self, module: Module) -> Iterator[None]:
        """Have the daemon know the file's text as it is now, for as long as something needs it.

        No longer, since nobody tells the console of each change of the file.
        """
        text = module.text()
        if text is None:
            yield
            return
        item = {"uri": module.uri, "languageId": "python", "version": 1, "text": text}
        self.client.notify("textDocument/didOpen", {"textDocument": item})
        try:
            yield
        finally:
            self.client.notify("textDocument/didClose", {"textDocument": {"uri": module.uri}})

    async def _evaluate(self, argument: Json) -> Json:
        evaluation: Json = await self.client.execute("relive.evaluateText", argument)
        return evaluation

    def _on_session(self, told: Json) -> None:
        self.info = told
