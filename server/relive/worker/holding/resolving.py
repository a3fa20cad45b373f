"""What an expression in a live frame means, as far as nothing of the user's has to run for it.

Its instructions are read once; the reading made of them is then asked about each frame.
"""

from __future__ import annotations

from types import ModuleType

from relive.worker.holding.bytecode import slot_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from relive.worker.holding.bytecode import Code, Instruction
    from relive.worker.holding.stacks import Flow

    Reading = Callable[[Any], Any]
    """Given a frame, or what stands for one, returns a value or `UNKNOWN`."""


class Unknown:
    """What cannot be told."""


UNKNOWN = Unknown()


class Called:
    """The result of a call that is not made."""

    def __init__(self, function: Any, arguments: list[Any]) -> None:
        self.function = function
        self.arguments = arguments


def manager(code: Code, flow: Flow, enters: int) -> Reading:
    """Return a reading of what the `with` whose instruction is at `enters` is given."""
    end = flow.index[enters]
    below = len(flow.before[enters]) - 1
    begin = end
    while begin > 0:
        begin -= 1
        stack = flow.before.get(flow.instructions[begin].start)
        if stack is None or len(stack) < below:
            return _unknown
        if len(stack) == below:
            break
    return value(code, flow, begin, end)


def value(code: Code, flow: Flow, begin: int, end: int) -> Reading:
    """Return a reading of what the instructions from `begin` to `end`, by number, leave."""
    stack: list[Reading] = []
    for each in flow.instructions[begin:end]:
        if not _step(code, each, stack):
            return _unknown
    return stack[-1] if stack else _unknown


def _step(code: Code, each: Instruction, stack: list[Reading]) -> bool:
    """Do to readings what an instruction does to values; False: nobody knows what."""
    name, arg = each.name, each.arg
    if name in ("PUSH_NULL", "PRECALL", "KW_NAMES", "NOP", "CACHE"):
        return True
    if name == "LOAD_GLOBAL":
        stack.append(_global(code.co_names[arg >> 1]))
    elif name == "LOAD_NAME":
        stack.append(_local(code.co_names[arg]))
    elif name == "LOAD_CONST":
        stack.append(_constant(code.co_consts[arg]))
    elif name in ("LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_DEREF", "LOAD_CLASSDEREF"):
        stack.append(_local(slot_names(code)[arg]))
    elif name in ("LOAD_ATTR", "LOAD_METHOD") and stack:
        is_shifted = name == "LOAD_ATTR" and hasattr(type, "__type_params__")
        stack.append(_attribute(stack.pop(), code.co_names[arg >> is_shifted]))
    elif name == "BUILD_TUPLE" and len(stack) >= arg:
        stack[len(stack) - arg :] = [_tuple(stack[len(stack) - arg :])]
    elif name == "CALL" and len(stack) > arg:
        function, *arguments = stack[len(stack) - arg - 1 :]
        stack[len(stack) - arg - 1 :] = [_call(function, arguments)]
    else:
        return False
    return True


def _unknown(_frame: Any) -> Any:
    return UNKNOWN


def _constant(value: Any) -> Reading:
    return lambda _frame: value


def _global(name: str) -> Reading:
    def read(frame: Any) -> Any:
        found = frame.f_globals.get(name, UNKNOWN)
        return frame.f_builtins.get(name, UNKNOWN) if found is UNKNOWN else found

    return read


def _local(name: str) -> Reading:
    outside = _global(name)

    def read(frame: Any) -> Any:
        found = frame.f_locals.get(name, UNKNOWN)
        return outside(frame) if found is UNKNOWN else found

    return read


def _attribute(owner: Reading, name: str) -> Reading:
    return lambda frame: _attribute_of(owner(frame), name)


def _tuple(items: list[Reading]) -> Reading:
    return lambda frame: tuple([each(frame) for each in items])


def _call(function: Reading, arguments: list[Reading]) -> Reading:
    return lambda frame: Called(function(frame), [each(frame) for each in arguments])


def _attribute_of(owner: Any, name: str) -> Any:
    """Return an attribute of a module, or what a class has for one of its instances."""
    if isinstance(owner, ModuleType):
        return vars(owner).get(name, UNKNOWN)
    if isinstance(owner, Unknown):
        return UNKNOWN
    for cls in type.mro(owner) if isinstance(owner, type) else type(owner).__mro__:
        if name in vars(cls):
            return vars(cls)[name]
    return UNKNOWN
