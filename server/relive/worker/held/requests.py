"""What requests about what is held bring along, and what is said where they cannot be done."""

from __future__ import annotations

from relive.worker.held.stops import RefusedHere, Stop
from relive.worker.own import own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from relive.worker.holding.toplevel import Edit

_NO_LITERAL = "while something runs, a thread is given plain values alone, such as None"


def literal_of(text: str) -> Any:
    """Return the value of a literal: for it nothing runs that would have to be stopped."""
    from ast import literal_eval

    try:
        return literal_eval(text.strip())
    except (ValueError, SyntaxError):
        raise RefusedHere(_NO_LITERAL) from None


def edit_of(stop: Stop, message: dict[str, Any]) -> Edit | None:
    """Return what became of the file that the evaluation is from, as far as that was sent."""
    now = message["document"]
    if now is None:
        return None
    edit: Edit = own("relive.worker.holding.toplevel").Edit(stop.run and stop.run.document, now)
    return edit


def refusal_of(message: dict[str, Any], failure: Exception) -> dict[str, Any]:
    """Return the answer that it cannot be done."""
    about = {"id": message["id"], "reason": reason_of(failure)}
    if message["op"] == "resume_point":
        return {"op": "resume_point", "answer": None, **about}
    return {"op": "refused", **about}


def reason_of(failure: BaseException) -> str:
    """Return why not, in words."""
    kind = type(failure).__name__
    says = str(failure)
    return says if kind in ("Refused", "RefusedHere") else f"{kind}: {says}" if says else kind
