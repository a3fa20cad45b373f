"""The stack of an exception as frames: ours left out, recursion folded, each with its place."""

from __future__ import annotations

import os
from itertools import islice

from relive.worker.library import standard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType, FrameType, TracebackType
    from typing import Any

    from relive.worker.image import Image
    from relive.worker.late_image import LateImage
    from relive.worker.redefine.reading.definitions import Definition

_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep

_LOOP = os.path.join(os.path.dirname(os.__file__), "asyncio") + os.sep

_REPEATS = 3
"""How often the same line of the same function is kept before it counts as a recursion."""
_INNERMOST = 5
"""Frames at the end that are kept in any case: there the recursion ended."""
_MAX_LINE = 1000
"""Characters of a line of code."""


class Entry:
    """A frame of the stack as the exception went through it."""

    def __init__(self, trace: TracebackType) -> None:
        self.frame: FrameType = trace.tb_frame
        self.code: CodeType = trace.tb_frame.f_code
        self.file: str = self.code.co_filename
        self.line: int = trace.tb_lineno or 0
        """As Python counts, from 1."""
        self.instruction: int = trace.tb_lasti
        self.omitted = 0
        """Frames left out between the one before and this one."""


def without_ours(error: BaseException) -> None:
    """Drop our frames: those that led to the user's code, and those of our hooks called from it."""
    trace = error.__traceback__
    while trace is not None and _is_ours(trace):
        trace = trace.tb_next
    if trace is not error.__traceback__:
        trace = _behind_loop(trace)
    kept = trace
    while kept is not None:
        following = kept.tb_next
        while following is not None and _is_ours(following):
            following = following.tb_next
        if following is not kept.tb_next:
            kept.tb_next = following
        kept = following
    error.__traceback__ = trace


def _behind_loop(trace: TracebackType | None) -> TracebackType | None:
    """Return what the event loop called that we have run for a top-level `await`, if it did."""
    inner = trace
    while inner is not None and inner.tb_frame.f_code.co_filename.startswith(_LOOP):
        inner = inner.tb_next
    return trace if inner is None else inner


def _is_ours(trace: TracebackType) -> bool:
    return trace.tb_frame.f_code.co_filename.startswith(_OURS)


def stack_of(error: BaseException, most: int) -> list[Entry]:
    """Return the frames, outermost first, without those that only repeat others; `most` at most."""
    entries = [Entry(trace) for trace in _traces(error.__traceback__)]
    half = most // 2
    if len(entries) <= _REPEATS + _INNERMOST:
        return entries
    kept = set(range(len(entries) - _INNERMOST, len(entries))) | set(_unrepeated(entries))
    places = sorted(kept)
    if len(places) > most:
        places = places[:half] + places[-half:]
    for before, place in zip([-1, *places], places):
        entries[place].omitted = place - before - 1
    return [entries[place] for place in places]


def _traces(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _unrepeated(entries: list[Entry]) -> Iterator[int]:
    """Yield the places of frames that have not been there often before.

    Whatever calls whom in a recursion, it comes by the same lines again and again.
    """
    seen: dict[tuple[CodeType, int], int] = {}
    for place, entry in enumerate(entries):
        key = (entry.code, entry.line)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= _REPEATS:
            yield place


class Frames:
    """Makes frames for the wire of the entries of stacks."""

    def __init__(self, file: str, image: Image | LateImage) -> None:
        self._file = file
        """The source of the code that was asked for."""
        self._image = image
        self._owned: dict[str, bool] = {}

    def frame(self, entry: Entry) -> dict[str, Any]:
        """Return `entry` as the wire's Frame, as yet without the values of its variables."""
        file, line = entry.file, entry.line - 1
        live = self._image.around(file, entry.code, line)
        text = _text_of(entry, live, self._line(file, entry.line, entry.frame.f_globals))
        return {
            "file": file,
            "name": getattr(entry.code, "co_qualname", entry.code.co_name),  # from 3.11 on
            "line": line,
            "text": text.strip()[:_MAX_LINE],
            "place": None if live is None else (live.name, line - live.line),
            "span": _span(entry, text),
            "own": self.owns(file),
            "locals": [],
            "locals_omitted": 0,
            "omitted": entry.omitted,
        }

    def unparsed(self, error: SyntaxError) -> dict[str, Any] | None:
        """Return the place of a syntax error in a file other than the one that was asked for."""
        file, line = error.filename, error.lineno
        if not isinstance(file, str) or not isinstance(line, int) or file == self._file:
            return None
        if not os.path.isabs(file):
            return None
        text = self._line(file, line, {})
        return {
            "file": file,
            "name": "<module>",
            "line": line - 1,
            "text": text.strip()[:_MAX_LINE],
            "place": None,
            "span": syntax_span(error),
            "own": self.owns(file),
            "locals": [],
            "locals_omitted": 0,
            "omitted": 0,
        }

    def _line(self, file: str, line: int, scope: dict[str, Any]) -> str:
        text = self._image.sources.listing.line(file, line)
        try:
            return (text or standard("linecache").getline(file, line, scope)).rstrip("\r\n")
        except BaseException:  # it may open the file, which user code can have made impossible
            return ""

    def owns(self, file: str) -> bool:
        """Whether code of `file` is the user's own work."""
        if file not in self._owned:
            try:
                self._owned[file] = self._is_own(file)
            except BaseException:  # of what user code may have patched, the frames matter more
                self._owned[file] = False
        return self._owned[file]

    def _is_own(self, file: str) -> bool:
        if file == self._file:
            return True
        sources = self._image.sources
        if os.path.isabs(file):
            return sources.workspace.owns(file)
        return sources.shown(file) is not None  # such as a document that was never saved


def syntax_span(error: SyntaxError) -> list[int]:
    """Return the place that a syntax error names itself."""
    line, column = (error.lineno or 1) - 1, max(_number(error.offset) - 1, 0)
    end = _number(getattr(error, "end_offset", None)) - 1  # from 3.10 on
    same_line = getattr(error, "end_lineno", None) == error.lineno
    return [line, column, line, end if same_line and end > column else column + 1]


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _text_of(entry: Entry, live: Definition | None, shown: str) -> str:
    """Return the line as it ran: the file, whose line is `shown`, may say something else by now."""
    lines = [] if live is None else live.source.split("\n")
    place = 0 if live is None else entry.line - 1 - live.line
    if place >= len(lines) or shown.startswith(lines[place]):  # a definition ends before a comment
        return shown
    return lines[place]


def _span(entry: Entry, text: str) -> list[int] | None:
    """Return the part of the line that failed, where the interpreter knows it (from 3.11 on)."""
    positions = getattr(entry.code, "co_positions", None)
    if positions is None or entry.instruction < 0:
        return None
    unknown = (None, None, None, None)
    first, last, begin, end = next(islice(positions(), entry.instruction // 2, None), unknown)
    if first is None or begin is None or end is None:
        return None
    if first != entry.line or last != first:  # of what goes over lines the first is enough
        return [entry.line - 1, _column(text, begin), entry.line - 1, len(text.rstrip())]
    return [first - 1, _column(text, begin), first - 1, _column(text, end)]


def _column(text: str, byte: int) -> int:
    """Return the place of a byte of the line in characters."""
    return len(text.encode(errors="surrogatepass")[:byte].decode(errors="ignore"))
