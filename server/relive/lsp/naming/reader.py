"""The process that reads texts with jedi, a question a line: whatever it takes, the daemon goes on.

It runs none of the user's code; what compiled modules hold jedi looks up in yet another process, of
the user's own interpreter. It ends with its standard input.
"""

from __future__ import annotations

import json
import sys
from typing import Any

_MOST = 2_000


def main() -> None:
    """Answer questions until there are no more."""
    reader = Reader()
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        try:
            items = reader.options(asked)
        except Exception:  # jedi fails on some texts; then nothing is known of them
            items = None
        sys.stdout.write(json.dumps({"id": asked["id"], "items": items}) + "\n")
        sys.stdout.flush()


class Reader:
    """Asks jedi."""

    def __init__(self) -> None:
        self._environments: dict[str | None, Any] = {}

    def options(self, asked: dict[str, Any]) -> list[list[str]]:
        """Return label and kind of all that a text can go on with."""
        import jedi  # type: ignore[import-untyped]  # this process is made for it

        project = jedi.Project(asked["folder"], load_unsafe_extensions=False)
        environment = self._environment(asked["interpreter"])
        script = jedi.Script(
            asked["text"], path=asked["path"], project=project, environment=environment
        )
        found = script.complete(asked["line"] + 1, asked["column"])[:_MOST]
        return [[each.name, each.type] for each in found]

    def _environment(self, interpreter: str | None) -> Any:
        import jedi

        if interpreter not in self._environments:
            try:
                made = jedi.create_environment(interpreter, safe=False)
            except Exception:  # one that jedi does not know yet: by the daemon's own
                made = jedi.InterpreterEnvironment()
            self._environments[interpreter] = made
        return self._environments[interpreter]
