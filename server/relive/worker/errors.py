"""Exceptions as data: type, message, stack, notes. Never raises, whatever the exception does."""

from __future__ import annotations

import os
from linecache import getline

from relive.worker.library import standard
from relive.worker.timelimit import within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType, FrameType, TracebackType
    from typing import Any

_OURS = os.path.dirname(os.path.abspath(__file__)) + os.sep

MAX_FRAMES = 100
"""Frames kept of a stack, its outermost and innermost halves: a deep recursion repeats itself."""
MAX_TEXT = 20_000
"""Characters of a message or of a formatted traceback."""
_MAX_SECONDS = 0.5
"""For each piece of the exception's own code, such as its `__str__`, before it is given up."""


def describe_error(
    error: BaseException, file: str, locate: Callable[[str, CodeType, int], Any]
) -> dict[str, Any]:
    """Return `error` as the wire's Error.

    `file` names the source of the code that was asked for; `locate(file, code, line)` tells which
    live definition a line belonged to when it was loaded: its text may have moved meanwhile.
    """
    try:
        return within(_MAX_SECONDS, _described, error, file, locate)
    except BaseException as failure:  # there may be no descriptor left, or no library to ask
        return _in_short(error, failure)


def _described(
    error: BaseException, file: str, locate: Callable[[str, CodeType, int], Any]
) -> dict[str, Any]:
    error.__traceback__ = _without_ours(error.__traceback__)
    frames = _folded([*_frames(error.__traceback__), *_unparsed(error, file)])
    for frame in frames:
        code = frame.pop("code", None)
        frame["place"] = None if code is None else locate(frame["file"], code, frame["line"])
    return {
        "type": type(error).__name__,
        "message": _message(error),
        "frames": frames,
        "notes": _notes(error),
        "traceback": _formatted(error),
        "span": _span(error, frames, file),
        "name": _missing_name(error),
    }


def _in_short(error: BaseException, failure: BaseException) -> dict[str, Any]:
    name = type(error).__name__
    reason = type(failure).__name__
    return {
        "type": name,
        "message": f"<its message cannot be shown: {reason}>",
        "frames": [],
        "notes": [],
        "traceback": f"{name} (its traceback cannot be shown: {reason})",
        "span": None,
        "name": None,
    }


def _without_ours(trace: TracebackType | None) -> TracebackType | None:
    """Drop our frames: those that led to the user's code, and those of our hooks called from it."""
    while trace is not None and _is_ours(trace):
        trace = trace.tb_next
    kept = trace
    while kept is not None:
        following = kept.tb_next
        while following is not None and _is_ours(following):
            following = following.tb_next
        kept.tb_next = following
        kept = following
    return trace


def _is_ours(trace: TracebackType) -> bool:
    return trace.tb_frame.f_code.co_filename.startswith(_OURS)


def _frames(trace: TracebackType | None) -> Iterator[dict[str, Any]]:
    while trace is not None:
        frame, line = trace.tb_frame, trace.tb_lineno or 0
        file = frame.f_code.co_filename
        yield {
            "file": file,
            "name": _name(frame),
            "line": line - 1,
            "text": _text_of(file, line, frame.f_globals),
            "code": frame.f_code,
        }
        trace = trace.tb_next


def _unparsed(error: BaseException, file: str) -> Iterator[dict[str, Any]]:
    """Yield the place of a syntax error in a file other than the one that was asked for."""
    if not (_is_a(error, SyntaxError) and isinstance(error.lineno, int)):  # type: ignore[attr-defined]
        return
    assert isinstance(error, SyntaxError)
    other, line = error.filename, error.lineno or 1
    if isinstance(other, str) and other != file and os.path.isabs(other):
        text = _text_of(other, line, {})
        yield {"file": other, "name": "<module>", "line": line - 1, "text": text}


def _text_of(file: str, line: int, scope: dict[str, Any]) -> str:
    try:
        return getline(file, line, scope).strip()[:1000]
    except BaseException:  # it may open the file, which user code can have made impossible
        return ""


def _name(frame: FrameType) -> str:
    code: CodeType = frame.f_code
    return getattr(code, "co_qualname", code.co_name)  # qualified from 3.11 on


def _folded(frames: list[dict[str, Any]]) -> list[dict[str, Any]]:
    half = MAX_FRAMES // 2
    return frames if len(frames) <= MAX_FRAMES else frames[:half] + frames[-half:]


def _message(error: BaseException) -> str:
    try:
        text = str(error.msg if _is_a(error, SyntaxError) else error)  # type: ignore[attr-defined]
    except BaseException as failure:
        return f"<its message cannot be shown: {type(failure).__name__.lstrip('_')}>"
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"


def _is_a(error: BaseException, kind: type[BaseException]) -> bool:
    """Whether `error` is a `kind`; unlike `isinstance` this asks nothing of the exception."""
    return issubclass(type(error), kind)


def _notes(error: BaseException) -> list[str]:
    notes: Any = getattr(error, "__notes__", None)
    return [str(note)[:MAX_TEXT] for note in notes] if type(notes) in (list, tuple) else []


def _formatted(error: BaseException) -> str:
    try:
        traceback = standard("traceback")
        text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    except BaseException as failure:
        return (
            f"{type(error).__name__} (its traceback cannot be formatted: {type(failure).__name__})"
        )
    if len(text) > MAX_TEXT:
        text = text[: MAX_TEXT // 2] + "\n…\n" + text[-MAX_TEXT // 2 :]
    return text


def _span(error: BaseException, frames: list[dict[str, Any]], file: str) -> list[int] | None:
    """Return the place in `file` that an error mark belongs to."""
    if _is_a(error, SyntaxError) and isinstance(error.lineno, int):  # type: ignore[attr-defined]
        assert isinstance(error, SyntaxError)
        if error.filename != file:
            return None
        line, column = error.lineno - 1, max((error.offset or 1) - 1, 0)
        end = (getattr(error, "end_offset", None) or 0) - 1
        same_line = getattr(error, "end_lineno", None) == error.lineno
        return [line, column, line, end if same_line and end > column else column + 1]
    for frame in reversed(frames):
        if frame["file"] == file:
            return [frame["line"], 0, frame["line"], 0]
    return None


def _missing_name(error: BaseException) -> str | None:
    if not _is_a(error, NameError) or _is_a(error, UnboundLocalError):
        return None
    name = getattr(error, "name", None)  # 3.10 and up
    if name is None:
        parts = str(error).split("'")
        name = parts[1] if len(parts) > 1 else None
    return name
