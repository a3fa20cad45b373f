"""What calls run, and what is known of what they give."""

from __future__ import annotations

import ast
import builtins

from relive.source.acting.expressions import Expressions
from relive.source.acting.following import MayActError
from relive.source.acting.values import (
    ATOM,
    BOX,
    PLAIN,
    UNKNOWN,
    Bound,
    Builtin,
    Class,
    Function,
    Instance,
    Kind,
    Lazy,
    Library,
    Method,
    Scope,
    Value,
    is_data,
    is_plain,
)
from relive.source.effects import is_passive_decorator
from relive.source.harmless import CALLING, PLAIN_CALLS

_GOING_THROUGH = frozenset(
    (
        *("all", "any", "bytes", "dict", "enumerate", "filter", "frozenset", "list", "map"),
        *("reversed", "set", "sorted", "sum", "tuple", "zip"),
    )
)
"""Of what only makes values: what goes through what it is given."""
_LAZY = frozenset(("enumerate", "reversed", "zip"))
_COLLECTING = frozenset(("dict", "frozenset", "list", "set", "sorted", "tuple"))
_ATOMS = frozenset(
    (
        *("all", "any", "ascii", "bin", "bool", "bytes", "chr", "float", "format", "hash", "hex"),
        *("id", "int", "isinstance", "issubclass", "len", "oct", "ord", "print", "range", "repr"),
        *("str", "callable"),
    )
)
"""What these give holds nothing."""
_ASKING = frozenset(("callable", "id", "print"))
"""Built-ins that act on nothing outside, and give no new value, beside those."""
_PUTTING = frozenset(("add", "append", "extend", "insert", "setdefault", "update"))
_TAKING = frozenset(
    (
        *("add", "append", "count", "discard", "endswith", "format", "get", "index", "insert"),
        *("pop", "remove", "replace", "setdefault", "startswith"),
    )
)
"""Methods of built-in data that call nothing of what they are given but what operators do."""
_PARTS: dict[str, Value] = {"copy": BOX, "keys": BOX, "values": BOX, "items": Lazy(BOX)}
"""What these methods of data that may hold anything give."""
_DATA = frozenset(
    (
        *("bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list"),
        *("range", "set", "str", "tuple"),
    )
)
_MOST_CALLS = 12
"""Of each other."""


