"""`python -i` in a terminal: what is sent is echoed, and the next prompt tells that it has run."""

from __future__ import annotations

import os
import pty
import sys

from asked import serve

_PROMPT = b">>> "


def main() -> None:
    """Serve."""
    child, terminal = pty.fork()
    if not child:
        os.environ["PYTHON_BASIC_REPL"] = "1"  # that of 3.13 redraws the line
        os.execv(sys.executable, [sys.executable, "-i", "-q"])

    def to_prompt() -> None:
        seen = b""
        while not seen.endswith(_PROMPT):
            seen = (seen + os.read(terminal, 65536))[-200:]

    def evaluate(code: str) -> None:
        os.write(terminal, f"{code}\n".encode())
        to_prompt()

    to_prompt()
    serve(evaluate=evaluate)
    os.write(terminal, b"exit()\n")
    os.close(terminal)
    os.waitpid(child, 0)


if __name__ == "__main__":
    main()
