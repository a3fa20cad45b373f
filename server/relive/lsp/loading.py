"""Loading what the daemon is made of, which is nearly all that its start takes."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import attrs

from relive.lsp.quick_attrs import sharing


@contextmanager
def quickly() -> Iterator[None]:
    """Have modules loaded meanwhile, LSP's types before them, with nobody looking for garbage.

    What they leave lives as long as the process does: nor is it looked at ever after.
    """
    gc.disable()
    try:
        _load_types()
        yield
    finally:
        gc.freeze()
        gc.enable()


def _load_types() -> None:
    """Load LSP's types as `quick_attrs` makes them.

    They are decorated with `attrs.define` alone, which is another one while their module is loaded.
    Nothing else is: no other thread is there yet.
    """
    define, names = attrs.define, vars(attrs)
    names["define"] = sharing(define)
    try:
        import lsprotocol.types  # noqa: F401 - it is what is to be done here
    finally:
        names["define"] = define