class Calls(Expressions):
    """Follows calls."""

    _under_way: tuple[tuple[ast.AST, tuple[Value, ...]], ...] = ()
    returned: Value | None = None
    """What the function that is followed has given so far."""

    def call(self, function: Value, given: list[Value], named: dict[str, Value]) -> Value:
        """See Following."""
        self.spend()
        match function:
            case Builtin(name=name):
                return self._of_builtin(name, given, named)
            case Method(receiver=receiver, name=name):
                return self._of_method(receiver, name, given, named)
            case Library():
                return self._of_library([*given, *named.values()])
            case Function():
                return self._of_function(function, given, named)
            case Bound(function=inner, receiver=value):
                return self._of_function(inner, [value, *given], named)
            case Class():
                return self._of_class(function, given, named)
        raise MayActError

    def _takes_plain(self, values: list[Value]) -> None:
        if not all(map(is_plain, values)):
            raise MayActError

    def _of_library(self, values: list[Value]) -> Value:
        elements = [each if is_data(each) else self.element(each) for each in values]
        return PLAIN if all(map(is_plain, elements)) else UNKNOWN

    # -- what is built in ------------------------------------------------------------------------

    def _of_builtin(self, name: str, given: list[Value], named: dict[str, Value]) -> Value:
        kind, _, method = name.partition(".")
        if method:
            return self._of_type(kind, method, given, named)
        if _is_error(name):
            self._takes_data([*given, *named.values()])
            return UNKNOWN
        if name not in PLAIN_CALLS and name not in _ASKING:
            raise MayActError
        if "file" in named or (name == "type" and len(given) > 1):
            raise MayActError
        return self._made(name, given, named)

    def _takes_data(self, values: list[Value]) -> None:
        for each in values:
            self.use(each)

    def _of_type(
        self, kind: str, method: str, given: list[Value], named: dict[str, Value]
    ) -> Value:
        if kind not in _DATA:
            raise MayActError
        if method in ("fromkeys", "maketrans", "fromhex", "from_bytes"):
            self._takes_plain(given)
            return PLAIN
        receiver = given[0] if given else UNKNOWN
        known = receiver if isinstance(receiver, Kind) and is_data(receiver) else BOX
        return self._of_method(known, method, given[1:], named)

    def _made(self, name: str, given: list[Value], named: dict[str, Value]) -> Value:
        self._takes_data([*given, *named.values()])
        if name in CALLING:
            return self._mapped(name, given, named)
        goes_through = name in _GOING_THROUGH or (name in ("max", "min") and len(given) == 1)
        elements = [self.element(each) for each in given[: _gone_through(name)] if goes_through]
        if "key" in named:
            for each in elements or given:
                self._calls_back(named["key"], [each])
        others = [value for key, value in named.items() if key != "key"]
        made = _given_by(name, elements or given, others)
        is_late = name in _LAZY and any(isinstance(each, Lazy) for each in given)
        return Lazy(made) if is_late and isinstance(made, Kind) else made

    def _mapped(self, name: str, given: list[Value], named: dict[str, Value]) -> Value:
        if len(given) < 2 or named:
            raise MayActError
        function, *rest = given
        elements = [self.element(each) for each in rest]
        if name == "filter":
            if function is not ATOM:  # as None is, and nothing else there can be
                self._calls_back(function, elements)
            return Lazy(elements[0])
        return Lazy(self._calls_back(function, elements))

    def _calls_back(self, function: Value, given: list[Value]) -> Value:
        if function is ATOM:
            return UNKNOWN
        with self.perhaps():
            return self.call(function, given, {})

    def _of_method(
        self, receiver: Kind, name: str, given: list[Value], named: dict[str, Value]
    ) -> Value:
        key = named.get("key")
        if key is not None and name == "sort":
            self._calls_back(key, [PLAIN if is_plain(receiver) else UNKNOWN])
        rest = [*given, *(value for each, value in named.items() if each != "key")]
        self._takes_data(rest)
        values = [self._taken(name, each) for each in rest]
        if name in _PUTTING:
            for each in values:
                self.put_in(receiver, each)
        if is_plain(receiver) and all(map(is_plain, values)):
            return PLAIN
        return _PARTS.get(name, UNKNOWN)

    def _taken(self, name: str, value: Value) -> Value:
        """Return what a method of built-in data takes of a value.

        Raises:
            MayActError: it may call something for that.
        """
        if is_plain(value) or name in _TAKING:
            return value
        return self.element(value)

    # -- what is written in the workspace ----------------------------------------------------------

    def _of_class(self, kind: Class, given: list[Value], named: dict[str, Value]) -> Value:
        made = Instance(kind)
        if kind.member("__new__") is not None or kind.member("__del__") is not None:
            raise MayActError
        init = kind.member("__init__")
        if init is not None:
            self._call_member(init, made, given, named)
        elif _is_dataclass(kind):
            self._fill(kind, given, named)
            after = kind.member("__post_init__")
            if after is not None:
                self._call_member(after, made, [], {})
        return made

    def _call_member(
        self,
        found: tuple[ast.stmt, Class],
        made: Value,
        given: list[Value],
        named: dict[str, Value],
    ) -> None:
        member, owner = found
        if not isinstance(member, ast.FunctionDef) or member.decorator_list:
            raise MayActError
        self._of_function(Function(member, owner.scope), [made, *given], named)

    def _fill(self, kind: Class, given: list[Value], named: dict[str, Value]) -> None:
        """Note what a dataclass makes of what it is given; its defaults are not known."""
        members = [each for one in reversed(list(kind.lineage())) for each in one.members.items()]
        fields = [name for name, node in members if isinstance(node, ast.AnnAssign)]
        values = {**dict(zip(fields, given, strict=False)), **named}
        for name in fields:
            self.hold(kind, name, values.get(name, UNKNOWN))

    def _of_function(
        self, function: Function, given: list[Value], named: dict[str, Value]
    ) -> Value:
        node = function.node
        if isinstance(node, ast.AsyncFunctionDef) or _gives_way(node):
            return UNKNOWN  # nothing of it runs yet
        if not isinstance(node, ast.Lambda) and not all(map(_is_role, node.decorator_list)):
            raise MayActError
        scope = Scope(function.scope)
        _take(scope, node.args, given, named)
        call = (node, tuple(scope.names.values()))
        if call in self._under_way:
            return UNKNOWN
        if len(self._under_way) == _MOST_CALLS:
            raise MayActError
        return self._followed(node, scope, call)

    def _followed(
        self,
        node: ast.FunctionDef | ast.Lambda,
        scope: Scope,
        call: tuple[ast.AST, tuple[Value, ...]],
    ) -> Value:
        former, self._under_way = (self._under_way, self.returned), (*self._under_way, call)
        self.returned = None
        self.followed.add("<lambda>" if isinstance(node, ast.Lambda) else node.name)
        try:
            with self.within(scope):
                if isinstance(node, ast.Lambda):
                    return self.value(node.body)
                self.run(node.body)
            return ATOM if self.returned is None else self.returned
        finally:
            self._under_way, self.returned = former


