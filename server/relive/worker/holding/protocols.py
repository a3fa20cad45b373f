"""Exceptions that are no errors: what a protocol or an end is told by."""

from __future__ import annotations

from relive.worker.holding.bytecode import MINOR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

    from relive.worker.holding.bytecode import Code, Instruction
    from relive.worker.holding.stacks import Flow

_ENDS = (GeneratorExit, SystemExit, KeyboardInterrupt)
_TOLD: dict[str, tuple[type[BaseException], ...]] = {
    "__getattr__": (AttributeError,),
    "__getattribute__": (AttributeError,),
    "__get__": (AttributeError,),
    "__next__": (StopIteration,),
    "__anext__": (StopAsyncIteration,),
    "__getitem__": (IndexError, KeyError),
    "__missing__": (KeyError,),
    "__index__": (TypeError,),
    "__len__": (TypeError,),
    "__iter__": (TypeError,),
    "__length_hint__": (TypeError,),
    "__fspath__": (TypeError,),
}
"""By method: what it raises to say that there is none."""
_ASKING: dict[str, tuple[Any, type[BaseException], int]] = {
    "hasattr": (hasattr, AttributeError, 2),
    "getattr": (getattr, AttributeError, 3),
    "next": (next, StopIteration, 2),
}
"""Builtins that catch what a function of the user's raises inside them, called with so many
arguments."""
_CALLS = ("CALL", "PRECALL")
"""Instructions that call; the latter does so for builtins, in 3.11."""
ASKED = (AttributeError, StopIteration, StopAsyncIteration)
"""What they catch, and what ends an iteration."""
_ENDED: dict[str, type[BaseException]] = {
    "__next__": StopIteration,
    "__anext__": StopAsyncIteration,
}
"""What these mean to let out, whoever raised it for them."""


def is_protocol(frame: FrameType, error: BaseException) -> bool:
    """Whether `error`, raised in `frame`, is something that its caller looks for."""
    if isinstance(error, _ENDS) or type(error).__name__ in ("CancelledError", "Cancelled"):
        return True
    return isinstance(error, _TOLD.get(frame.f_code.co_name, ()))


def is_end(code: Code, error: BaseException) -> bool:
    """Whether `error`, raised in what `code` calls, ends an iteration by it."""
    kind = _ENDED.get(code.co_name)
    return kind is not None and isinstance(error, kind)


def may_ask(code: Code) -> bool:
    """Whether one of those builtins is named in `code` at all."""
    return not _ASKING.keys().isdisjoint(code.co_names)


def asking(code: Code, flow: Flow, unit: int) -> str | None:
    """Return the builtin that is called by the instruction at `unit`, by its name."""
    call = flow.at(unit)
    stack = () if call is None else flow.before.get(call.start, ())
    if call is None or call.name not in _CALLS:
        return None
    # In 3.11 the arguments count as gone there. Below them are the callable and, in an order that
    # depends on the version, what may be its `self`.
    end = len(stack) - (call.arg if MINOR > 11 or call.name == "PRECALL" else 0)
    for item in stack[max(end - 2, 0) : end]:
        put = flow.at(item.origin)
        name = None if put is None else _named(code, put)
        if name in _ASKING and call.arg >= _ASKING[name][2]:
            return name
    return None


def answers(name: str, frame: FrameType, error: BaseException) -> bool:
    """Whether `error` is an answer to what `frame` asks by the builtin of that name."""
    function, catches, _ = _ASKING[name]
    meant = frame.f_globals.get(name, frame.f_builtins.get(name))
    return meant is function and isinstance(error, catches)


def _named(code: Code, put: Instruction) -> str | None:
    """Return the global name that an instruction puts on the stack."""
    if put.name == "LOAD_GLOBAL":
        return str(code.co_names[put.arg >> 1])
    return str(code.co_names[put.arg]) if put.name == "LOAD_NAME" else None
