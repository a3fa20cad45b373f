"""Message objects to and from JSON data: LSP's own and ours, checked strictly on the way in."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, cast

import attrs
import cattrs
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from lsprotocol import converters

from relive.lsp import (
    capture_protocol,
    commands,
    connection_protocol,
    definition_protocol,
    error_protocol,
    export_protocol,
    log_protocol,
    names_protocol,
    pin_protocol,
    protocol,
    rewind_protocol,
    stale_protocol,
    startup_protocol,
    test_protocol,
    time_protocol,
    value_protocol,
    variables_protocol,
    version_protocol,
)

PARTS = (
    commands,
    value_protocol,
    error_protocol,
    protocol,
    log_protocol,
    version_protocol,
    definition_protocol,
    pin_protocol,
    stale_protocol,
    test_protocol,
    time_protocol,
    rewind_protocol,
    capture_protocol,
    variables_protocol,
    names_protocol,
    connection_protocol,
    export_protocol,
    startup_protocol,
)
"""The modules of the messages that LSP does not have."""
_OURS = frozenset(part.__name__ for part in PARTS)


def make_converter() -> cattrs.Converter:
    """Return a converter for all messages the server takes and sends."""
    converter = converters.get_converter()
    for kind in (str, bool, int):
        converter.register_structure_hook(kind, _strict)
    converter.register_structure_hook_factory(_is_ours, lambda cls: _structure(cls, converter))
    converter.register_unstructure_hook_factory(_is_ours, lambda cls: _unstructure(cls, converter))
    return converter


def camel_case(name: str) -> str:
    """Return the wire's spelling of a field's name."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _is_ours(cls: Any) -> bool:
    return attrs.has(cls) and cls.__module__ in _OURS


def _strict(value: Any, kind: type) -> Any:
    if issubclass(kind, Enum):  # one made of texts or numbers, for which the hook is taken too
        return kind(value)
    # cattrs would convert: a null to the text "None", a text to a true.
    if isinstance(value, float) and kind is int and value.is_integer():
        return int(value)  # JSON has one kind of number
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise TypeError(f"expected {kind.__name__}, got {type(value).__name__}")
    return value


def _structure(cls: type, converter: cattrs.Converter) -> Callable[[Any, Any], Any]:
    take: Any = make_dict_structure_fn(cls, converter, **_overrides(cls))

    def structure(data: Any, kind: Any) -> Any:
        if not isinstance(data, dict):
            raise TypeError(f"expected an object, got {type(data).__name__}")
        return take(data, kind)

    return structure


def _unstructure(cls: type, converter: cattrs.Converter) -> Callable[[Any], dict[str, Any]]:
    return make_dict_unstructure_fn(cls, converter, **_overrides(cls))


def _overrides(cls: type) -> Any:
    attrs.resolve_types(cast("type[attrs.AttrsInstance]", cls))
    return {
        field.name: override(
            rename=camel_case(field.name),
            omit_if_default=protocol.is_optional(field),
        )
        for field in attrs.fields(cls)
    }
