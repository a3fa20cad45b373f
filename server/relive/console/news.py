"""What others have evaluated in the same session: an editor, another console."""

from __future__ import annotations

from dataclasses import dataclass

from relive.console import showing
from relive.console.client import Json
from relive.console.screen import Screen
from relive.console.session import Session

_OTHERS = ("other:", "startup:")
"""How the tokens begin of evaluations of other connections, and of nobody's."""
_LONGEST_LINE = 200
_LINES = 10
"""What is shown of text that somebody else has typed."""


@dataclass(frozen=True)
class Asked:
    """An evaluation of somebody else's."""

    file: str | None
    """Where its code stands; None: in no file."""

    def at(self, told: Json) -> str:
        """Return where a result is of, as what stands before it."""
        return "" if self.file is None else f"{self.file}:{told['start']['line'] + 1} "


class News:
    """Tells of what others do, as it happens."""

    def __init__(self, session: Session, screen: Screen) -> None:
        self._session = session
        self._screen = screen
        self._asked: dict[str, Asked] = {}
        self._came_back: int | None = None
        """Which of the session's processes it was told of that it came back."""
        client = session.client
        client.listen("relive/asked", self._on_asked)
        client.listen("relive/output", self._on_output)
        client.listen("relive/result", self._on_result)
        client.listen("relive/evaluated", self._on_evaluated)
        client.listen("relive/redefined", self._on_redefined)
        client.listen("relive/recoverable", self._on_recoverable)
        client.listen("relive/session", self._on_session)
        client.listen("window/showMessage", self._on_message)

    def _on_asked(self, told: Json) -> None:
        stands = told["uri"] is not None and told["range"] is not None
        self._asked[told["token"]] = Asked(self._session.short(told["uri"]) if stands else None)
        if not stands:
            self._screen.note("\n".join(_as_typed(told["text"])))

    def _on_output(self, told: Json) -> None:
        if (told.get("token") or "").startswith(_OTHERS):
            self._screen.output(told["text"], told["stream"])

    def _on_result(self, told: Json) -> None:
        asked = self._asked.get(told.get("token") or "")
        result = told["result"]
        if asked is None or showing.is_none(result["value"]):
            return
        text = str(result["value"]["text"])
        self._screen.note(f"{asked.at(result['range'])}=> {text}")

    def _on_evaluated(self, told: Json) -> None:
        asked = self._asked.pop(told["token"], None)
        error = told["evaluation"]["error"]
        if asked is not None and error is not None:
            where = "" if error["range"] is None else asked.at(error["range"])
            self._screen.note(f"{where}=> {error['type']}: {error['message']}")

    def _on_redefined(self, told: Json) -> None:
        for line in showing.redefinition(told["redefinition"]):
            self._screen.note(f"{line}, by {_ORIGINS.get(told['origin'], told['origin'])}")

    def _on_recoverable(self, told: Json) -> None:
        number = told["evaluations"]
        self._screen.note(f"%recover runs again what can be of the {number} that had run")

    def _on_session(self, told: Json) -> None:
        came_back = told.get("cameBack")
        if came_back is not None and told["generation"] != self._came_back:
            self._came_back = told["generation"]
            self._screen.note(_came_back(came_back))

    def _on_message(self, told: Json) -> None:
        self._screen.note(told["message"])


def _came_back(told: Json) -> str:
    """Return how the process ended, and with what state another goes on."""
    ended, lost = f"the process {told['reason']}; another goes on with", told["lost"]
    if not lost:
        return f"{ended} its state"
    more = f", and {len(lost) - 1} more" if len(lost) > 1 else ""
    return f"{ended} the state before {lost[0]['label']}{more}: %recover runs again what was lost"


_ORIGINS = {"save": "saving", "disk": "a change on disk"}


def _as_typed(text: str) -> list[str]:
    """Return the begin of a block as it stands behind prompts."""
    lines = text.rstrip().split("\n")
    shown = [line[:_LONGEST_LINE] for line in lines[:_LINES]]
    more = ["…"] if len(lines) > _LINES else []
    return [f"{'...' if number else '>>>'} {line}" for number, line in enumerate([*shown, *more])]
