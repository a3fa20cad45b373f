"""What can be done about an error, from the light bulb: try again, go where it went through."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from relive.lsp import commands, error_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.diagnostics import place_of
from relive.lsp.documents import Document
from relive.lsp.problems import Problem
from relive.source.positions import Range

KIND = types.CodeActionKind.QuickFix


def problem_actions(daemon: Daemon, document: Document, range_: Range) -> list[types.CodeAction]:
    """Return the actions for the problems on these lines, and for what code there led to."""
    shows = _can_show(daemon)
    found: list[types.CodeAction] = []
    for problem in daemon.problems.at(document, range_):
        here = document if problem.place.document is document else None
        offered = [
            *_retry(daemon, problem),
            *(_ways(daemon, problem, document, range_) if shows else ()),
        ]
        known = None if here is None else [daemon.problems.diagnostic(problem)]
        found += [
            types.CodeAction(
                title=each.title,
                kind=KIND,
                command=each,
                diagnostics=known,
                is_preferred=each.command == commands.EVALUATE or None,
            )
            for each in offered
        ]
    return found


def _retry(daemon: Daemon, problem: Problem) -> Iterator[types.Command]:
    """Offer to evaluate again what failed, if it is still there."""
    target = problem.failed.target
    if target is None or daemon.documents.of_file(target.document.file) is not target.document:
        return
    now = target.now
    if now.start == now.end:
        return
    first, last = now.start[0] + 1, now.end[0] + 1
    what = f"line {first}" if first == last else f"lines {first} to {last}"
    range_ = daemon.codec.range_to_client(target.document.table, now)
    argument = {"uri": target.document.uri, "scope": "selection", "range": _json(range_)}
    yield types.Command(f"Retry: evaluate {what}", commands.EVALUATE, arguments=[argument])


def _ways(
    daemon: Daemon, problem: Problem, document: Document, range_: Range
) -> Iterator[types.Command]:
    """Offer to go to the failing line, to where it was raised and to what was asked for."""
    frames = daemon.problems.frames(problem)
    own = next((frame for frame in reversed(frames) if frame.own and frame.uri), None)
    raised = next((frame for frame in reversed(frames) if frame.uri), None)
    asked = next((frame for frame in frames if frame.uri), None)
    ways = {"the failing line": own, "where it was raised": raised, "the code that was run": asked}
    seen = [(document.uri, line) for line in range(range_.start[0], range_.end[0] + 1)]
    for words, frame in ways.items():
        if frame is not None and (frame.uri, frame.line) not in seen:
            seen.append((frame.uri or "", frame.line))
            yield _show(words, frame)


def _show(words: str, frame: error_protocol.FrameInfo) -> types.Command:
    title = f"Go to {words}: line {frame.line + 1} in {frame.name}"
    argument = {"uri": frame.uri, "range": _json(place_of(frame))}
    return types.Command(title, commands.SHOW_FRAME, arguments=[argument])


def _json(range_: types.Range) -> dict[str, dict[str, int]]:
    ends = {"start": range_.start, "end": range_.end}
    return {name: {"line": end.line, "character": end.character} for name, end in ends.items()}


def _can_show(daemon: Daemon) -> bool:
    window = daemon.server.client_capabilities.window
    return bool(window and window.show_document and window.show_document.support)
