"""What a failed request is answered with: a code, and a sentence that says what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import cattrs
from lsprotocol import types
from pygls.exceptions import JsonRpcException


class RefusedError(Exception):
    """The request cannot be served. The message is for the user and says what to do."""

    def __init__(self, message: str, code: int = types.LSPErrorCodes.RequestFailed) -> None:
        super().__init__(message)
        self.code = int(code)


class BadArgumentError(RefusedError):
    """The request itself is wrong: a mistake in the client."""

    def __init__(self, message: str) -> None:
        super().__init__(message, types.ErrorCodes.InvalidParams)

    @classmethod
    def of(cls, error: Exception) -> BadArgumentError:
        """Return what to say when the converter finds that parameters do not fit."""
        if isinstance(error, cattrs.BaseValidationError):
            details = cattrs.transform_error(error, path="params")
        else:
            details = [str(error)]
        return cls("The request's parameters do not fit: " + "; ".join(details) + ".")


class BadMessageError(RefusedError):
    """What came is not a request that can be understood."""

    def __init__(self, message: str, code: int = types.ErrorCodes.InvalidRequest) -> None:
        super().__init__(message, code)


@contextmanager
def refused_if(reason: type[Exception]) -> Iterator[None]:
    """Have what raises `reason` be refused, in the words of that."""
    try:
        yield
    except reason as error:
        raise RefusedError(str(error)) from error


def response_error(error: BaseException) -> types.ResponseError:
    """Return what the client is told about `error`."""
    if isinstance(error, RefusedError):
        return types.ResponseError(error.code, str(error))
    if isinstance(error, asyncio.CancelledError):
        code = types.LSPErrorCodes.RequestCancelled
        return types.ResponseError(int(code), "The request was cancelled.")
    if isinstance(error, JsonRpcException):
        return types.ResponseError(error.code, error.message)
    return types.ResponseError(
        int(types.ErrorCodes.InternalError),
        f"Relive failed on this request ({type(error).__name__}: {error}). "
        "The session is unharmed. This is a defect; the server's log has the details.",
    )


def is_defect(error: BaseException) -> bool:
    """Whether `error` is a mistake of ours, which belongs in the log with its traceback."""
    return response_error(error).code == types.ErrorCodes.InternalError
