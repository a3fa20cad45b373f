"""What statements run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from relive.source.acting.calls import Calls
from relive.source.acting.following import MayActError
from relive.source.acting.values import (
    ATOM,
    UNKNOWN,
    Class,
    Function,
    Instance,
    Kind,
    Library,
    Scope,
    Value,
    is_data,
    joined,
)
from relive.source.effects import is_passive_decorator, is_type

_COMPUTING = ("cmath", "math", "random", "statistics")
"""Modules of the standard library that only compute."""
_MOST_ROUNDS = 6
"""Of a loop, until what its names stand for stays the same."""
_DOING_NOTHING: tuple[type[ast.stmt], ...] = (ast.Pass, ast.Break, ast.Continue)
if type_alias := getattr(ast, "TypeAlias", None):  # From Python 3.12 on; worked out when asked for.
    _DOING_NOTHING = (*_DOING_NOTHING, type_alias)
_Fallible = (ast.Try, getattr(ast, "TryStar", ast.Try))


class Statements(Calls):
    """Follows statements."""

    def run(self, statements: Iterable[ast.stmt]) -> None:
        """See Following."""
        for each in statements:
            self.spend()
            self._statement(each)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Expr(value=value):
                self._used(value)
            case ast.Assign(targets=targets, value=value):
                found = self.value(value)
                for each in targets:
                    self.assign(each, found)
            case ast.AnnAssign(target=target, annotation=annotation, value=value):
                self._types([annotation])
                if value is not None:
                    self.assign(target, self.value(value))
            case ast.AugAssign(target=target, value=value):
                self._augment(target, value)
            case ast.Return(value=value):
                found = ATOM if value is None else self.value(value)
                self.returned = found if self.returned is None else joined(self.returned, found)
            case ast.Delete(targets=targets):
                self._delete(targets)
            case _:
                self._compound_statement(node)

    def _compound_statement(self, node: ast.stmt) -> None:
        match node:
            case ast.If(test=test, body=body, orelse=orelse):
                self._used(test)
                with self.perhaps():
                    self.run([*body, *orelse])
            case ast.For(target=target, iter=through, body=body, orelse=orelse):
                self._loop(lambda: self.assign(target, self.element(self.value(through))), body)
                with self.perhaps():
                    self.run(orelse)
            case ast.While(test=test, body=body, orelse=orelse):
                self._loop(lambda: self._used(test), body)
                with self.perhaps():
                    self.run(orelse)
            case ast.Assert(test=test, msg=message):
                self._all([test, *([message] if message else [])])
            case ast.Raise(exc=error, cause=cause):
                self._raise([each for each in (error, cause) if each])
            case ast.Global(names=names):
                self.scope.of_module.update(names)
            case _:
                self._other(node)

    def _other(self, node: ast.stmt) -> None:
        if isinstance(node, _Fallible):
            self._try(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._define(node)
        elif isinstance(node, ast.ClassDef):
            self._define_class(node)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node)
        elif not isinstance(node, _DOING_NOTHING):
            raise MayActError

    def _loop(self, begin: Callable[[], object], body: list[ast.stmt]) -> None:
        for _ in range(_MOST_ROUNDS):
            before = self.changes
            with self.perhaps():
                begin()
                self.run(body)
            if self.changes == before:
                return
        raise MayActError

    def _try(self, node: ast.Try) -> None:
        for each in node.handlers:
            self._types([each.type] if each.type else [])
        with self.perhaps():
            self.run([*node.body, *node.orelse])
            for each in node.handlers:
                if each.name is not None:
                    self.bind(each.name, UNKNOWN)
                self.run(each.body)
            self.run(node.finalbody)

    def _raise(self, parts: list[ast.expr]) -> None:
        """Follow what raises an error that is written there, or passes one on."""
        for each in parts:
            if not isinstance(each, (ast.Call, ast.Constant)):
                raise MayActError
            self.value(each)

    def _augment(self, target: ast.expr, node: ast.expr) -> None:
        if not isinstance(target, (ast.Name, ast.Attribute, ast.Subscript)):
            raise MayActError
        loading = ast.copy_location(_loading(target), target)
        former, value = self._all([loading, node])
        if is_data(former) and former is not ATOM and not is_data(value):
            value = self.element(value)  # what a list takes it goes through
        self.put_in(former, value)
        known = isinstance(former, Kind) and isinstance(value, Kind)
        now = joined(former, value) if known else UNKNOWN
        self.assign(target, former if former is UNKNOWN else now)

    def _delete(self, targets: list[ast.expr]) -> None:
        for each in targets:
            match each:
                case ast.Name(id=name):
                    self.bind(name, UNKNOWN)
                case ast.Subscript(value=of, slice=part):
                    self._all([part])
                    if not is_data(self.value(of)):
                        raise MayActError
                case ast.Tuple(elts=parts) | ast.List(elts=parts):
                    self._delete(parts)
                case _:
                    raise MayActError

    def _types(self, nodes: Iterable[ast.expr]) -> None:
        for each in nodes:
            if not is_type(each):
                self._used(each)

    # -- definitions -----------------------------------------------------------------------------

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        arguments = node.args
        each = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        each += [extra for extra in (arguments.vararg, arguments.kwarg) if extra]
        self._decorate(node.decorator_list)
        self._all([*arguments.defaults, *filter(None, arguments.kw_defaults)])
        annotations = [argument.annotation for argument in each] + [node.returns]
        self._types([annotation for annotation in annotations if annotation])
        self.bind(node.name, UNKNOWN if node.decorator_list else Function(node, self.scope))

    def _decorate(self, decorators: list[ast.expr]) -> None:
        if not all(map(is_passive_decorator, decorators)):
            raise MayActError

    def _define_class(self, node: ast.ClassDef) -> None:
        headers = [*node.bases, *(keyword.value for keyword in node.keywords)]
        if not all(map(is_type, headers)):
            raise MayActError
        self._decorate(node.decorator_list)
        bases = [self.find(each.id) for each in node.bases if isinstance(each, ast.Name)]
        known = tuple(each for each in bases if isinstance(each, Class))
        if any(each.member("__init_subclass__") for each in known):
            raise MayActError
        made = Class(node, self.scope, known)
        with self.within(Scope(self.scope)):
            self.run(node.body)
            names = self.scope.names.items()
            made.attributes.update({k: UNKNOWN if isinstance(v, Instance) else v for k, v in names})
        made.members.update(_members(node.body))
        self.classes.append(made)
        is_whole = len(known) == len(node.bases) and not node.keywords
        is_plain = all("dataclass" in ast.unparse(each) for each in node.decorator_list)
        self.bind(node.name, made if is_whole and is_plain else UNKNOWN)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for each in node.names:
            if each.name == "*":
                self.scope.module.is_open = True
            elif isinstance(node, ast.Import):
                found: Value = Library(each.name) if each.name in _COMPUTING else UNKNOWN
                self.bind(each.asname or each.name.partition(".")[0], found)
            else:
                is_known = node.module in _COMPUTING and not node.level
                name = f"{node.module}.{each.name}"
                self.bind(each.asname or each.name, Library(name) if is_known else UNKNOWN)


def _loading(target: ast.expr) -> ast.expr:
    """Return the expression that has what an assignment to it takes the place of."""
    match target:
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
        case ast.Attribute(value=of, attr=name):
            return ast.Attribute(of, name, ast.Load())
        case ast.Subscript(value=of, slice=part):
            return ast.Subscript(of, part, ast.Load())
    return target


def _members(body: list[ast.stmt]) -> dict[str, ast.stmt]:
    """Return what a class body binds, by name."""
    found: dict[str, ast.stmt] = {}
    for each in body:
        match each:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found[name] = each
            case ast.ClassDef(name=name) | ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = each
            case ast.Assign(targets=targets):
                names = [target.id for target in targets if isinstance(target, ast.Name)]
                found |= dict.fromkeys(names, each)
    return found