def _gone_through(name: str) -> int | None:
    """Return how many of what it is given a built-in goes through; None: all of them."""
    return 1 if name in ("sum", "enumerate", "bytes") else None


def _given_by(name: str, values: list[Value], others: list[Value]) -> Value:
    """Return what is known of what a built-in makes of values."""
    if name in _ATOMS:
        return ATOM
    if name != "type" and all(map(is_plain, [*values, *others])):
        return PLAIN
    if name in _COLLECTING:
        return BOX
    return Lazy(UNKNOWN if name == "reversed" else BOX) if name in _LAZY else UNKNOWN


def _is_error(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException)


def _is_role(decorator: ast.expr) -> bool:
    """Tell whether a decorator leaves what a method runs as it is written."""
    return isinstance(decorator, ast.Name) and decorator.id in ("staticmethod", "property")


def _is_dataclass(kind: Class) -> bool:
    return any(
        is_passive_decorator(each) and "dataclass" in ast.unparse(each)
        for one in kind.lineage()
        for each in one.node.decorator_list
    )


def _gives_way(node: ast.FunctionDef | ast.Lambda) -> bool:
    """Tell whether it is a generator function."""
    pending: list[ast.AST] = list(ast.iter_child_nodes(node))
    while pending:
        each = pending.pop()
        if isinstance(each, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            pending += ast.iter_child_nodes(each)
    return False


def _take(
    scope: Scope, arguments: ast.arguments, given: list[Value], named: dict[str, Value]
) -> None:
    """Bind a function's parameters; one that nothing is given for has its default."""
    given, named = [_kept(each) for each in given], {k: _kept(v) for k, v in named.items()}
    ordered = [*arguments.posonlyargs, *arguments.args]
    names = scope.names
    defaults: dict[str, ast.expr | None] = dict(
        zip((each.arg for each in reversed(ordered)), reversed(arguments.defaults), strict=False)
    )
    only = zip((each.arg for each in arguments.kwonlyargs), arguments.kw_defaults, strict=False)
    defaults |= dict(only)
    for each in [*ordered, *arguments.kwonlyargs]:
        default = defaults.get(each.arg)
        names[each.arg] = ATOM if isinstance(default, ast.Constant) else UNKNOWN
    names |= {each.arg: value for each, value in zip(ordered, given, strict=False)}
    known = {key: value for key, value in named.items() if key in names}
    names |= known
    _take_rest(names, arguments.vararg, given[len(ordered) :])
    rest = [value for key, value in named.items() if key not in known]
    _take_rest(names, arguments.kwarg, rest)


def _take_rest(names: dict[str, Value], parameter: ast.arg | None, values: list[Value]) -> None:
    if parameter is not None:
        names[parameter.arg] = PLAIN if all(map(is_plain, values)) else BOX


def _kept(value: Value) -> Value:
    return UNKNOWN if isinstance(value, Lazy) else value
