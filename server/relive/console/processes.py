"""The commands on the process: what it is, what it does, what it keeps."""

from __future__ import annotations

from relive.console import showing
from relive.console.asking import LeaveError
from relive.console.client import Json
from relive.console.desk import Desk
from relive.source.definitions import find

_ACTIONS = {"retry": "retryStatement", "restart": "restartFrame", "abandon": "abandon"}


async def session(desk: Desk) -> None:
    """Print what the process is."""
    told = await desk.session.execute("relive.session")
    desk.screen.line(desk.session.described(told))
    for note in told["notes"]:
        desk.screen.note(note)


async def queue(desk: Desk) -> None:
    """Print what runs and what waits."""
    told = await desk.session.execute("relive.queue")
    for line in showing.table(_queued(each) for each in told["items"]) or ["nothing runs"]:
        desk.screen.line(line)


async def interrupt(desk: Desk) -> None:
    """Interrupt what runs."""
    told = await desk.session.execute("relive.interrupt")
    desk.screen.line("interrupted" if told["interrupted"] else "nothing runs")


async def stop(desk: Desk) -> None:
    """End the process."""
    desk.screen.line(desk.session.described(await desk.session.execute("relive.stop")))


async def shut_down(desk: Desk) -> None:
    """End the daemon, for all that have joined it."""
    await desk.session.client.execute("relive.shutDown")
    raise LeaveError


async def rerun(desk: Desk) -> None:
    """Run again what is no longer true."""
    told = await desk.session.client.execute("relive.rerunStale")
    desk.screen.line(f"{len(told['ran'])} ran again")
    for each in told["left"]:
        desk.screen.note(f"left: {each['why']}")


async def capture(desk: Desk, text: str) -> None:
    """Keep the next calls of a function of the module."""
    module = desk.module("")
    if module is None or not text:
        if module is not None:
            desk.screen.complaint("%capture takes the name of a function of the module.")
        return
    found = find(module.text() or "", text)
    if found is None or found.kind == "class":
        desk.screen.complaint(f"There is no function {text} in {module.file}.")
        return
    with desk.session.opened(module):
        argument = {"uri": module.uri, "name": text}
        told = await desk.session.client.execute("relive.captureCalls", argument)
    if told["capturing"]:
        desk.screen.line(f"the next calls of {told['name']} are kept")
    else:
        desk.screen.complaint(told["why"])


async def captured(desk: Desk) -> None:
    """Print the calls that are kept."""
    told = await desk.session.client.execute("relive.captured")
    for call in told["items"]:
        end = f"raised {call['error']}" if "error" in call else f"→ {call.get('result', '…')}"
        given = ", ".join(f"{each['name']}={each['text']}" for each in call["arguments"])
        desk.screen.line(f"{call['name']}({given}) {end}")
    if not told["items"]:
        desk.screen.line("no call is kept")


async def frames(desk: Desk) -> None:
    """Print the stack that is held, the innermost frame last."""
    told = await desk.session.execute("relive.frames")
    for each in reversed(_in_order(told["items"])):
        desk.screen.line(f"{each['frame']}  {each['name']}, {_place(desk, each)}: {each['text']}")
        if each.get("foreign"):
            desk.screen.note(f"     {each['whyNot']}")
        for local in each["locals"]:
            desk.screen.note(f"     {local['name']} = {local['text']}")
    desk.screen.line(told["items"][0]["error"] if told["items"] else "nothing is held")


async def resume(desk: Desk, text: str) -> None:
    """Have what is held go on."""
    word, _, value = text.partition(" ")
    argument: Json = {"action": _ACTIONS.get(word, word)}
    if word == "return":
        argument["value"] = value.strip() or "None"
    elif word not in _ACTIONS or value:
        desk.screen.complaint("%resume takes retry, restart, return EXPRESSION or abandon.")
        return
    await desk.runner.resume(argument)


async def whole(desk: Desk) -> None:
    """Print the value that was printed last, whole."""
    shown = desk.runner.last_shown
    if shown is None:
        desk.screen.complaint("No value was printed yet.")
        return
    told = await desk.session.execute("relive.valueText", ref=shown["ref"])
    desk.screen.line(told["gone"] if "gone" in told else told["text"])


def _in_order(frames: list[Json]) -> list[Json]:
    """Return frames as they are on the stack: those in which nothing goes on are told last."""
    holds = list(dict.fromkeys(each["hold"] for each in frames))
    return sorted(frames, key=lambda each: (holds.index(each["hold"]), each.get("depth", 0)))


def _queued(told: Json) -> tuple[str, ...]:
    return told["state"], f"{told['elapsedMs'] / 1000:.1f} s", told["code"]


def _place(desk: Desk, frame: Json) -> str:
    where = "the evaluated text" if frame["uri"] is None else desk.session.short(frame["uri"])
    return f"{where}:{frame['range']['start']['line'] + 1}"
