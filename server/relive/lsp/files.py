"""Texts of files on disk, as Python decodes them."""

from __future__ import annotations

import re
import tokenize
from io import BytesIO, TextIOWrapper
from pathlib import Path

from relive.session.answers import Error
from relive.source.positions import Range
from relive.source.quick_dataclasses import dataclass

_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Undecodable:
    """What a file holds that is no text in the encoding it is read in."""

    data: bytes

    def error(self) -> Error:
        """Say where and why, as Python would if it imported the file."""
        try:
            encoding = _encoding(self.data)
        except SyntaxError as error:  # of no such name, or of a first line that is none of UTF-8
            return self._wrong_in("utf-8") or _error(str(error), 0)
        return self._wrong_in(encoding) or _error(f"{encoding} is no encoding of texts", 0)

    def _wrong_in(self, encoding: str) -> Error | None:
        """Return what is wrong with the first byte that does not fit; None: no byte is."""
        try:
            self.data.decode(encoding)
        except UnicodeDecodeError as error:
            before, byte = error.object[: error.start], error.object[error.start]
            line = len(_LINE_END.findall(before))
            why = f"byte 0x{byte:02x} on line {line + 1} is not {encoding}, as the file is read"
            return _error(why, line)
        except LookupError:
            return None
        return None


def load(file: str) -> str:
    """Return the text of `file`, newlines LF.

    Raises:
        OSError: it is not there, or must not be read.
        SyntaxError, UnicodeDecodeError: it is not in the encoding that it says it is in.
    """
    return _decoded(Path(file).read_bytes())


def read(file: str) -> str | None:
    """Return the text of `file`, newlines LF; None if there is none that can be read."""
    found = look_into(file)
    return found if isinstance(found, str) else None


def look_into(file: str) -> str | Undecodable | None:
    """Return the text of `file`, newlines LF, or what is none; None if it cannot be read at all."""
    try:
        data = Path(file).read_bytes()
    except (OSError, ValueError):
        return None
    try:
        return _decoded(data)
    except (SyntaxError, ValueError):
        return Undecodable(data)


def _decoded(data: bytes) -> str:
    try:
        return TextIOWrapper(BytesIO(data), _encoding(data)).read()
    except LookupError as error:  # such as `rot13`, which makes texts of texts
        raise SyntaxError(str(error)) from error


def _encoding(data: bytes) -> str:
    return tokenize.detect_encoding(BytesIO(data).readline)[0]


def _error(why: str, line: int) -> Error:
    place = Range((line, 0), (line, 0))
    return Error("SyntaxError", f"{why}; what runs stays as it was", range=place)
