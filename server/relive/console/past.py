"""The commands on what ran: the change log, going back, running again."""

from __future__ import annotations

from relive.console import showing
from relive.console.client import Json
from relive.console.desk import Desk

_ENTRIES = 20
"""How many are printed unless somebody says."""
_LONGEST_CODE = 60
_DIGITS = 9
"""Of the largest number that anybody can mean."""


async def changes(desk: Desk, text: str) -> None:
    """Print the latest entries of the change log, the last at the end."""
    if text and not (text.isdecimal() and len(text) <= _DIGITS):
        desk.screen.complaint("%changes takes a number: how many of the latest entries.")
        return
    limit = int(text) if text else _ENTRIES
    entries = await desk.session.execute("relive.history", limit=limit)
    for line in showing.table(_row(desk, each) for each in reversed(entries)):
        desk.screen.line(line)
    if not entries:
        desk.screen.line("nothing has run yet")


async def rewind(desk: Desk, text: str) -> None:
    """Go back to before the last evaluation; ask first where that does not undo all of it."""
    if text not in ("", "yes"):
        desk.screen.complaint("%rewind takes nothing, or the word yes.")
        return
    offer = await desk.session.execute("relive.rewindOffer")
    for warning in offer["warnings"]:
        desk.screen.note(warning)
    question = f"Go back to before {offer['label']}?"
    if offer["warnings"] and not text and not await desk.user.confirm(question):
        desk.screen.line("nothing was undone; `%rewind yes` does not ask")
        return
    argument = {"evaluation": offer["evaluation"]}
    told = (await desk.session.execute("relive.rewind", **argument)).get("rewind") or {}
    if told.get("failed"):
        desk.screen.complaint(f"stopped at {told.get('stoppedAt')}: {told['failed']}")
    else:
        desk.screen.line(f"back to before {offer['label']}")


async def recover(desk: Desk) -> None:
    """Run again what the last process that died had run, as far as that acts on nothing else.

    Of one that has come back by itself, what it lost.
    """
    came_back = (await desk.session.execute("relive.session")).get("cameBack")
    lost = [each["entry"] for each in came_back["lost"] if each["entry"]] if came_back else []
    if lost:
        _tell_replay(desk, await desk.session.execute("relive.recover", entries=lost))
        return
    found = await desk.session.execute("relive.recoverable")
    if found is None:
        desk.screen.line("there is nothing to recover")
        return
    desk.screen.note(f"{found['reason']}; {len(found['entries'])} entries")
    argument = {"session": found["session"], "life": found["life"]}
    _tell_replay(desk, await desk.session.execute("relive.recover", **argument))


async def restart(desk: Desk, text: str) -> None:
    """Have a fresh process, with `replay` one in which runs what had run."""
    if text not in ("", "replay"):
        desk.screen.complaint("%restart takes nothing, or the word replay.")
        return
    told = await desk.session.execute("relive.restart", replay=bool(text))
    desk.screen.line(desk.session.described(told))
    _tell_replay(desk, told)


def _tell_replay(desk: Desk, told: Json) -> None:
    replay = told.get("replay")
    if replay is None:
        return
    desk.screen.line(f"{replay['done']} of {replay['total']} entries ran again")
    skipped = [each["why"] for each in replay["skipped"]]
    for why in dict.fromkeys(skipped):
        desk.screen.note(f"left out {skipped.count(why)}: {why}")
    if replay["failed"] is not None:
        error, entry = replay["failed"]["error"], replay["failed"]["entry"]
        code = entry["text"].strip().split("\n")[0]
        desk.screen.complaint(f"stopped at {code}: {error['type']}: {error['message']}")


def _row(desk: Desk, entry: Json) -> tuple[str, ...]:
    what = entry["text"].strip().split("\n")[0] or entry["name"] or entry["kind"]
    if len(what) > _LONGEST_CODE:
        what = what[: _LONGEST_CODE - 1] + "…"
    where = "" if entry["uri"] is None else desk.session.short(entry["uri"])
    return entry["at"][11:19], entry["kind"], entry["status"], where, what
