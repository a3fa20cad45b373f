"""Exceptions that are no errors: what a protocol or an end is told by."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

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
_ASKING = {"hasattr": AttributeError, "getattr": AttributeError, "next": StopIteration}
"""Builtins that catch what a function of the user's raises inside them."""


def is_protocol(frame: FrameType, error: BaseException) -> bool:
    """Whether `error`, raised in `frame`, is something that its caller looks for."""
    if isinstance(error, _ENDS) or type(error).__name__ in ("CancelledError", "Cancelled"):
        return True
    if isinstance(error, _TOLD.get(frame.f_code.co_name, ())):
        return True
    caller = frame.f_back
    if caller is None or not isinstance(error, (AttributeError, StopIteration)):
        return False
    asking = [name for name, type_ in _ASKING.items() if isinstance(error, type_)]
    return any(name in caller.f_code.co_names for name in asking)
