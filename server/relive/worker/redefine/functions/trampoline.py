"""Letting a live function run code that has other free variables than its own.

A function's cells are fixed when it is made; CPython accepts only code with as many free variables.
When the new code has more or fewer (a method that starts to use `super()`, a closure that lost a
variable), the live function gets a small code of the right shape that passes every call on to a new
function with the right cells. The new function sits among the code's constants, so no name is
looked up. Parameters and kind (generator, coroutine, ...) are those of the new function, so that
`inspect` sees what it would see there.

The constants end with the mark, the target and the names of the cells, by which such a function
is known when it is changed again.
"""

from __future__ import annotations

from types import CellType, CodeType, FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from relive.worker.redefine.applying.transaction import Transaction
    from relive.worker.redefine.reading.codes import Coded

DEFAULTS = ("__defaults__", "__kwdefaults__")
_TARGET = "@relive target"
_MARK = "@relive passes on"
_PRIVATE_MARK = "@relive is run by"
"""The mark where nobody but the live function has the target."""
_CELL = "_relive_cell_{:03}"

_BODIES = {
    "plain": "return {call}",
    "generator": "return (yield from {call})",
    "coroutine": "return await {call}",
    "async generator": """
        _relive_target = {call}
        try:
            _relive_value = await _relive_target.__anext__()
            while True:
                try:
                    _relive_value = yield _relive_value
                except GeneratorExit:
                    await _relive_target.aclose()
                    raise
                except BaseException as error:
                    _relive_value = await _relive_target.athrow(error)
                else:
                    _relive_value = await _relive_target.asend(_relive_value)
        except StopAsyncIteration:
            return""",
}
_VARARGS, _VARKEYWORDS, _GENERATOR, _COROUTINE = 0x4, 0x8, 0x20, 0x80
_ITERABLE_COROUTINE, _ASYNC_GENERATOR = 0x100, 0x200
"""Flags of code objects; `inspect` has them too, but is much to load."""


def target_of(function: FunctionType) -> Any:
    """Return what a live function passes its calls on to; None if it runs code of its own."""
    is_one = _mark_of(function) in (_MARK, _PRIVATE_MARK)
    return function.__code__.co_consts[-2] if is_one else None


def other_self_of(function: FunctionType) -> FunctionType | None:
    """Return the function that runs a live function's code for it, and that nobody else has."""
    is_one = _mark_of(function) == _PRIVATE_MARK
    return function.__code__.co_consts[-2] if is_one else None


def passes_on(code: CodeType) -> bool:
    """Whether code passes calls on to what took a function's place."""
    return _mark_in(code) == _MARK


def is_same_passing(code: CodeType, other: CodeType) -> bool:
    """Whether two codes are one, or pass calls on to one target, whatever that takes by now."""
    both = passes_on(code) and passes_on(other)
    return code is other or (both and code.co_consts[-2] is other.co_consts[-2])


def _mark_of(function: FunctionType) -> str | None:
    return _mark_in(function.__code__)


def _mark_in(code: CodeType) -> str | None:
    consts = code.co_consts
    return consts[-1] if consts and type(consts[-1]) is str else None


def cells_of(function: FunctionType) -> dict[str, CellType]:
    """Return the cells of a function by the names of its variables."""
    names = function.__code__.co_freevars
    if target_of(function) is not None:
        names = function.__code__.co_consts[-3]
    return dict(zip(names, function.__closure__ or ()))


def fitted(
    code: CodeType, live: FunctionType, supplied: dict[str, CellType] | None = None
) -> CodeType | None:
    """Return what makes `live` run `code` with its own cells; None if it lacks one.

    Args:
        code: the new code.
        live: the function that is to run it.
        supplied: cells that are at hand besides its own.
    """
    own = cells_of(live)
    if code.co_freevars == tuple(own):
        return code
    cells = {**(supplied or {}), **own}
    if any(name not in cells for name in code.co_freevars):
        return None
    closure = tuple(cells[name] for name in code.co_freevars)
    target = FunctionType(code, live.__globals__, live.__name__, None, closure)
    target.__qualname__ = live.__qualname__
    return trampoline(target, live, _PRIVATE_MARK)


