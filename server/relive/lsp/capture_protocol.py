"""What messages say of captured calls.

As in `protocol.py`: a field with a default may be absent.
"""

from __future__ import annotations

from lsprotocol.types import Position, Range

from relive.lsp.quick_attrs import message

CAPTURE_CALLS = "relive.captureCalls"
STOP_CAPTURING = "relive.stopCapturing"
CAPTURED = "relive.captured"
RUN_AGAIN = "relive.runAgain"
CALLS_CAPTURED = "relive/captured"


@message
class CaptureCallsParams:
    """Argument of `relive.captureCalls`: keep the next calls of a function.

    It needs `position` or `name`.
    """

    uri: str
    position: Position | None = None
    """In the function that is meant, the innermost."""
    name: str | None = None
    """Qualified, as `Class.method`, or `outer.<locals>.inner`."""
    count: int | None = None
    """How many calls are kept, the latest; absent: 10; at most 100."""


@message
class StopCapturingParams:
    """Argument of `relive.stopCapturing`: nothing more is kept, and what was is let go."""

    uri: str | None = None
    """Absent: in all files."""
    name: str | None = None
    """Absent: all functions of the file."""
    position: Position | None = None
    """In the function that is meant, instead of its name."""


@message
class CapturedCallsParams:
    """Argument of `relive.captured`."""

    uri: str | None = None
    """Absent: of all files."""
    name: str | None = None
    """Absent: of all functions of the file."""


@message
class RunAgainParams:
    """Argument of `relive.runAgain`: the function is called with the arguments of a captured call.

    It runs as it is now.
    """

    call: int
    uri: str | None = None
    """Any document of the session; absent: the session used last."""
    token: str | None = None


@message
class CapturedFunction:
    """A function whose calls are captured."""

    uri: str
    name: str
    """Qualified, as `Class.method`."""
    capturing: bool
    calls: int = 0
    """Since the last evaluation began."""
    why: str | None = None
    """Why its calls are not captured."""


@message
class CapturedValue:
    """A variable, and its value as text."""

    name: str
    text: str
    first: str | None = None
    """What a line that ran often gave it the first time, if that was another."""
    late: bool | None = None
    """Whether the text is of the call's end: by then the value may have changed."""


@message
class CapturedLine:
    """A line of a function that ran."""

    line: int
    """0-based, in the document as it stands."""
    values: list[CapturedValue]
    """What it gave names, the last time it ran."""
    count: int
    """How often it ran."""
    at_least: bool | None = None
    """Whether it may have run more often."""


@message
class CapturedCall:
    """One call of a function."""

    call: int
    name: str
    uri: str
    range: Range
    """The function's lines, in the document as it stands."""
    arguments: list[CapturedValue]
    lines: list[CapturedLine]
    locals: list[CapturedValue]
    """At its end."""
    at: str
    """When it began, as ISO 8601."""
    number: int
    """Of the function's calls in its evaluation, from 1: of very many not each is kept."""
    has_values: bool
    """Whether text can run in its variables: of a function's latest three calls."""
    outdated: bool
    """Whether the document says otherwise than what ran: then lines may be others."""
    again: str
    """An expression that calls the function with these arguments."""
    result: str | None = None
    """Absent: it has not ended, or failed."""
    error: str | None = None
    error_line: int | None = None
    duration_ms: float | None = None
    evaluation: int | None = None
    thread: str | None = None
    """Absent: the main one."""
    yields: int | None = None
    """Of a generator: how often it gave a value."""


@message
class CapturedCalls:
    """The calls that are kept, in their order, and the functions they are of."""

    items: list[CapturedCall]
    functions: list[CapturedFunction]


@message
class CallsCapturedParams:
    """`relive/captured`: other calls of a function are kept than when it was last asked."""

    uri: str
    name: str
