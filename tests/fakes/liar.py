"""A worker that says what it is told to instead of what is true.

Run as `liar.py SCRIPT BOOTSTRAP MAIN CONTROL LIFE STACKS`. SCRIPT is a file of JSON: `main`, what it
says on that channel about an evaluation, once that has been asked for; `control`, what it says
there at the same time; `hello`, fields that its greeting has otherwise. `{"bytes": "…"}` is said as it is,
in hexadecimal; "@id" stands for the evaluation's number.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(sys.argv[2]).parents[2]))
from relive.wire import PROTOCOL_VERSION
from relive.wire.frames import Decoder, encode


def main() -> None:
    script = json.loads(Path(sys.argv[1]).read_text())
    asked, control, life, _ = map(int, sys.argv[3:])
    say(life, {"op": "started", "pid": os.getpid()}, 0)
    hello = {"op": "hello", "protocol": PROTOCOL_VERSION, "pid": 1, "version": "3.99"}
    hello |= {"woken": None, "warnings": []}
    say(asked, {**hello, **script.get("hello", {})}, 0)
    requests = Decoder()
    while data := os.read(asked, 65536):
        for request in requests.feed(data):
            for lie in script.get("control", []):
                say(control, lie, request.get("id"))
            for lie in script["main"]:
                say(asked, lie, request.get("id"))
    socket.socket(fileno=life).recv(1)  # until the daemon lets go


def say(fd: int, lie: Any, request_id: Any) -> None:
    if isinstance(lie, dict) and set(lie) == {"bytes"}:
        data = bytes.fromhex(lie["bytes"])
    else:
        data = encode(with_id(lie, request_id))
    while data:
        data = data[os.write(fd, data) :]


def with_id(lie: Any, request_id: Any) -> Any:
    if isinstance(lie, dict):
        return {key: with_id(value, request_id) for key, value in lie.items()}
    if isinstance(lie, list):
        return [with_id(item, request_id) for item in lie]
    return request_id if lie == "@id" else lie


if __name__ == "__main__":
    main()