def trampoline(
    target: Callable[..., Any],
    live: FunctionType,
    mark: str = _MARK,
    code: CodeType | None = None,
    *,
    takes_any: bool = False,
) -> CodeType:
    """Return code that calls `target` and fits into `live`.

    Args:
        target: what is called.
        live: the function that is to run the code.
        mark: what tells that it does.
        code: what `target` is to run, if it is not what it runs.
        takes_any: whether it passes on whatever it is given, and not the parameters of `target`.
    """
    shape = code or (target.__code__ if isinstance(target, FunctionType) else None)
    text = _source(shape, len(live.__code__.co_freevars), takes_any=takes_any)
    made = _compiled(text, live.__code__.co_filename)
    shown: Any = shape or getattr(target, "__code__", live.__code__)
    as_shown = {
        name: getattr(shown, name) for name in ("co_name", "co_qualname") if hasattr(shown, name)
    }
    consts = [target if const == _TARGET else const for const in made.co_consts]
    return made.replace(
        co_consts=(*consts, tuple(cells_of(live)), target, mark),
        co_firstlineno=shown.co_firstlineno,
        co_flags=made.co_flags | (shown.co_flags & _ITERABLE_COROUTINE),
        **as_shown,
    )


def _compiled(text: str, file: str) -> CodeType:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "'str' object is not callable": it will not be one
        module = compile(text, file, "exec", dont_inherit=True)
    outer = next(each for each in module.co_consts if isinstance(each, CodeType))
    return next(each for each in outer.co_consts if isinstance(each, CodeType))


def _source(code: CodeType | None, cells: int, *, takes_any: bool) -> str:
    parameters, passed = _arguments(None if takes_any else code)
    names = [_CELL.format(number) for number in range(cells)]
    kind = "plain" if code is None else _kind(code.co_flags)
    text = "def outer():\n"
    text += "".join(f"    {name} = None\n" for name in names)
    text += f"    {'async ' * kind.startswith(('async', 'co'))}def passed_on({parameters}):\n"
    text += f"        if 0: {', '.join(names) or '0'}\n"
    return text + f"        {_BODIES[kind].format(call=f'{_TARGET!r}({passed})')}\n"


def _kind(flags: int) -> str:
    if flags & _ASYNC_GENERATOR:
        return "async generator"
    if flags & _COROUTINE:
        return "coroutine"
    return "generator" if flags & _GENERATOR else "plain"


def _arguments(code: CodeType | None) -> tuple[str, str]:
    """Return the parameters of `code` as text, and how to pass them on one by one."""
    if code is None:
        return "*arguments, **keywords", "*arguments, **keywords"
    names = list(code.co_varnames)
    positional, rest = names[: code.co_argcount], names[code.co_argcount :]
    keyword, rest = rest[: code.co_kwonlyargcount], rest[code.co_kwonlyargcount :]
    star = f"*{rest.pop(0)}" if code.co_flags & _VARARGS else ""
    stars = [f"**{rest.pop(0)}"] if code.co_flags & _VARKEYWORDS else []
    only = code.co_posonlyargcount
    declared = [*positional[:only], *(["/"] if only else []), *positional[only:]]
    declared += [star or "*"] if star or keyword else []
    handed = [*positional, *([star] if star else []), *(f"{each}={each}" for each in keyword)]
    return ", ".join([*declared, *keyword, *stars]), ", ".join([*handed, *stars])


def plan_passing_on(
    held: FunctionType, target: Any, transaction: Transaction, *, is_noted: bool = False
) -> None:
    """Plan that a function passes its calls on to `target`.

    `is_noted`: the text of `target` knows of it, and has it take other parameters and defaults
    when those of `target` become others. It has them then; else it takes whatever it is given.
    """
    code = trampoline(target, held, takes_any=not is_noted)
    transaction.set_attribute(held, "__code__", code)
    if is_noted and isinstance(target, FunctionType):
        for name in DEFAULTS:
            transaction.set_attribute(held, name, getattr(target, name))


def passing_on_to(target: Any, text: Coded) -> list[FunctionType]:
    """Return the functions, of those that a text knows, that pass their calls on to `target`."""
    known = [each() for each in text.stand_ins]
    return [each for each in known if each is not None and target_of(each) is target]


def plan_own_code(function: Any, codes: Sequence[CodeType], transaction: Transaction) -> None:
    """Plan that a function which passes calls on to what took its place runs its own code again."""
    if not isinstance(function, FunctionType) or not codes or function.__code__ is codes[0]:
        return
    if len(codes[0].co_freevars) == len(function.__code__.co_freevars):
        transaction.set_attribute(function, "__code__", codes[0])
