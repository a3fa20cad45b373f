"""What another connection has asked for, as a client is told of it."""

from __future__ import annotations

from relive.lsp.connection_protocol import AskedParams
from relive.lsp.daemon import Daemon
from relive.lsp.documents import Document
from relive.lsp.encoding import Codec
from relive.lsp.runs import Run
from relive.lsp.shared import Asked
from relive.session.answers import file_uri
from relive.session.requests import EvaluateRequest
from relive.source.forms import top_level_forms
from relive.source.positions import range_of
from relive.source.standing import place_now

_LONGEST = 10_000
"""Characters of the code that are told."""
_BEGINNING = 200
"""Characters of its code that a waiting evaluation is told with."""


def standing(daemon: Daemon, request: EvaluateRequest, token: str) -> Run:
    """Return an evaluation that was not asked for here, where its text stands, or stood."""
    opened = daemon.documents.of_file(request.file)
    if request.detached or request.document is None:
        text, module = request.text, opened
    else:
        text, module = request.document, None
    stands = module is None and opened is not None and opened.text == text
    document = opened if stands and opened is not None else Document("", text)
    places = daemon.places(document.snapshot(), None if module is None else module.snapshot())
    target = range_of(request.text, (request.line, request.column))
    only = target if len(top_level_forms(request.text)) == 1 else None
    begins = beginning(request.text)
    return Run(places, document.uri or None, target, only, token, begins, request=request)


def find_place(daemon: Daemon, run: Run, document: Document) -> bool:
    """Give what had no document the one that it stands in; whether it is this one."""
    request = run.request
    if run.uri is not None or request is None or request.detached or request.document is None:
        return False
    at = (request.line, request.column)
    if (
        request.file != document.file
        or place_now(request.text, at, request.document, document.text) is None
    ):
        return False
    run.places, run.uri = daemon.places(document.once(request.document)), document.uri
    return True


def beginning(text: str) -> str:
    """Return the first line with anything on it, which is what tells one from another."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return first.strip()[:_BEGINNING]


def asked_params(asked: Asked, run: Run, codec: Codec) -> AskedParams:
    """Return what is told when it begins; its places are in the text that was sent."""
    request = asked.request
    where = None
    if run.uri is not None:
        where = run.target_now
    elif not request.detached and request.document is not None:
        table = Document("", request.document).table
        where = codec.range_to_client(table, range_of(request.text, (request.line, request.column)))
    return AskedParams(
        id=asked.evaluation,
        token=run.token or asked.token,
        text=request.text[:_LONGEST],
        uri=run.uri or (file_uri(request.file) or request.file),
        range=where,
    )
