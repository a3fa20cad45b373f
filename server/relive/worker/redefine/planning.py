"""What planning one file's changes shares: the module, its image, where writes and news go."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.namespace import Namespace
    from relive.worker.redefine.definitions import Definition
    from relive.worker.redefine.follow import Follower
    from relive.worker.redefine.receipt import Change
    from relive.worker.redefine.transaction import Transaction


class Planning:
    """One file's part in a redefinition while it is planned."""

    def __init__(
        self,
        namespace: Namespace,
        live: dict[str, Definition],
        transaction: Transaction,
        follower: Follower,
        *,
        evaluated: bool,
        changed: set[str],
    ) -> None:
        """Plan for one module.

        Args:
            namespace: the module.
            live: its live definitions.
            transaction: takes the writes.
            follower: finds the names elsewhere that hold what is replaced.
            evaluated: the user ran the statement, so its defaults are computed anew even where
                their text is what it was.
            changed: names of the module with other values than before: what is computed from them
                is computed anew.
        """
        self.namespace = namespace
        self.live = live
        self.transaction = transaction
        self.follower = follower
        self.evaluated = evaluated
        self.changed = changed
        self.changes: list[Change] = []

    def bind(self, owner: Any, name: str, value: Any) -> None:
        """Plan that a module or class holds `value` under `name`."""
        if isinstance(owner, type):
            self.transaction.set_attribute(owner, name, value)
            return
        scope = vars(owner)
        self.transaction.set_item(scope, name, value)
        if name not in scope:
            scope[name] = value  # what is planned next may use it; the step's snapshot knows it

    def unbind(self, owner: Any, name: str) -> None:
        """Plan that a module or class no longer has `name`."""
        if isinstance(owner, type):
            self.transaction.delete_attribute(owner, name)
        else:
            self.transaction.delete_item(vars(owner), name)
