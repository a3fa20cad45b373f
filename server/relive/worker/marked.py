"""Forms that are marked to be kept: what keeps their values is loaded when the first one comes."""

from __future__ import annotations

import time

from relive.worker.own import own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

    from relive.worker.late_image import LateImage
    from relive.worker.statements import Statement

_time = time.time


class MarkedForms:
    """The way from a request to what keeps values."""

    def __init__(self, image: LateImage) -> None:
        self._image = image
        self._started = _time()
        self._keeper: Any = None

    def find(self, keep: dict[str, Any] | None, statement: Statement) -> Marked | None:
        """Return a statement of a request as one to keep, None if it is not marked."""
        if keep is None or statement.span not in keep["forms"]:
            return None
        if self._keeper is None:
            make = own("relive.worker.keeping.keeper").Keeper
            self._keeper = make(self._patched, self._started)
        return Marked(self._keeper, keep, statement)

    def put_away(self) -> Callable[[], None]:
        """Let what runs be; what is held meanwhile can have come by values nobody has followed."""
        if self._keeper is not None:
            self._keeper.look_away()

        def bring_back() -> None:
            if self._keeper is not None:
                self._keeper.spoil("an error in it was held")

        return bring_back

    def _patched(self) -> list[dict[str, Any]]:
        patches = own("relive.worker.patches").Patches(self._image.now)
        return [patch.to_wire() for patch in patches.all()]


class Marked:
    """A statement that is marked."""

    def __init__(self, keeper: Any, keep: dict[str, Any], statement: Statement) -> None:
        forms = own("relive.worker.keeping.form")
        reason = keep["problem"] or forms.reason_against(statement.node)
        self.told: dict[str, Any] | None = None if reason is None else forms.refused(reason)
        """The wire's Kept, once it has run."""
        self.was_interrupted = False
        """Whether an interrupt came once it had run."""
        self._keeper = keeper
        self._keep = keep
        self._make_form = forms.Form

    def value(
        self, code: CodeType, mode: str, scope: dict[str, Any], run: Callable[[], Any], nothing: Any
    ) -> Any:
        """Return the value that is kept, or run the statement and keep what it gives."""
        if self.told is not None:
            return run()
        keep = self._keep
        make_shelter = own("relive.worker.keeping.shelter").Shelter
        shelter = make_shelter(keep["folder"], bytes.fromhex(keep["key"]), keep["limit"])
        form = self._make_form(code, scope, run, has_value=mode == "assign")
        try:
            return self._keeper.run(form, shelter, anew=keep["anew"], nothing=nothing)
        finally:
            self.told, self.was_interrupted = form.told, form.was_interrupted
