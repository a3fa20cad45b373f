"""Letting a live function run code that has other free variables than its own.

A function's cells are fixed when it is made; CPython accepts only code with as many free variables.
When the new code has more or fewer (a method that starts to use `super()`, say), the live function
gets a small code of the right shape that passes every call on to a new function. The new function
sits among the code's constants, so no name is looked up.
"""

from __future__ import annotations

from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_TARGET = "@target"


def trampoline(target: Callable[..., Any], live: FunctionType) -> FunctionType:
    """Return a function whose code calls `target` and fits into `live`."""
    names = live.__code__.co_freevars
    source = "def outer():\n"
    source += "".join(f"  {name} = None\n" for name in names)
    source += "  def passed_on(*arguments, **keywords):\n"
    source += f"    if 0: {', '.join(names) or '0'}\n"
    source += f"    return {_TARGET!r}(*arguments, **keywords)\n"
    source += "  return passed_on\n"
    scope: dict[str, Any] = {}
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "'str' object is not callable": it will not be one
        exec(compile(source, live.__code__.co_filename, "exec"), scope)
    made: FunctionType = scope["outer"]()
    code = made.__code__
    as_live = {
        name: getattr(live.__code__, name)
        for name in ("co_name", "co_qualname")
        if hasattr(live.__code__, name)
    }
    made.__code__ = code.replace(
        co_consts=tuple(target if const == _TARGET else const for const in code.co_consts),
        co_firstlineno=getattr(target, "__code__", live.__code__).co_firstlineno,
        **as_live,
    )
    return made
