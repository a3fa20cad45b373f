"""The physical limit: a bare process that reads length-prefixed JSON, compiles, runs, answers.

Without an argument it is who asks; the process that is asked is this script, too.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from typing import IO, Any

from asked import serve

_LENGTH = struct.Struct("!I")


def _write(stream: IO[bytes], message: dict[str, Any]) -> None:
    data = json.dumps(message).encode()
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def _read(stream: IO[bytes]) -> dict[str, Any] | None:
    head = stream.read(_LENGTH.size)
    return json.loads(stream.read(*_LENGTH.unpack(head))) if head else None


def _answer() -> None:
    scope: dict[str, Any] = {}
    while (message := _read(sys.stdin.buffer)) is not None:
        exec(compile(f"_ = {message['text']}", "<pipe>", "exec"), scope)
        _write(sys.stdout.buffer, {"value": repr(scope["_"])})


def _ask() -> None:
    command = [sys.executable, "-S", "-E", __file__, "answer"]
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert worker.stdin
    assert worker.stdout
    requests, answers = worker.stdin, worker.stdout

    def evaluate(code: str) -> None:
        _write(requests, {"text": code})
        _read(answers)

    serve(evaluate=evaluate)
    requests.close()
    worker.wait()


if __name__ == "__main__":
    _answer() if sys.argv[1:] else _ask()
