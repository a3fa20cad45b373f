"""A daemon with commands that misbehave as handlers can; run as a program."""

from __future__ import annotations

import os
import sys
from typing import Any

from relive.lsp.commands import SessionRequestParams
from relive.lsp.server import make_daemon, run


async def exits(_: Any) -> Any:
    raise SystemExit(7)


async def is_interrupted(_: Any) -> Any:
    raise KeyboardInterrupt


async def raises(_: Any) -> Any:
    raise ValueError("the reason")


def raises_at_once(_: Any) -> Any:
    raise SystemExit(7)


async def returns_an_object(_: Any) -> Any:
    return object()


async def returns_a_circle(_: Any) -> Any:
    circle: list[Any] = []
    circle.append(circle)
    return circle


async def returns_numbers(_: Any) -> Any:
    return [float("nan"), {"inside": float("-inf")}, 1.5]


async def returns_a_huge_number(_: Any) -> Any:
    return 10**5000


async def returns_surrogates(_: Any) -> Any:
    return "\ud800 \U0001f600 \udfff"


async def returns_a_message(_: Any) -> Any:
    return {"jsonrpc": "2.0", "id": 1, "method": "exit"}


async def prints(_: Any) -> Any:
    print("Content-Length: 2\r\n\r\n{}")
    sys.stdout.flush()
    os.write(1, b"not a message")
    os.system("echo neither is this")
    return sys.stdin.read()


def main() -> int:
    daemon = make_daemon()
    for handler in (
        exits,
        is_interrupted,
        raises,
        raises_at_once,
        returns_an_object,
        returns_a_circle,
        returns_numbers,
        returns_a_huge_number,
        returns_surrogates,
        returns_a_message,
        prints,
    ):
        daemon.server.on_command(f"faulty.{handler.__name__}", SessionRequestParams, handler)
    return run(daemon)


if __name__ == "__main__":
    sys.exit(main())
