"""Looking at values: `relive.inspect`, and the `relive.value…` commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from relive.lsp import commands, convert, value_protocol
from relive.lsp.daemon import Daemon
from relive.lsp.documents import file_of
from relive.lsp.failures import RefusedError
from relive.session import values
from relive.session.viewing import (
    ChildrenView,
    Inspection,
    MimesView,
    MimeView,
    TableView,
    TextView,
    View,
)

T = TypeVar("T")
M = TypeVar("M")


def register(daemon: Daemon) -> None:
    """Offer looks at values to the client."""
    on_command = daemon.server.on_command

    def offer(name: str, params: type[Any], view: Callable[[Any], View[T]], to: _To[T, M]) -> None:
        async def handle(asked: Any) -> M | value_protocol.Gone:
            answer = await daemon.sessions.chosen(asked.uri).view(view(asked))
            return _told(answer, to)

        on_command(name, params, handle)

    offer(commands.INSPECT, commands.InspectParams, _inspection, convert.inspected)
    offer(commands.VALUE_TEXT, commands.ValueParams, _text, convert.value_text)
    offer(commands.VALUE_MIMES, commands.ValueParams, _mimes, convert.mimes)
    offer(commands.VALUE_MIME, commands.ValueMimeParams, _mime, convert.mime)
    offer(commands.VALUE_CHILDREN, commands.ValueChildrenParams, _children, convert.children)
    offer(commands.VALUE_TABLE, commands.ValueTableParams, _table, convert.table)


_To = Callable[[T], M]


def _told(answer: T | values.Gone | values.NoView, to: _To[T, M]) -> M | value_protocol.Gone:
    if isinstance(answer, values.Gone):
        return value_protocol.Gone(answer.gone)
    if isinstance(answer, values.NoView):
        raise RefusedError(answer.reason)
    return to(answer)


def _inspection(params: commands.InspectParams) -> Inspection:
    return Inspection(params.expression, file_of(params.uri))


def _text(params: commands.ValueParams) -> TextView:
    return TextView(params.ref)


def _mimes(params: commands.ValueParams) -> MimesView:
    return MimesView(params.ref)


def _mime(params: commands.ValueMimeParams) -> MimeView:
    return MimeView(params.ref, params.mime)


def _children(params: commands.ValueChildrenParams) -> ChildrenView:
    return ChildrenView(params.ref, tuple(params.path or ()), params.start, params.count)


def _table(params: commands.ValueTableParams) -> TableView:
    sort = params.sort
    return TableView(
        ref=params.ref,
        start=params.start,
        count=params.count,
        first_column=params.first_column or 0,
        column_count=100 if params.column_count is None else params.column_count,
        sort=None if sort is None else sort.column,
        descending=sort is not None and bool(sort.descending),
    )
