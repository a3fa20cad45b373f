"""Comparing code objects: whether two do the same, and which functions inside them correspond.

A code object is what live functions can be found by, whoever holds them; so the image keeps those
that a definition's functions run. Comprehensions and the hidden scopes of type parameters are
looked through: whether the compiler makes code objects of them depends on Python's version.
"""

from __future__ import annotations

from types import CellType, CodeType, FunctionType

from relive.worker.compiling import plain
from relive.worker.redefine.functions.trampoline import other_self_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any
    from weakref import ref

_FIELDS = ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags")
_ARGUMENTS = ("co_argcount", "co_posonlyargcount", "co_kwonlyargcount")
_HANDLERS = "co_exceptiontable"
"""Where `try` blocks begin and end, from 3.11 on."""
_COMPREHENSIONS = ("<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>")
_REMEMBERED = 20
"""Earlier runs of a statement whose functions still follow."""
_GENERATOR, _ITERABLE_COROUTINE = 0x20, 0x100
_OPTIMIZED = 0x1
"""Set for code with fast locals: a function's, and not a class body's."""


class Coded:
    """A piece of text that functions are made from, and how to find them."""

    shift = 0
    """Lines to add to those of the node, to get those of the file."""

    def __init__(self, node: ast.stmt) -> None:
        self.node = node
        self.codes: Sequence[CodeType] = ()
        """What functions made from it run; those inside these codes are found in them."""
        self.older: Sequence[Sequence[CodeType]] = ()
        """The same of texts before, where functions could not be changed and still run it."""
        self.stand_ins: Sequence[ref[FunctionType]] = ()
        """Functions that pass their calls on."""

    def take_over(self, old: Coded) -> None:
        """Take what is known of the live program from the same text read before."""
        self.codes, self.older, self.stand_ins = old.codes, old.older, old.stand_ins

    def succeed(self, old: Coded) -> None:
        """Take over who is still to be reached when the text changes from `old` to this one."""
        self.older = old.older[-_REMEMBERED:]
        self.stand_ins = tuple(each for each in old.stand_ins if each() is not None)

    def outlive(self, old: Coded) -> None:
        """Remember functions made from the same text before, when it has run anew."""
        self.older = tuple(codes for codes in (old.codes, *old.older) if codes)[:_REMEMBERED]
        self.stand_ins = old.stand_ins


class Pair:
    """Code before and after an edit, and who runs it."""

    def __init__(self, old: CodeType, new: CodeType, *, outermost: bool = False) -> None:
        self.old = old
        self.new = new
        self.outermost = outermost
        """Whether it stands in no function of the same text."""
        self.functions: list[FunctionType] = []
        """The live functions known to run the old code."""
        self.passing: dict[int, FunctionType] = {}
        """Those that pass calls on to one of the former, by its id."""

    @property
    def stays(self) -> bool:
        """Whether who runs the old code runs the new already: it is the same object."""
        return self.new is self.old

    @property
    def live(self) -> list[FunctionType]:
        """The functions that others hold."""
        own = [each for each in self.functions if id(each) not in self.passing]
        return [*own, *self.passing.values()]


def same_code(old: CodeType, new: CodeType, *, lines: bool = True) -> bool:
    """Whether two code objects do the same; with `lines`, at the same lines too."""
    old, new = plain(old), plain(new)
    if lines and not _same_lines(old, new):
        return False
    if any(getattr(old, field) != getattr(new, field) for field in (*_FIELDS, *_ARGUMENTS)):
        return False
    if getattr(old, _HANDLERS, None) != getattr(new, _HANDLERS, None):
        return False
    return old.co_name == new.co_name and _same_constants(old.co_consts, new.co_consts, lines)


def _same_lines(old: CodeType, new: CodeType) -> bool:
    table = "co_linetable" if hasattr(old, "co_linetable") else "co_lnotab"
    same = getattr(old, table) == getattr(new, table)
    return same and old.co_firstlineno == new.co_firstlineno


def _same_constants(old: tuple[Any, ...], new: tuple[Any, ...], lines: bool) -> bool:
    return len(old) == len(new) and all(
        _same_constant(one, other, lines) for one, other in zip(old, new)
    )


def _same_constant(old: Any, new: Any, lines: bool) -> bool:
    if type(old) is not type(new):
        return False
    if isinstance(old, CodeType):
        return same_code(old, new, lines=lines)
    if isinstance(old, tuple):
        return _same_constants(old, new, lines)
    if isinstance(old, (float, complex)):
        return repr(old) == repr(new)  # 0.0 equals -0.0
    return bool(old == new)


