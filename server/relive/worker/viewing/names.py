"""Names that are being written: what they can go on with, and what they stand for.

A chain of names is followed by looking only: instance and class attributes past every descriptor
and `__getattr__`, items of the builtin containers themselves, columns of data. What would have to
be asked is not followed.
"""

from __future__ import annotations

import builtins
from itertools import islice
from types import FunctionType, MemberDescriptorType, MethodType, ModuleType

from relive.worker.bare import Kinds, looked_up, own_names, type_name
from relive.worker.libraries import answers_itself, kind_of
from relive.worker.parts import attributes_of
from relive.worker.timelimit import within
from relive.worker.viewing.signatures import CACHED, parameter_names, parameters
from relive.worker.viewing.still import (
    called,
    length_of,
    name_kind,
    signature_text,
    size_of,
    text_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from relive.worker.viewing.scopes import Scopes

    Option = tuple[str, str, Any]
    """A label, its kind and what it stands for."""

_SECONDS = 0.1
_MOST = 200
"""In one answer: of more nobody reads the end, a longer prefix finds it."""
_MOST_LOOKED_AT = 20_000
_MAX_DOC = 4_000
_MAX_TEXT = 1_000
_ABSENT = object()
_WRAPPED = (classmethod, staticmethod)
_BINDING = Kinds([FunctionType, CACHED])
"""What a class holds and its instances have as methods."""
_scope_of: Any = vars(ModuleType)["__dict__"].__get__


class Names:
    """Answers what is asked about names."""

    def __init__(self, scopes: Scopes) -> None:
        self._scopes = scopes

    def complete(self, message: dict[str, Any]) -> dict[str, Any]:
        """Return what a text can go on with."""
        options = within(_SECONDS, lambda: list(islice(self._options(message), _MOST + 1)))
        items = [
            {"label": label, "kind": kind, "detail": _detail(label, kind, value)}
            for label, kind, value in options[:_MOST]
        ]
        return {"items": items, "incomplete": len(options) > _MOST}

    def describe(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Return what a chain stands for; None: it cannot be followed."""
        value = self._found(message)
        return None if value is _ABSENT else _described(value)

    def _options(self, message: dict[str, Any]) -> Iterator[Option]:
        kind, prefix = message["kind"], message["prefix"]
        if kind == "name":
            options = self._arguments(message)
            yield from _matching(options, prefix)
            yield from _matching(self._in_scope(message), prefix)
            return
        value = self._found(message)
        if value is _ABSENT:
            return
        options = _keys(value) if kind == "key" else _attributes(value)
        yield from _matching(options, prefix)

    def _in_scope(self, message: dict[str, Any]) -> Iterator[Option]:
        for scope in self._scopes_of(message)[:-1]:
            for name, value in list(scope.items()):
                if type(name) is str:
                    yield name, name_kind(value), value

    def _arguments(self, message: dict[str, Any]) -> Iterator[Option]:
        """Yield the names of what the call around can be given."""
        if message["call"] is None:
            return
        value = self._followed(message, message["call"])
        for name in [] if value is _ABSENT else parameter_names(value):
            yield f"{name}=", "parameter", _ABSENT

    def _scopes_of(self, message: dict[str, Any]) -> list[dict[str, Any]]:
        names = self._scopes.names(message["file"], None)
        scopes = [names, vars(builtins)]
        if message["frame"] is not None:
            scopes.insert(0, self._scopes.names(None, message["frame"]))
        return scopes

    def _found(self, message: dict[str, Any]) -> Any:
        return self._followed(message, message["chain"])

    def _followed(self, message: dict[str, Any], chain: list[Any]) -> Any:
        name, *steps = chain
        scopes = self._scopes_of(message)
        value = next((each[name] for each in scopes if name in each), _ABSENT)
        for step in steps:
            if value is _ABSENT:
                break
            kind, key = step
            value = attribute(value, key) if kind == "attribute" else item(value, key)
        return value


def attribute(value: Any, name: str) -> Any:
    """Return an attribute as far as it can be known without asking."""
    if issubclass(type(value), ModuleType):
        return _scope_of(value).get(name, _ABSENT)
    if issubclass(type(value), type):
        return _of_class(value, name)
    if not answers_itself(value) and kind_of(value) in _COLUMNS and name in _columns(value):
        return within(_SECONDS, lambda: value[name])
    own = attributes_of(value).get(name, _ABSENT)
    return _of_instance(value, looked_up(type(value), name)) if own is _ABSENT else own


def item(value: Any, key: Any) -> Any:
    """Return an item of a builtin container, or a column of data."""
    kind = type(value)
    if kind is list or kind is tuple:
        return value[key] if type(key) is int and -len(value) <= key < len(value) else _ABSENT
    if issubclass(kind, dict):
        pairs = islice(dict.items(value), _MOST_LOOKED_AT)
        return next((v for k, v in pairs if type(k) is type(key) and k == key), _ABSENT)
    if kind_of(value) in _COLUMNS and not answers_itself(value) and key in _columns(value):
        return within(_SECONDS, lambda: value[key])
    return _ABSENT


def _of_class(cls: type, name: str) -> Any:
    for base in type.mro(cls):
        found = own_names(base).get(name, _ABSENT)
        if found is not _ABSENT:
            kind = type(found)
            if kind is classmethod:
                return _bound(found.__func__, cls)
            return found.__func__ if kind is staticmethod else _if_plain(found)
    return _ABSENT


def _of_instance(value: Any, found: Any) -> Any:
    kind = type(found)
    if found is None:
        return _ABSENT
    if kind is MemberDescriptorType:
        try:
            return found.__get__(value)
        except AttributeError:  # a slot that nothing was assigned to
            return _ABSENT
    if kind in _WRAPPED:
        owner = type(value)
        return found.__func__ if kind is staticmethod else _bound(found.__func__, owner)
    return MethodType(found, value) if kind in _BINDING else _if_plain(found)


def _bound(function: Any, value: Any) -> Any:
    is_method = name_kind(function) == "function" or type(function) is CACHED
    return MethodType(function, value) if is_method else function


def _if_plain(found: Any) -> Any:
    """Return what a class holds, unless it answers for itself what it is of an instance."""
    is_function = name_kind(found) != "value"
    return found if is_function or looked_up(type(found), "__get__") is None else _ABSENT


def _attributes(value: Any) -> Iterator[Option]:
    """Yield the attributes of a value, its own first."""
    kind = type(value)
    if issubclass(kind, ModuleType):
        own, classes = _scope_of(value), []
    elif issubclass(kind, type):
        own, classes = {}, type.mro(value)
    else:
        own, classes = attributes_of(value), type.mro(kind)
        yield from ((name, "column", _ABSENT) for name in _columns(value) if name.isidentifier())
    for name, held in list(own.items()):
        if type(name) is str:
            yield name, name_kind(held), held
    for base in classes:
        for name, held in list(own_names(base).items()):
            if type(name) is str:
                yield name, _kind_in_class(held), held


def _kind_in_class(held: Any) -> str:
    if type(held) is property:
        return "property"
    kind = "function" if type(held) in _WRAPPED else name_kind(held)
    return "method" if kind == "function" else kind


def _keys(value: Any) -> Iterator[Option]:
    """Yield the keys that a subscript can name."""
    if issubclass(type(value), dict):
        for key, held in islice(dict.items(value), _MOST_LOOKED_AT):
            if type(key) is str:
                yield key, "key", held
            elif type(key) is int:
                yield repr(key), "number", held
    for name in _columns(value):
        yield name, "column", _ABSENT


def _pandas_columns(value: Any) -> list[Any]:
    return list(value.columns[:_MOST_LOOKED_AT])


def _polars_columns(value: Any) -> list[Any]:
    return list(value.columns)


_COLUMNS = {"pandas frame": _pandas_columns, "polars frame": _polars_columns}


def _columns(value: Any) -> list[str]:
    names = _COLUMNS.get(kind_of(value) or "")
    if names is None or answers_itself(value):
        return []
    return [name for name in within(_SECONDS, names, value) if type(name) is str]


def _matching(options: Iterator[Option], prefix: str) -> Iterator[Option]:
    """Yield those that begin so, each label once; what begins with `_` only if the prefix does."""
    seen: set[tuple[str, bool]] = set()
    low = prefix.casefold()
    for option in islice(options, _MOST_LOOKED_AT):
        label, known = option[0], (option[0], option[1] == "number")
        hidden = label.startswith("_") and not prefix.startswith("_") and option[1] != "key"
        if known not in seen and not hidden and label.casefold().startswith(low):
            seen.add(known)
            yield option


def _detail(label: str, kind: str, value: Any) -> str | None:
    if value is _ABSENT:
        return None
    if kind in ("function", "method"):
        found = value.__func__ if type(value) in _WRAPPED else value
        return signature_text(found, label)
    return text_of(value, 80) if kind in ("class", "module") else type_name(type(value))


def _described(value: Any) -> dict[str, Any]:
    kind = name_kind(value)
    name = called(value) if kind in ("function", "class") else ""
    return {
        "text": text_of(value, _MAX_TEXT),
        "type": type_name(type(value)),
        "kind": "method" if type(value) is MethodType else kind,
        "name": name,
        "parameters": parameters(value),
        "doc": _doc(value),
        "size": size_of(value),
        "length": length_of(value),
    }


def _doc(value: Any) -> str | None:
    """Return what is written about a value itself; of an instance nothing is."""
    kind = name_kind(value)
    if kind == "module":
        doc = _scope_of(value).get("__doc__")
    elif kind == "class":
        doc = own_names(value).get("__doc__")
    elif kind == "function":
        doc = value.__doc__
    else:
        doc = None
    return _dedented(doc)[:_MAX_DOC] if type(doc) is str else None


def _dedented(doc: str) -> str:
    lines = doc.expandtabs().strip("\n").split("\n")
    rest = [line for line in lines[1:] if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in rest), default=0)
    return "\n".join([lines[0].strip(), *(line[margin:].rstrip() for line in lines[1:])]).strip()
