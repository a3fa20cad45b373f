"""How user code is compiled: in one place, so that holding errors can prepare all of it alike.

Nothing of `holding` is loaded until something asks for errors to be held. From then on all code is
prepared, also what is compiled for a look at it: the redefinition engine finds functions by
comparing code, which must be in the same dress.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _ast as ast
    from types import CodeType
    from typing import Protocol

    class Preparing(Protocol):
        """Prepares code, and takes that back."""

        def __call__(
            self, code: CodeType, tree: ast.Module | ast.Expression, flags: int
        ) -> CodeType:
            """Return the code of a text, prepared."""

        def imported(self, code: CodeType, text: str) -> CodeType:
            """Return the code of a module that is imported, prepared if that is to be."""

        def plain(self, code: CodeType) -> CodeType:
            """Return code as it was before it was prepared."""

        def is_kept(self, code: CodeType) -> bool:
            """Whether it refers to code itself, which functions may run."""


_preparing: list[Preparing] = []
"""The one that is in use; empty where nothing is prepared."""


def compile_user(tree: ast.Module | ast.Expression, file: str, kind: str, flags: int) -> CodeType:
    """Compile what a user wrote; `tree` has the lines of `file`."""
    code: CodeType = compile(tree, file, kind, flags, dont_inherit=True)
    return _preparing[0](code, tree, flags) if _preparing else code


def imported_user(code: CodeType, text: str) -> CodeType:
    """Return the code of a module of the workspace, made from `text`, as it is to run."""
    return _preparing[0].imported(code, text) if _preparing else code


def plain(code: CodeType) -> CodeType:
    """Return code as the compiler made it: to compare what was compiled at different times."""
    return _preparing[0].plain(code) if _preparing else code


def is_kept(code: CodeType) -> bool:
    """Whether whoever prepares code refers to this."""
    return bool(_preparing) and _preparing[0].is_kept(code)


def prepare_with(preparing: Preparing) -> None:
    """Have all code that is compiled from now on prepared."""
    _preparing[:] = [preparing]