def moved(code: CodeType, lines: int) -> CodeType:
    """Return what the same text is compiled to so many lines further down."""
    if not lines:
        return code
    inner = (moved(each, lines) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_firstlineno=code.co_firstlineno + lines, co_consts=tuple(inner))


def marked_as(code: CodeType, old: CodeType) -> CodeType:
    """Return code that `await` takes, if the old is: a decorator has marked it, and not the text.

    That is `types.coroutine`, which changes the code of the generator it is given.
    """
    flags = code.co_flags | (old.co_flags & _ITERABLE_COROUTINE)
    is_to_be = flags != code.co_flags and code.co_flags & _GENERATOR and code.co_name == old.co_name
    return code.replace(co_flags=flags) if is_to_be else code


def children(code: CodeType) -> list[CodeType]:
    """Return the functions and class bodies directly inside, in the order they are compiled."""
    found: list[CodeType] = []
    for const in code.co_consts:
        if isinstance(const, CodeType):
            found += children(const) if _is_looked_through(const) else [const]
    return found


def making(code: CodeType, known: Iterable[CodeType]) -> CodeType:
    """Return code that does what `code` does, with functions of `known` code where it is the same.

    By these they are found afterwards.
    """
    return _with(code, list(known))


def _with(code: CodeType, left: list[CodeType]) -> CodeType:
    return code.replace(co_consts=tuple(_known(each, left) for each in code.co_consts))


def _known(const: Any, left: list[CodeType]) -> Any:
    """Return what is left of known code in the place of the same; it is taken out."""
    if not isinstance(const, CodeType):
        return const
    if _is_looked_through(const):
        return _with(const, left)
    place = next((n for n, each in enumerate(left) if same_code(each, const)), None)
    return const if place is None else left.pop(place)


def _is_looked_through(code: CodeType) -> bool:
    name = code.co_name
    return name in _COMPREHENSIONS or name.startswith("<generic parameters of ")


def is_class_body(code: CodeType) -> bool:
    """Whether `code` is that of a class statement's body."""
    return not code.co_flags & _OPTIMIZED


def documentation(code: CodeType) -> str | None:
    """Return the docstring that a function made from `code` has."""
    cells = tuple(CellType() for _ in code.co_freevars)
    return FunctionType(code, {}, None, None, cells).__doc__


def pairs_between(old: Coded, new: Coded) -> list[Pair]:
    """Pair all functions of a text before and after an edit."""
    pairs = [pair for codes in (old.codes, *old.older) for pair in paired(codes, new.codes)]
    for reference in old.stand_ins:
        stand_in = reference()
        target = None if stand_in is None else other_self_of(stand_in)
        for pair in pairs:
            if stand_in and target and target.__code__ is pair.old:
                pair.functions.append(target)
                pair.passing[id(target)] = stand_in
    return pairs


def paired(
    old: Iterable[CodeType], new: Iterable[CodeType], *, outermost: bool = True
) -> Iterator[Pair]:
    """Pair functions: same name in the same parent, equal ones first, then in order.

    Those inside paired functions and class bodies are paired in their turn.
    """
    before, after = list(old), list(new)
    for one, other in [*_matched(before, after, equal=True), *_matched(before, after, equal=False)]:
        if not is_class_body(one):
            yield Pair(one, other, outermost=outermost)
        yield from paired(children(one), children(other), outermost=False)


def paired_in_place(
    old: Iterable[CodeType], new: Iterable[CodeType], *, outermost: bool = True
) -> Iterator[Pair]:
    """Pair the functions of a text with those of the same text elsewhere: nothing is compared."""
    for one, other in zip(old, new):
        if not is_class_body(one):
            yield Pair(one, other, outermost=outermost)
        yield from paired_in_place(children(one), children(other), outermost=False)


def _matched(
    before: list[CodeType], after: list[CodeType], *, equal: bool
) -> list[tuple[CodeType, CodeType]]:
    """Take out of both lists what corresponds."""
    found = []
    for one in list(before):
        match = next((each for each in after if _corresponds(one, each, equal)), None)
        if match is not None:
            before.remove(one)
            after.remove(match)
            found.append((one, match))
    return found


def _corresponds(one: CodeType, other: CodeType, equal: bool) -> bool:
    if one.co_name != other.co_name or is_class_body(one) != is_class_body(other):
        return False
    return not equal or same_code(one, other, lines=False)
