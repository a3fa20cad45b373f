"""Which frame the text of a function's body runs in: one that is held, or a captured call's."""

from __future__ import annotations

import re

import attrs

from relive.lsp import protocol
from relive.lsp.captures import Captures
from relive.lsp.commands import EvaluateParams
from relive.lsp.documents import Document
from relive.lsp.encoding import Codec
from relive.lsp.error_protocol import ErrorInfo
from relive.lsp.folder_session import FolderSession
from relive.lsp.targets import Code
from relive.session.capturing import Captured, CapturedCall
from relive.session.requests import InCall, InFrame
from relive.source.bodies import InBody, names_of, selected_in_body, statement_in_body
from relive.source.quick_dataclasses import dataclass

_MISSING = re.compile(r"name '(\w+)' is not defined")


@dataclass(frozen=True)
class Framed:
    """Text of a function's body, and the frame that it runs in."""

    code: Code
    inside: InCall | InFrame


def part_of_body(params: EvaluateParams, document: Document, codec: Codec) -> InBody | None:
    """Return the part of a function's body that a command is about, if it is about one."""
    if params.scope == "selection" and params.range is not None:
        return selected_in_body(document.text, codec.range(document.table, params.range))
    if params.scope == "form" and params.position is not None:
        return statement_in_body(document.text, codec.position(document.table, params.position))
    return None


async def frame_of(
    part: InBody | None,
    call: int | None,
    document: Document,
    session: FolderSession | None,
    captures: Captures,
) -> Framed | None:
    """Return the frame that a part of a function's body runs in: of what is held before any other.

    Args:
        part: what is to run.
        call: the captured call that is meant; None: the latest of the function.
        document: the function's.
        session: the document's, if there is one.
        captures: what is known of calls.
    """
    if part is None or session is None:
        return None
    code = Code(part.range, "statement", only=part.range)
    held = _held(part, document, session)
    if held is not None:
        return Framed(code, held)
    if not session.wishes.functions():
        return None
    known = await captures.latest(session)
    found = _call_of(part, call, document, known)
    if found is None:
        return None
    return Framed(code, InCall(found.call, name=found.name))


def _held(part: InBody, document: Document, session: FolderSession) -> InFrame | None:
    """Return the innermost frame of the function that is held."""
    name = _without_locals(part.function.name)
    for hold in session.holds:
        for frame in hold.frames:
            if frame.at.file == document.file and _without_locals(frame.at.name) == name:
                return InFrame(frame.frame, hold.number, frame.at.name)
    return None


def _without_locals(name: str) -> str:
    return name.replace(".<locals>", "")


def _call_of(
    part: InBody, number: int | None, document: Document, known: Captured
) -> CapturedCall | None:
    """Return the captured call that is meant, if it still has its variables."""
    calls = known.of(document.file, part.function.name).calls
    usable = [each for each in calls if each.has_values]
    meant = [each for each in usable if each.call == number]
    return next(reversed(meant or usable), None)


def with_hint(answer: protocol.Evaluation, part: InBody | None) -> protocol.Evaluation:
    """Return an answer with how the code could have run in a call, where that would have helped."""
    error = None if answer.inside is not None else answer.error
    words = None if error is None else hint(error, part)
    if error is None or words is None:
        return answer
    return attrs.evolve(answer, error=attrs.evolve(error, notes=[*error.notes, words]))


def hint(error: ErrorInfo, part: InBody | None) -> str | None:
    """Return what helps when a name is missing that is a function's own; None: nothing here."""
    missing = _MISSING.match(error.message)
    if part is None or error.type != "NameError" or missing is None:
        return None
    name, function = missing[1], part.function
    if name not in names_of(function):
        return None
    return (
        f"'{name}' is a variable of {function.name}. Choose Capture Calls of This Function and "
        "call it: then code in its body runs with the variables of that call."
    )
