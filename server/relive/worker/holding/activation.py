"""A frame of user code on the held stack: where it is, what it holds, how it can go on."""

from __future__ import annotations

from functools import partial
from types import FunctionType

from relive.worker.holding.bytecode import codes_in, shared_slots, slot_names
from relive.worker.holding.delegating import ASYNC_GENERATOR
from relive.worker.holding.entering import Entering
from relive.worker.holding.going_on import Go, Refused
from relive.worker.holding.kinds import ending, kind_of
from relive.worker.holding.parameters import rebound_before
from relive.worker.holding.paths import path_at_line, path_to, position_of, statements_on
from relive.worker.holding.settling import Settling
from relive.worker.holding.toplevel import Anew, edited
from relive.worker.holding.variables import Variables
from relive.worker.in_function import Place, at_top, compiled, left_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _ast as ast
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    from relive.worker.holding.bytecode import Code
    from relive.worker.holding.hook import Judge
    from relive.worker.holding.texts import Body
    from relive.worker.holding.toplevel import Edit
    from relive.worker.in_function import Piece

_NOT_THERE = "the file has no such statement any more: it goes on as it was evaluated"


class Departure(BaseException):
    """Unwinds to a frame, past all `except` clauses, where something goes on."""

    def __init__(
        self, activation: Activation, go: Callable[[], Go], original: BaseException
    ) -> None:
        super().__init__("Relive goes on in a frame further out")
        self.activation = activation
        self.go = go
        """Says there how; once the blocks of the frame are left, or before that."""
        self.original = original
        self.at_once = False


