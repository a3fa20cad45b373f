"""Which names a module has."""

from __future__ import annotations

import asyncio

from relive.console.client import RefusedError
from relive.console.running import Runner
from relive.console.session import Session

_PATIENCE_S = 0.5
"""While code runs the process may not answer, and nobody should wait for it to be let out."""


class Names:
    """The names of the module that the console is in."""

    def __init__(self, session: Session, runner: Runner) -> None:
        self._session = session
        self._runner = runner

    async def has(self, name: str) -> bool:
        """Return whether the module has given `name` a value, as far as can be told at once."""
        if self._session.info["pid"] is None:
            return False
        module = self._session.module
        argument = {"filter": name} if module is None else {"filter": name, "uri": module.uri}
        asked = self._session.client.execute("relive.variables", argument)
        try:
            told = await asyncio.wait_for(asked, _PATIENCE_S)
        except (RefusedError, asyncio.TimeoutError):
            return name in self._runner.bound
        return any(each["name"] == name for each in told["items"])
