"""The stacks that a worker's interpreter writes by itself, when it crashes or is asked for them.

It may have only system calls to do it with, so what comes is text in a fixed form, a line a frame:
innermost first, not Latin letters as escapes, no lines of source.
"""

from __future__ import annotations

import re
from pathlib import Path

from relive.source.quick_dataclasses import dataclass

_KEPT = 64 * 1024
"""Characters kept of what came last: a hundred deep stacks are more than anyone reads."""
_CRASH = "Fatal Python error:"
_THREAD = re.compile(r"(Current thread|Thread) (0x[0-9a-f]+).*\(most recent call first\):")
_FRAME = re.compile(r'  File "(.*)", line (\d+) in (.*)')
_ESCAPE = re.compile(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8}")
_OURS = str(Path(__file__).parents[1])
_WORKER = f"{_OURS}/worker"
_OWN_THREADS = tuple(f"{_WORKER}/{name}.py" for name in ("loop", "interrupt"))
"""Where threads of our own begin; those of the user's begin in `origins.py`, which starts them."""
_DETACHED = "<evaluation "
_INSTALLED = ("site-packages", "dist-packages", "/lib/python3")


@dataclass(frozen=True)
class Line:
    """A place in code that runs."""

    file: str
    """As the code's name says it: a path, a URI, or `<…>` for text in no file."""
    line: int
    """0-based."""
    name: str = ""
    """Of the function."""

    def in_words(self) -> str:
        """Return the place as one would say it."""
        if self.file.startswith(_DETACHED):
            return f"line {self.line + 1} of the evaluated text"
        return f"{Path(self.file).name} line {self.line + 1}"

    @property
    def is_users(self) -> bool:
        """Whether it is in code that was not installed, as far as its path tells."""
        return not any(part in self.file for part in _INSTALLED)


@dataclass(frozen=True)
class Stack:
    """The stack of one thread without our own frames, outermost first."""

    lines: tuple[Line, ...]
    is_current: bool
    """Whether it is the thread that crashed, or that took the question."""
    is_main: bool
    """Whether it is the worker's main thread, on which evaluations run."""

    def place(self, file: str | None = None) -> Line | None:
        """Return the innermost line of `file`, else of the user's own code, else of any."""
        lines = list(reversed(self.lines))
        own = [line for line in lines if line.file == file]
        theirs = [line for line in lines if line.is_users]
        return next(iter([*own, *theirs, *lines]), None)


class Stacks:
    """What a worker has written of its stacks so far."""

    def __init__(self) -> None:
        self._text = ""

    def add(self, text: str) -> None:
        """Take in what came."""
        self._text = (self._text + text)[-_KEPT:]

    def clear(self) -> None:
        """Forget what came: the next stacks are to stand alone."""
        self._text = ""

    @property
    def all(self) -> list[Stack]:
        """The stacks that were asked for."""
        return _parsed(self._text)

    def of_crash(self, *elsewhere: str) -> list[Stack]:
        """Return the stacks of a crash, also if they were written `elsewhere`; none without one."""
        for text in (self._text, *elsewhere):
            _, found, crash = text.rpartition(_CRASH)
            if found:
                return _parsed(crash)
        return []


def formatted(stacks: list[Stack]) -> str:
    """Return stacks in the form Python gives them, the one that matters last."""
    ordered = sorted(stacks, key=lambda stack: (stack.is_current, stack.is_main))
    return "\n".join(_formatted(stack) for stack in ordered if stack.lines)


def _formatted(stack: Stack) -> str:
    name = "Main thread" if stack.is_main else "Thread"
    lines = [
        f'  File "{each.file}", line {each.line + 1}, in {each.name}\n' for each in stack.lines
    ]
    return f"{name} (most recent call last):\n" + "".join(lines)


def _parsed(text: str) -> list[Stack]:
    """Return the last of each thread; none of a crash that came while stacks were written."""
    heads = list(_THREAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    stacks = {
        head[2]: _stack(text[head.end() : end].partition("\n\n")[0], is_current=head[1] != "Thread")
        for head, end in zip(heads, ends, strict=False)
    }
    return list(stacks.values())


def _stack(block: str, *, is_current: bool) -> Stack:
    found = [_line(*match.groups()) for match in _FRAME.finditer(block)]
    lines = [line for line in found if not line.file.startswith(f"{_OURS}/")]
    outermost = found[-1].file if found else ""
    is_main = outermost == f"{_WORKER}/__main__.py"
    if outermost in _OWN_THREADS and not any(each.is_users for each in lines):
        lines = []  # caught in the standard library
    return Stack(tuple(reversed(lines)), is_current, is_main)


def _line(file: str, line: str, name: str) -> Line:
    plain = _ESCAPE.sub(lambda match: chr(int(match[0][2:], 16)), file)
    return Line(plain, int(line) - 1, name)