class Activation:
    """One live frame."""

    is_foreign = False
    """Whether nothing goes on in it, ever."""

    def __init__(self, judge: Judge, frame: FrameType, unit: int, error: BaseException) -> None:
        self._judge = judge
        self.frame = frame
        self.failing = frame
        """The frame that the exception is held in: this one, or one that it calls."""
        self.unit = unit
        """The instruction under way."""
        self.depth = 0
        """How many frames of the stack are further in."""
        self._error = error
        self.kept: tuple[Any, ...] | None = None
        """What its blocks keep on the stack; known where the exception is."""
        self.variables = Variables(frame)
        self.outermost = False
        """Whether no block of the frame is around what is known of the stack."""
        code: Code = frame.f_code
        self.name = code.co_qualname
        self._in = Place(code, code.co_qualname, frame.f_globals.get("__name__"))
        self.file = code.co_filename
        place = position_of(code, unit)
        self._place = place or (code.co_firstlineno, 0)
        self.line = self._place[0] - 1
        self.body: Body | None = judge.texts.body_of(code)
        self._newest = None if self.body is None else judge.newest(frame)
        if self.body is not None:
            on = statements_on(self.body.statements, self.path(self.body) or [])
            if on:
                self.line = on[-1].lineno + self.body.shift - 1

    def met(self, kept: tuple[Any, ...], cells: tuple[Any, ...], *, outermost: bool) -> None:
        """Take what is known of the stack where the exception is now."""
        code = self.frame.f_code
        names = slot_names(code)
        self.kept, self.outermost = kept, outermost
        self.variables.cells = dict(zip([names[slot] for slot in shared_slots(code)], cells))

    def path(self, body: Body) -> Any:
        """Return the way to the statement under way in the text that the frame runs."""
        line, column = self._place
        return path_to(body.statements, line - body.shift, column)

    def locals(self) -> dict[str, Any]:
        """Return the variables' values now."""
        if not self._is_function:
            return dict(self.frame.f_locals)
        return self.variables.values()

    def compiled(self, statement: ast.stmt, file: str, flags: int, outside: set[str]) -> Piece:
        """Compile a statement to run in the frame; `outside`: names that are the module's."""
        if not self._is_function:
            return at_top(statement, file, flags)
        return compiled(self._in, self.variables.known, outside, statement, file, flags)

    def evaluate(self, piece: Piece) -> Any:
        """Run a statement with the variables in view; what it binds is the frame's."""
        scope = self.frame.f_globals
        if not self._is_function:
            return eval(piece.code, scope, self.frame.f_locals)
        self.variables.assigned |= piece.bound
        self.variables.values()  # which has the cells be as the frame is
        cells = {name: self.variables.cell(name) for name in self._used_by(piece)}
        try:
            return piece.ready(self._in, cells, scope)()
        finally:
            self.variables.values()

    def _used_by(self, piece: Piece) -> set[str]:
        first = self._in.first
        own = {*piece.code.co_freevars, *(() if first is None else (first,))}
        # What a function has no cell for stands for its class, which is found otherwise.
        return own if "__class__" in self.variables.of_code else own - {"__class__"}

    def given(self, piece: Piece, value: Any) -> Any:
        """Return the value of a statement of which `evaluate` has returned, or awaited, `value`."""
        self.variables.values()  # what was awaited may have changed them
        return value if piece.left is None else left_in(self.frame.f_locals, piece)

    @property
    def _is_function(self) -> bool:
        return bool(self.frame.f_code.co_flags & 0x1)

    @property
    def _is_innermost(self) -> bool:
        return self.kept is not None

    def newest(self) -> tuple[Code, Body]:
        """Return the newest code of the function, and its text.

        Raises:
            Refused: it is not known.
        """
        newest = self._newest or self._judge.newest(self.frame)
        code = newest.code()
        body = None if code is None else self._judge.texts.body_of(code)
        if code is None or body is None:
            raise Refused(f"the text of {self.name} is not known")
        return code, body

    def _same_kind(self, code: Code) -> None:
        before, after = kind_of(self.frame.f_code), kind_of(code)
        if before != after:
            raise Refused(
                f"{self.name} was a {before} and is a {after} now, which its "
                "caller does not expect; restart the caller instead"
            )

    def entry(self, line: int | None, edit: Edit | None = None) -> Entering | Anew:
        """Return where `retry` enters, ready to be entered.

        Args:
            line: which statement's; None: the one that failed.
            edit: what became of the file, for top-level code.

        Raises:
            Refused: nowhere, and why.
        """
        if self.frame.f_code.co_flags & ASYNC_GENERATOR:
            raise Refused(
                "an asynchronous generator cannot be gone on in; restart a frame further out"
            )
        if self.body is None:
            raise Refused(f"the text that {self.name} runs is not known")
        if self._is_function:
            return self._entering(self.body, *self.newest(), line)
        if self.frame.f_locals is not self.frame.f_globals:
            raise Refused("it runs with the names of another frame; evaluate it there again")
        now = None if edit is None else edited(self.body, self.file, edit, line)
        code, body = (self.frame.f_code, self.body) if now is None else (now.code, now.body)
        is_statement = bool(body.statements)
        made = self._entering(self.body, code, body, line) if is_statement else Anew(body, code)
        if edit is not None and (now is None or now.note):
            made.certain, made.note = False, _NOT_THERE if now is None else now.note
        return made

    def _entering(self, old: Body, code: Code, body: Body, line: int | None) -> Entering:
        path = self.path(old)
        if not path:
            raise Refused("the place of the error is in no statement of the function")
        self._same_kind(code)
        flow = self._judge.catching.flow(self.frame.f_code)
        chosen = None
        if line is not None:
            chosen = path_at_line(body.statements, line + 1 - body.shift)
            if chosen is None:
                raise Refused(f"no statement begins on line {line + 1} or after it")
        entering = Entering(old, path, flow, self.unit, code, body, chosen)
        missing = [name for name in entering.code.co_freevars if name not in self._shared()]
        if missing:
            raise Refused(
                f"the new code uses {missing[0]!r} of the function around, which the running one "
                "does not hold; restart that one instead"
            )
        return entering

    def _shared(self) -> set[str]:
        code = self.frame.f_code
        return {*code.co_cellvars, *code.co_freevars}

    def retry(self, line: int | None, exception: BaseException, edit: Edit | None = None) -> Go:
        """Enter the newest text at the failing statement, or at `line`."""
        entering = self.entry(line, edit)
        if self._is_innermost:
            return self._enter(entering)
        departure = Departure(self, partial(self._enter, entering), exception)
        departure.at_once = True
        return self._depart(departure)

    def _enter(self, entering: Entering | Anew) -> Go:
        assert self.kept is not None
        values = self.locals() if self._is_function else {}
        if isinstance(entering, Entering):
            values = {**self._added(entering.origin), **values}
        cells = self.variables.shared()
        function = entering.function(self.kept, values, cells, self.frame.f_globals)
        made = entering.made
        if isinstance(entering, Entering) and made is not None:
            texts, body = self._judge.texts, entering.body
            for inner in codes_in(made):
                texts.note(inner, body.unit)
            texts.note_one(made, body.unit, entering.code.co_firstlineno - body.shift)
            texts.note_origin(made, entering.origin)
            self._judge.catching.note_flow(made, entering.flow)
        return Go.into(function)

    def _added(self, code: Code) -> dict[str, Any]:
        """Return the values of parameters that the newest text has added."""
        return {} if self._newest is None else self._newest.added(code)

    def restart(self) -> Go:
        """Run the newest text from its start."""
        return self._leave(self._restarting())

    def _restarting(self) -> Callable[[], Go]:
        code, body = self.newest()
        self._same_kind(code)
        if not self._is_function:
            raise Refused("top-level code is evaluated again instead")
        flow = self._judge.catching.flow(self.frame.f_code)
        settles = self._settles_as(body)
        for name in rebound_before(self.frame.f_code, flow, self.unit, settles):
            if name not in self.variables.assigned:
                raise Refused(
                    f"the parameter {name!r} was given another value since; assign the one to "
                    "start with in the frame, or go on in the caller"
                )
        missing = [name for name in code.co_freevars if name not in self._shared()]
        if missing:
            raise Refused(f"the new code uses {missing[0]!r}, which the running one does not hold")
        # Now: a `finally` that is still to run may give them other values.
        return partial(self._restart, code, *self._arguments(code))

    def _settles_as(self, body: Body) -> Callable[[str, int], bool]:
        """Return what says that the newest text gives a parameter the value that it has now.

        It is asked about the parameter, and the instruction that gave it that value.
        """
        if self.body is None or not self.body.statements or not body.statements:
            return lambda _name, _unit: False
        names = {**self.frame.f_builtins, **self.frame.f_globals}
        own, new = Settling(self.body.statements, names), Settling(body.statements, names)
        shift, code = self.body.shift, self.frame.f_code

        def settles(name: str, unit: int) -> bool:
            line, column = position_of(code, unit) or (0, 0)
            return own.has(name, line - shift, column) and own.is_alike(name, new)

        return settles

    def _restart(self, code: Code, positional: list[Any], named: dict[str, Any]) -> Go:
        closure = tuple(self.variables.cells[name] for name in code.co_freevars)
        function = FunctionType(code, self.frame.f_globals, code.co_name, None, closure)
        return Go.into(partial(function, *positional, **named))

    def _arguments(self, code: Code) -> tuple[list[Any], dict[str, Any]]:
        """Return the arguments of the frame for a call of `code`."""
        values, count = {**self._added(code), **self.locals()}, code.co_argcount
        only = count + code.co_kwonlyargcount
        missing = [name for name in code.co_varnames[:only] if name not in values]
        if missing:
            raise Refused(f"there is no value for its parameter {missing[0]!r}")
        positional = [values[name] for name in code.co_varnames[:count]]
        named = {name: values[name] for name in code.co_varnames[count:only]}
        if code.co_flags & 0x4:
            positional += values.get(code.co_varnames[only], ())
            only += 1
        if code.co_flags & 0x8:
            named.update(values.get(code.co_varnames[only], {}))
        return positional, named

    def give_back(self, value: Any) -> Go:
        """Leave with `value`."""
        if not self._is_function:
            raise Refused("top-level code returns nothing")
        flags = self.frame.f_code.co_flags
        if flags & ASYNC_GENERATOR and value is not None:
            raise Refused("an asynchronous generator returns nothing but None")
        return self._leave(lambda: Go.into(ending(self.frame.f_code, value)))

    def _leave(self, go: Callable[[], Go]) -> Go:
        """Leave the frame's blocks as an exception would, then go on."""
        if self._is_innermost and self.outermost:
            return go()
        return self._depart(Departure(self, go, self._error))

    def _depart(self, departure: Departure) -> Go:
        self._judge.check_way(self.failing, departure)
        # A manager's exit is given the traceback, and 3.11 takes for granted that there is one.
        departure.__traceback__ = departure.original.__traceback__
        return Go.past_handlers(departure)

    def why_no_retry(self) -> str | None:
        """Return None, or why the statement under way cannot be run again."""
        return _why_not(partial(self.entry, None))

    def why_no_restart(self) -> str | None:
        """Return None, or why the frame cannot run from its start."""
        return _why_not(self._restarting)

    def why_no_return(self) -> str | None:
        """Return None, or why the frame cannot be left with a value."""
        return _why_not(partial(self.give_back, None))


def _why_not(ask: Callable[[], Any]) -> str | None:
    try:
        ask()
    except Refused as refused:
        return str(refused)
    return None
