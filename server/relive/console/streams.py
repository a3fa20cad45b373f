"""The standard streams, so that a console can rely on them."""

from __future__ import annotations

import io
import os
import sys


def usable() -> None:
    """Have all three be there, and take any text.

    One that was closed is nowhere. Values may have characters that a terminal's encoding has not,
    or none has, as lone surrogates: those are written as Python escapes them. What comes of a pipe
    or a file is a program, and programs are UTF-8, whatever the locale; what is not is the
    process's to refuse, block by block.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - as long as we run
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if isinstance(sys.stdin, io.TextIOWrapper) and not sys.stdin.isatty():
        sys.stdin.reconfigure(encoding="utf-8-sig", errors="surrogateescape")
