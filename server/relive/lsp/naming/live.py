"""What the process knows of names that are being written, if it is free to say so soon."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import TypeVar

from relive.lsp.folder_session import FolderSession
from relive.session.naming import CompleteView, Described, DescribeView, Option, Options, Where
from relive.session.values import Gone, NoView
from relive.session.viewing import View
from relive.source.positions import Position
from relive.source.written import Call, Chain, Written, call_at

T = TypeVar("T")

_BUDGET_S = 0.5
"""For an answer: who writes does not wait longer."""
_UNNAMED = re.compile(r"\s*[:=].*", re.DOTALL)
"""What stands behind the name of a parameter: an annotation, a default."""


class BusyError(Exception):
    """The process has something else to do."""


async def options(
    session: FolderSession, where: Where, written: Written, text: str, position: Position
) -> Options:
    """Return how what is written can go on; raises BusyError."""
    if written.kind == "import":
        return Options((), incomplete=False)
    call = call_at(text, position) if written.kind == "name" else None
    around = None if call is None or call.keyword is not None else call.chain
    view = CompleteView(where, written.kind, written.prefix, written.chain, around)
    found = await _asked(session, view) or Options((), incomplete=False)
    return Options(meant(found.items, written), found.incomplete)


def meant(found: Iterable[Option], written: Written) -> tuple[Option, ...]:
    """Return the options that can stand where something is written: no numbers in quotes."""
    return tuple(each for each in found if not (written.quote and each.kind == "number"))


async def described(session: FolderSession, where: Where, chain: Chain) -> Described | None:
    """Return what a chain stands for; None: it is not known. Raises BusyError."""
    return await _asked(session, DescribeView(where, chain))


async def _asked(session: FolderSession, view: View[T]) -> T | None:
    if session.info.state in ("busy", "starting"):
        raise BusyError
    try:
        answer = await asyncio.wait_for(session.view(view), _BUDGET_S)
    except asyncio.TimeoutError:
        raise BusyError from None
    return None if isinstance(answer, (Gone, NoView)) else answer


def inserted(option: Option, written: Written) -> str:
    """Return what is written for an option: a key in its quotes, unless they are there."""
    if written.kind != "key" or option.kind == "number":
        return option.label
    return _in_quotes(option.label, written.quote) if written.quote else repr(option.label)


def _in_quotes(key: str, quote: str) -> str:
    """Return what stands for a key between quotes of that kind."""
    text = repr(key)
    inside = text[1:-1]
    return inside if text[0] == quote else inside.replace(quote, f"\\{quote}")


def active_parameter(parameters: list[str], call: Call) -> int | None:
    """Return which of the parameters a place is at."""
    names = [_UNNAMED.sub("", each) for each in parameters]
    if call.keyword is not None:
        return names.index(call.keyword) if call.keyword in names else None
    star = next((n for n, name in enumerate(names) if _is_star(name)), len(names))
    given = [n for n, name in enumerate(names[:star]) if name != "/" and name[:1] != "*"]
    if call.argument < len(given):
        return given[call.argument]
    return star if names[star : star + 1] not in ([], ["*"]) else None


def _is_star(name: str) -> bool:
    """Whether what follows has to be given by name."""
    return name[:1] == "*" and name[:2] != "**"
