"""What expressions run, and what is known of their values."""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence

from relive.source.acting.following import Following, MayActError
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
    joined,
)

_Comprehension = (ast.ListComp, ast.SetComp, ast.GeneratorExp)
_DISPLAYS = (ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict)
_KEPT = frozenset(("__init__", "__post_init__"))
"""Special methods that nothing but making an object calls."""


class Expressions(Following):
    """Follows expressions."""

    def value(self, node: ast.expr) -> Value:
        """See Following."""
        self.spend()
        match node:
            case ast.Constant():
                return ATOM
            case ast.Name(id=name):
                return self.find(name)
            case ast.Attribute(value=of, attr=name):
                return self.attribute(self.value(of), name)
            case ast.Call():
                return self._called(node)
        return self._less_common(node)

    def _less_common(self, node: ast.expr) -> Value:
        match node:
            case ast.Lambda(args=arguments):
                self._all([*arguments.defaults, *filter(None, arguments.kw_defaults)])
                return Function(node, self.scope)
            case ast.Starred(value=inner):
                return self.element(self.value(inner))
            case ast.NamedExpr(target=ast.Name(id=name), value=inner) if not self.scope.is_inner:
                value = self.value(inner)
                self.bind(name, value)
                return value
        return self._compound(node)

    def _compound(self, node: ast.expr) -> Value:
        if isinstance(node, (*_Comprehension, ast.DictComp)):
            return self._comprehension(node)
        match node:
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                return self._holding(self._all(parts))
            case ast.Dict(keys=keys, values=values):
                return self._holding(self._all([*filter(None, keys), *values]))
            case ast.JoinedStr(values=parts):
                self._all(parts)
                return ATOM
            case ast.FormattedValue(value=inner, format_spec=spec):
                self._all([inner, *([spec] if spec else [])])
                return ATOM
        return self._operation(node)

    def _operation(self, node: ast.expr) -> Value:
        match node:
            case ast.BinOp(left=one, right=other):
                return self._of_data(self._all([one, other]))
            case ast.UnaryOp(operand=inner):
                return self._of_data(self._all([inner]))
            case ast.Compare(left=one, comparators=others):
                return self._of_data(self._all([one, *others]))
            case ast.BoolOp(values=parts):
                return self._one_of(parts)
            case ast.IfExp(test=test, body=one, orelse=other):
                self._used(test)
                return self._one_of([one, other])
        return self._part(node)

    def _part(self, node: ast.expr) -> Value:
        match node:
            case ast.Subscript(value=of, slice=part):
                of_value, _ = self._all([of, part])
                return of_value if is_plain(of_value) else UNKNOWN
            case ast.Slice():
                self._all([each for each in (node.lower, node.upper, node.step) if each])
                return ATOM
        raise MayActError

    def _one_of(self, nodes: Sequence[ast.expr]) -> Value:
        with self.perhaps():
            first, *others = self._all(nodes)
        for each in others:
            first = joined(first, each)
        return first

    def _all(self, nodes: Sequence[ast.expr]) -> list[Value]:
        return [self._used(each) for each in nodes]

    def _used(self, node: ast.expr) -> Value:
        value = self.value(node)
        self.use(value)
        return value

    def _holding(self, parts: list[Value]) -> Value:
        return PLAIN if all(map(is_plain, parts)) else BOX

    def _of_data(self, parts: list[Value]) -> Value:
        """Return what operators make: of plain data plain data; what others have stays untold."""
        kinds = [each for each in parts if isinstance(each, Kind)]
        return max(kinds) if len(kinds) == len(parts) and all(map(is_plain, kinds)) else UNKNOWN

    def use(self, value: Value) -> None:
        """Follow what operators and built-in functions may call of an object."""
        if not isinstance(value, Instance):
            return
        for each in value.kind.lineage():
            for name, member in each.members.items():
                if name.startswith("__") and name not in _KEPT:
                    self._use_special(member, each, value)

    def _use_special(self, member: ast.stmt, kind: Class, value: Value) -> None:
        if not isinstance(member, ast.FunctionDef) or member.decorator_list:
            raise MayActError
        more = len([*member.args.posonlyargs, *member.args.args]) - 1
        with self.perhaps():
            self.call(Bound(Function(member, kind.scope), value), [UNKNOWN] * more, {})

    # -- parts of values -------------------------------------------------------------------------

    def attribute(self, value: Value, name: str) -> Value:
        """Return what is known of an attribute."""
        match value:
            case Kind() if is_data(value):
                return Method(value, name)
            case Builtin(name=kind):
                return Builtin(f"{kind}.{name}")
            case Library(name=module):
                is_number = module == "math" and isinstance(getattr(math, name, None), float)
                return ATOM if is_number else Library(f"{module}.{name}")
            case Instance(kind=kind):
                return self._attribute_of(value, kind, name)
        return UNKNOWN

    def _attribute_of(self, value: Value, kind: Class, name: str) -> Value:
        for asked in ("__getattr__", "__getattribute__"):
            if kind.member(asked) is not None:
                raise MayActError
        found = kind.member(name)
        if found is None:
            return kind.attributes.get(name, UNKNOWN)
        member, owner = found
        if not isinstance(member, ast.FunctionDef):
            return kind.attributes.get(name, UNKNOWN)
        function = Function(member, owner.scope)
        match member.decorator_list:
            case []:
                return Bound(function, value)
            case [ast.Name(id="staticmethod")]:
                return function
            case [ast.Name(id="property")]:
                return self.call(Bound(function, value), [], {})
        raise MayActError

    def element(self, value: Value) -> Value:
        """Return what is known of what going through something gives.

        Raises:
            MayActError: going through it may run anything.
        """
        match value:
            case Lazy(element=element):
                return element
            case Kind() if is_data(value):
                return value if is_plain(value) else UNKNOWN
        raise MayActError

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> Value:
        with self.within(Scope(self.scope)), self.perhaps():
            self.scope.is_inner = True
            for each in node.generators:
                if each.is_async:
                    raise MayActError
                self.assign(each.target, self.element(self.value(each.iter)))
                self._all(each.ifs)
            if isinstance(node, ast.DictComp):
                return self._holding(self._all([node.key, node.value]))
            value = self.value(node.elt)
        return Lazy(value) if isinstance(node, ast.GeneratorExp) else self._holding([value])

    def assign(self, target: ast.expr, value: Value) -> None:
        """Follow an assignment."""
        match target:
            case ast.Name(id=name):
                self.bind(name, UNKNOWN if isinstance(value, Lazy) else value)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                element = self.element(value)
                for each in parts:
                    self.assign(each, element)
            case ast.Starred(value=inner):
                self.assign(inner, self._holding([value]))
            case ast.Subscript(value=of, slice=part):
                self._all([part])
                self._set_item(self.value(of), value)
            case ast.Attribute(value=of, attr=name):
                self._set_attribute(self.value(of), name, value)
            case _:
                raise MayActError

    def _set_item(self, of: Value, value: Value) -> None:
        if not is_data(of):
            raise MayActError
        self.put_in(of, value)

    def _set_attribute(self, of: Value, name: str, value: Value) -> None:
        if not isinstance(of, Instance) or of.kind.member("__setattr__") is not None:
            raise MayActError
        found = of.kind.member(name)
        if found is not None and not _is_value(found[0]):
            raise MayActError
        self.hold(of.kind, name, value)

    def hold(self, kind: Class, name: str, value: Value) -> None:
        """Note what an object of a class has under a name."""
        if isinstance(value, Lazy):
            value = UNKNOWN
        former = kind.attributes.get(name)
        now = value if former is None else joined(former, value)
        if now != former:
            kind.attributes[name] = now
            self.changes += 1

    def _called(self, node: ast.Call) -> Value:
        function = self.value(node.func)
        given: list[Value] = []
        for each in node.args:
            if isinstance(each, ast.Starred) and isinstance(function, (Bound, Function, Class)):
                raise MayActError
            given.append(self.value(each))
        named = {}
        for keyword in node.keywords:
            if keyword.arg is None:
                raise MayActError
            named[keyword.arg] = self.value(keyword.value)
        return self.call(function, given, named)


def _is_value(member: ast.stmt) -> bool:
    """Tell whether a class has no more than a plain value under a name, which objects may have."""
    if not isinstance(member, (ast.Assign, ast.AnnAssign)):
        return False
    return isinstance(member.value, (*_DISPLAYS, type(None)))
