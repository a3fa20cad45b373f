"""Functions by their code, looked for once where many definitions change one after another.

Asking the garbage collector who refers to a code object goes through the whole heap. The second
time that it would be asked, the functions of a file are all noted instead; what was made since then
is not among them, and is asked for.
"""

from __future__ import annotations

import gc
from types import FunctionType
from weakref import ref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import CodeType


class Searched:
    """The functions of files, as they were when somebody asked for them."""

    def __init__(self) -> None:
        self._is_first = True
        self._files: set[str] = set()
        self._by_code: dict[int, list[ref[FunctionType]]] = {}

    def known(self, codes: Iterable[CodeType]) -> list[FunctionType]:
        """Return functions that run one of `codes`: of the first that are asked for, none."""
        wanted = {id(each): each for each in codes}
        if self._is_first:
            self._is_first = False
            return []
        files = {each.co_filename for each in wanted.values()}
        if not files <= self._files:
            self._note(files)
        known = [each() for code in wanted for each in self._by_code.get(code, ())]
        return [each for each in known if each is not None and id(each.__code__) in wanted]

    def _note(self, files: set[str]) -> None:
        """Note the functions of `files`, besides those of other files."""
        self._files |= files
        self._by_code = {}
        for each in gc.get_objects():
            if type(each) is FunctionType and each.__code__.co_filename in self._files:
                self._by_code.setdefault(id(each.__code__), []).append(ref(each))
