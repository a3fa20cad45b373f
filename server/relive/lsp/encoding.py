"""Places as the client counts and as we do: in UTF-16 units, or as negotiated, and in code points.

Positions are converted here, once, on their way in and on their way out.
"""

from __future__ import annotations

from lsprotocol import types

from relive.source.positions import Position, Range, Table


class Codec:
    """Positions in the encoding that was agreed on with the client."""

    def __init__(self, encoding: str = types.PositionEncodingKind.Utf16) -> None:
        self._encoding = encoding

    def position(self, table: Table, position: types.Position) -> Position:
        """Return the client's `position` as ours; beyond the text it is the nearest place."""
        line, units = position.line, position.character
        if line >= table.count:
            return table.clamp((line, 0))
        if self._encoding == types.PositionEncodingKind.Utf8:
            units = table.utf8_to_codepoint(line, units)
        elif self._encoding == types.PositionEncodingKind.Utf16:
            units = table.utf16_to_codepoint(line, units)
        return table.clamp((line, units))

    def range(self, table: Table, range_: types.Range) -> Range:
        """Return the client's `range_` as ours, its ends in order."""
        ends = self.position(table, range_.start), self.position(table, range_.end)
        return Range(min(ends), max(ends))

    def to_client(self, table: Table, position: Position) -> types.Position:
        """Return our `position` as the client's."""
        line, column = table.clamp(position)
        if self._encoding == types.PositionEncodingKind.Utf8:
            column = len(table.line(line)[:column].encode("utf-8", "surrogatepass"))
        elif self._encoding == types.PositionEncodingKind.Utf16:
            column = table.codepoint_to_utf16(line, column)
        return types.Position(line, column)

    def range_to_client(self, table: Table, range_: Range) -> types.Range:
        """Return our `range_` as the client's."""
        return types.Range(self.to_client(table, range_.start), self.to_client(table, range_.end))
