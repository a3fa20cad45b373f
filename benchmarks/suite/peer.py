"""A peer: a process in its own environment, which does what it is asked, and times it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from suite.frame import Contender, Place

_PEERS = Path(__file__).with_name("peers")


class Peer:
    """One of the scripts in `peers/`, in an interpreter that has what it needs."""

    def __init__(
        self, place: Place, script: str, *arguments: str, program: str | None = None
    ) -> None:
        """Start it in a folder of its own; `program`: by another than the peers' interpreter."""
        self.folder = place.folder()
        self._process = subprocess.Popen(
            [program or place.peers, str(self.script(script)), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=self.folder,
            env={**os.environ, "IPYTHONDIR": str(self.folder / ".ipython")},
            text=True,
        )
        place.afterwards(self._end)

    @staticmethod
    def script(name: str) -> Path:
        """Return where a peer's script is."""
        return _PEERS / (name if "." in name else f"{name}.py")

    def ask(self, act: str, **arguments: Any) -> float:
        """Have it do something; return the seconds it says that took."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"act": act, **arguments}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            sys.exit("a peer has ended; what it says is above")
        return float(answer)

    def asked(self, act: str, *, every: int = 1, **arguments: Any) -> Contender:
        """Return who does so again and again."""
        warm_up = 1 if every > 1 else 3
        return Contender(lambda: self.ask(act, **arguments), every, warm_up)

    def _end(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()
