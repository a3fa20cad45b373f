"""A function's header evaluated anew: its defaults, annotations and type parameters.

Most headers evaluate nothing, or constants and names alone. Of such a function nothing has to be
made to know what its header gives, or no code can run meanwhile: an evaluation of a whole file asks
this of each definition that is live already.
"""

from __future__ import annotations

import ast
from types import FunctionType

from relive.worker.redefine.functions.defaults import Staying
from relive.worker.redefine.functions.metadata import header_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from relive.worker.redefine.planning import Planning
    from relive.worker.redefine.reading.definitions import Definition

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_NOTHING = compile("0", "", "eval")
_STILL = (ast.Constant, ast.Name, ast.Tuple, ast.List, ast.Load)
"""What runs no code of the program's when it is evaluated; nothing is hashed or compared."""


def is_evaluated_anew(
    planning: Planning, old: Definition | None, new: Definition, owner: Any
) -> bool:
    """Whether defaults and annotations are to be computed anew."""
    if planning.evaluated or old is None or old.header != new.header:
        return True
    return planning.has_other_features or new.computes_from(planning.in_view(owner))


def staying_of(
    planning: Planning, old: Definition | None, new: Definition, owner: Any
) -> Staying | None:
    """Return the defaults that stay; None where the statement was run to have them anew."""
    if old is None or planning.evaluated:
        return None
    before: Any = old.node
    now: Any = new.node
    return Staying(before.args, now.args, planning.in_view(owner))


def evaluated(planning: Planning, new: Definition, owner: Any) -> dict[str, Any]:
    """Return what evaluating the header of a definition gives its function, by attribute.

    Raises:
        BaseException: what a default or an annotation raises.
    """
    if next(_evaluated_in(new.node), None) is None:
        return header_of(FunctionType(_NOTHING, {}))
    return header_of(planning.build(new, owner, decorated=False))


def is_still(node: Any) -> bool:
    """Whether evaluating a function's header runs no code of the program's."""
    if not isinstance(node, _FUNCTIONS):
        return False
    every = (each for part in _evaluated_in(node) for each in ast.walk(part))
    return all(map(_is_still, every))


def _evaluated_in(node: Any) -> Iterator[ast.AST]:
    """Yield the parts of a header that are evaluated."""
    arguments: ast.arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    annotations = [*(each.annotation for each in every), node.returns]
    parts = [*arguments.defaults, *arguments.kw_defaults, *annotations]
    yield from (each for each in parts if each is not None)
    yield from getattr(node, "type_params", ())


def _is_still(node: ast.AST) -> bool:
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant)
    return isinstance(node, (*_STILL, ast.unaryop))
