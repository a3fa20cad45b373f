"""Taking names away before what gives them runs again: a fresh run has none of them there.

A branch that is not taken any more would leave its name as it was; a class that is live would not
be made again, and register nowhere.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Collection

from relive.lsp import commands
from relive.lsp.daemon import Daemon
from relive.lsp.folder_session import FolderSession
from relive.session.units import Name
from relive.session.values import InspectedValue
from relive.session.viewing import Inspection

_TOKENS = itertools.count(1)
_TAKEN = """\
vars(__import__("builtins"))["__former__"] = {{
    _: globals().pop(_) for _ in {names} if _ in globals()
}}
"""
"""What they were is kept where no code looks: who goes through the names of the module is to find
no other than ever."""
_FORGOTTEN = 'del vars(__import__("builtins"))["__former__"]'
_PUT_BACK = """\
globals().update({**vars(__import__("builtins")).pop("__former__"), **globals()})
"""
_HOLDER = """\
next((
    n for n, m in [*__import__("sys").modules.items()]
    if getattr(m, "__dict__", None) is not globals() and getattr(m, "__file__", None) not in {files}
    and any(v is {name} for v in [*getattr(m, "__dict__", {{}}).values()])
), "")"""


class TakenAway:
    """Names of a module that are not there while something runs again."""

    def __init__(
        self, daemon: Daemon, session: FolderSession, uri: str, names: Collection[str]
    ) -> None:
        """`uri`: of the module's file."""
        self._daemon = daemon
        self._session = session
        self._uri = uri
        self._names = names
        self._is_taken = False

    async def take(self) -> None:
        """Take them away, those that are there."""
        if self._names:
            self._is_taken = await self._run(_TAKEN.format(names=list(self._names)))

    async def end(self, *, has_failed: bool) -> None:
        """Put back what was not made again if it failed: nothing is lost by running again."""
        if self._is_taken:
            await self._run(_PUT_BACK if has_failed else _FORGOTTEN)

    async def _run(self, text: str) -> bool:
        """Run what stands in no file, as if nothing had run; return whether it came to its end."""
        params = commands.EvaluateTextParams(text, self._uri, token=f"away:{next(_TOKENS)}")
        answer = await self._daemon.evaluate_text(params)
        typed = map(self._session.staleness.unit, (each.id for each in answer.results))
        self._session.staleness.removed([each for each in typed if each is not None])
        return answer.status == "ok"


async def holder_of(
    session: FolderSession, names: Collection[Name], anew: Collection[str | None]
) -> str | None:
    """Return a module that has what a name stands for, and is not of the files that run anew."""
    for file, name in names:
        expression = _HOLDER.format(name=name, files=sorted(each for each in anew if each))
        found = await session.view(Inspection(expression=expression, file=file))
        if isinstance(found, InspectedValue) and (holder := ast.literal_eval(found.text)):
            return str(holder)
    return None
