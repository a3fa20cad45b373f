"""The commands on definitions: what runs, what the files say, and making the one the other."""

from __future__ import annotations

from relive.console import showing
from relive.console.desk import Desk
from relive.console.modules import Module, find


async def redefine(desk: Desk, text: str) -> None:
    """Redefine what changed in a module's file, or one definition of it."""
    first, _, name = text.partition(" ")
    module: Module | None
    if first and not name and find(desk.session.folder, first) is None and desk.session.module:
        module, name = desk.session.module, first  # a definition of the module we are in
    else:
        module = desk.module(first)
    if module is None:
        return
    if name:
        with desk.session.opened(module):
            argument = {"uri": module.uri, "name": name.strip()}
            told = await desk.session.client.execute("relive.redefine", argument)
    else:
        told = await desk.session.execute("relive.redefine", uris=[module.uri])
    has_changed = told["status"] in ("ok", "partial")
    say = desk.screen.line if has_changed else desk.screen.complaint
    for line in showing.redefinition(told):
        say(line)


async def load(desk: Desk, text: str) -> None:
    """Run a module's file in its module, which is entered."""
    module = desk.module(text)
    if module is not None and module.text() is None:
        desk.screen.complaint(f"The text of {module.file} cannot be read: see its encoding.")
    elif module is not None:
        await desk.runner.load(module)


async def compare(desk: Desk, text: str) -> None:
    """Print in which definitions the process and the files differ."""
    argument = {}
    if text:
        module = desk.module(text)
        if module is None:
            return
        argument = {"uri": module.uri}
    told = await desk.session.client.execute("relive.compare", argument)
    rows = [(desk.session.short(each["uri"]), each["name"]) for each in told["items"]]
    for line in showing.table(rows) or ["the process runs what the files say"]:
        desk.screen.line(line)
    for uri in told["unreadable"]:
        desk.screen.complaint(f"{desk.session.short(uri)} cannot be read as Python")


async def undo(desk: Desk) -> None:
    """Take the last step back that changed definitions."""
    told = await desk.session.execute("relive.undo")
    undone = told.get("undone")
    lines = showing.redefinition(told) if told["definitions"] or told["error"] else []
    head = f"undone: {undone}" if undone else "there is nothing to undo"
    for line in [head, *lines] if told["status"] in ("ok", "partial") else lines or [head]:
        desk.screen.line(line)


async def patches(desk: Desk) -> None:
    """Print what runs, in libraries, as something else than what was loaded."""
    told = await desk.session.client.execute("relive.patches")
    rows = [(desk.session.short(each["uri"]), each["name"]) for each in told["items"]]
    for line in showing.table(rows) or ["no library is patched"]:
        desk.screen.line(line)
