"""A function's newest code, entered at one of its statements instead of at its start.

The text is compiled again with two marks in it: names that no program can have. One, at the start,
leaves room for a jump behind the code; there variables, cells and what the blocks around the
statement keep on the stack are put in place, and a jump leads back to the other mark, before the
statement. The compiler is made to believe that any variable may be unbound there.
"""

from __future__ import annotations

import ast
from types import CellType, FunctionType

from relive.worker.holding.bytecode import OPS, Assembler, codes_in
from relive.worker.holding.dress import Dressing, dressed
from relive.worker.holding.going_on import Refused
from relive.worker.holding.paths import block_of, statements_on
from relive.worker.holding.stacks import BEFORE, RAISED, Flow
from relive.worker.scoping import names_bound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from relive.worker.holding.bytecode import Code
    from relive.worker.holding.paths import Path
    from relive.worker.holding.texts import Body

_START, _HERE = "@start", "@here"


class Way:
    """One place in compiled code at which a statement begins; `finally` blocks have several."""

    def __init__(self, entry: int, kinds: list[str]) -> None:
        self.entry = entry
        self.kinds = kinds
        """Of what blocks keep on the stack there."""


class Variant:
    """Code compiled to be entered at a statement."""

    def __init__(self, body: Body, path: Path, code: Code, *, at_next: bool) -> None:
        """Compile; `code` is what the text was compiled to without marks.

        With `at_next` the path leads into a loop's body, and where the loop takes its next item is
        what is to be entered.

        Raises:
            Refused: the compiler has left the statement out.
        """
        self._at_next = at_next
        self._marked = _compiled(body, path, code)
        self.flow = Flow(self._marked.co_code, self._marked.co_exceptiontable)
        self._start, self._here = self._find(_START), self._find(_HERE)
        if not self._start or not self._here:
            raise Refused("the interpreter leaves this statement out: it can never run")
        self.flow.marks = [range(place, self._entry(place)) for place in self._here]

    def ways(self) -> list[Way]:
        """Return the places at which the statement begins."""
        entries = [self._entry(place) for place in self._here]
        if self._at_next:
            entries = [self._next(entry) for entry in entries]
        return [
            Way(entry, [each.known.kind for each in self.flow.before[entry]]) for entry in entries
        ]

    def _next(self, entry: int) -> int:
        """Return where the loop around the place takes its next item."""
        iterator = self.flow.before[entry][-1].known
        for each in self.flow.instructions:
            stack = self.flow.before.get(each.start)
            if each.name in ("FOR_ITER", "GET_ANEXT") and stack and stack[-1].known is iterator:
                return each.start
        raise Refused("the loop cannot be entered from outside")

    @property
    def code(self) -> Code:
        """The code with its marks."""
        return self._marked

    def function(
        self,
        way: Way,
        values: dict[str, Any],
        cells: dict[str, CellType],
        stack: list[Any],
        scope: dict[str, Any],
    ) -> FunctionType:
        """Return a function that runs the code from `way` on; to be called once, with nothing.

        Args:
            way: the place.
            values: of variables, by name.
            cells: by name.
            stack: what is kept on the stack at the place.
            scope: the module's names.
        """
        code = self._marked
        own = {name: cells.get(name) or _cell(values, name) for name in code.co_cellvars}
        stores = self._stores(values, own)
        given = [tuple(value for _, value in stores), *stack]
        made = self._assembled(way, [slot for slot, _ in stores], _Given(given))
        closure = tuple(cells[name] for name in code.co_freevars)
        count = code.co_argcount
        function = FunctionType(made, scope, code.co_name, (None,) * count, closure)
        only = code.co_varnames[count : count + code.co_kwonlyargcount]
        function.__kwdefaults__ = dict.fromkeys(only)
        return function

    def _stores(self, values: dict[str, Any], cells: dict[str, CellType]) -> list[tuple[int, Any]]:
        """Return which slots get what."""
        code = self._marked
        slots = list(dict.fromkeys((*code.co_varnames, *code.co_cellvars)))
        if not code.co_flags & 0x1:
            return []
        return [
            (slot, cells.get(name, values.get(name)))
            for slot, name in enumerate(slots)
            if (name in cells or name in values) and name not in code.co_freevars
        ]

    def _assembled(self, way: Way, slots: list[int], given: _Given) -> Code:
        code = self._marked
        write = Assembler(len(code.co_code) // 2)
        const = len(code.co_consts)
        self._write_names(write, slots, const, code)
        for place, kind in enumerate(way.kinds):
            if kind == RAISED:
                continue  # it came with what was before it
            write.begin_call(const)
            write.call(0)
            if kind == BEFORE:
                write.op("PUSH_EXC_INFO")
                if way.kinds[place + 1 : place + 2] != [RAISED]:
                    write.op("POP_TOP")
        write.jump_back(way.entry)
        raw = bytearray(code.co_code)
        for place in self._start:
            _jump(raw, place, len(raw) // 2)
        for place in self._here:
            _jump(raw, place, self._entry(place))
        prepared = code.replace(
            co_code=bytes(raw),
            co_consts=(*_dressed_inside(code), given),
            co_stacksize=code.co_stacksize + len(slots) + 4,
        )
        return Dressing(prepared, self.flow, write.done()).made()

    def _write_names(self, write: Assembler, slots: list[int], const: int, code: Code) -> None:
        write.begin_call(const)
        write.call(0)
        write.op("UNPACK_SEQUENCE", len(slots))
        for slot in slots:
            write.op("STORE_FAST", slot)
        parameters = code.co_argcount + code.co_kwonlyargcount
        parameters += bool(code.co_flags & 0x4) + bool(code.co_flags & 0x8)
        for slot in range(parameters):
            if slot not in slots and code.co_varnames[slot] not in code.co_cellvars:
                write.op("DELETE_FAST", slot)

    def _find(self, name: str) -> list[int]:
        """Return where the mark `name` is loaded, as far as that can be reached."""
        code = self._marked
        if name not in code.co_names:
            return []
        number = code.co_names.index(name)
        return [
            each.start
            for each in self.flow.instructions
            if each.start in self.flow.before
            and ((each.name == "LOAD_GLOBAL" and each.arg >> 1 == number)
                 or (each.name == "LOAD_NAME" and each.arg == number))
        ]  # fmt: skip

    def _entry(self, place: int) -> int:
        """Return where the statement behind the mark at `place` begins."""
        for each in self.flow.instructions[self.flow.index[place] :]:
            if each.name == "POP_TOP":
                return each.end
            if each.target >= 0:
                return each.target
        raise AssertionError


def _dressed_inside(code: Code) -> list[Any]:
    """Return the constants, with the functions among them as any others of the program are."""
    return [dressed(each) if type(each) is type(code) else each for each in code.co_consts]


class _Given:
    """What a variant is started with, given once, in order."""

    runs_once = True
    """Among the constants of a function it says that the program cannot call that."""

    def __init__(self, values: list[Any]) -> None:
        self._values = values

    def __call__(self) -> Any:
        return self._values.pop(0)


def _cell(values: dict[str, Any], name: str) -> CellType:
    return CellType(values[name]) if name in values else CellType()


def _jump(raw: bytearray, place: int, target: int) -> None:
    """Write a jump forward over a mark."""
    distance = target - place - 2
    raw[2 * place : 2 * place + 4] = bytes(
        [OPS["EXTENDED_ARG"], distance >> 8, OPS["JUMP_FORWARD"], distance & 255]
    )


def _compiled(body: Body, path: Path, code: Code) -> Code:
    """Compile the whole text again with the marks in it, and take the function's code."""
    block = _block_at(body, path)
    place, statement = path[-1][1], block[path[-1][1]]
    start = _starts_at(body)
    here = _mark(_HERE, statement, _unbinding(body, code))
    top = body.statements
    block.insert(place, here)
    top.insert(start, _mark(_START, top[0], []))
    unit = body.unit
    try:
        made: Code = compile(unit.tree, unit.file, unit.kind, unit.flags, dont_inherit=True)
    finally:
        top.pop(start)
        block.remove(here)
    found = _inside(made, code)
    return found.replace(co_firstlineno=found.co_firstlineno + body.shift)


def _block_at(body: Body, path: Path) -> list[ast.stmt]:
    if len(path) == 1:
        return body.statements
    block = block_of(statements_on(body.statements, path[:-1])[-1], path[-1][0])
    assert block is not None
    return block


def _starts_at(body: Body) -> int:
    first = body.statements[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return int(body.is_function and is_text)


def _mark(name: str, at: ast.stmt, unbind: list[str]) -> ast.stmt:
    """Return a statement that the compiler makes something of, and a program never runs."""
    load = ast.Name(name, ast.Load())
    mark: ast.stmt = ast.Expr(load)
    if unbind:
        mark = ast.If(load, [ast.Delete([ast.Name(each, ast.Del()) for each in unbind])], [])
    for each in ast.walk(mark):
        if "lineno" in each._attributes:
            each.lineno = each.end_lineno = at.lineno  # type: ignore[attr-defined]
            each.col_offset = each.end_col_offset = at.col_offset  # type: ignore[attr-defined]
    return mark


def _unbinding(body: Body, code: Code) -> list[str]:
    """Return the variables of which the compiler is to forget that they are bound."""
    if not body.is_function:
        return []
    bound = {*_bound_in(body.node)}
    return [each for each in code.co_varnames if each in bound and each not in code.co_cellvars]


def _bound_in(node: ast.AST) -> Iterator[str]:
    """Yield the names that the scope of a function binds, its parameters among them."""
    arguments: ast.arguments = node.args  # type: ignore[attr-defined]
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    for each in (*every, arguments.vararg, arguments.kwarg):
        if each is not None:
            yield each.arg
    for statement in node.body:  # type: ignore[attr-defined]
        yield from names_bound(statement)


def _inside(made: Code, code: Code) -> Code:
    """Return the code with the mark in it."""
    todo = [made]
    while todo:
        each = todo.pop()
        if _START in each.co_names and each.co_name == code.co_name:
            return each
        todo += codes_in(each)
    raise Refused("the statement cannot be compiled by itself")
