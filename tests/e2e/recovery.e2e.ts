// What was evaluated is not lost: it is recovered after a crash, by keys, as far as is wished.
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { projectPython } from "../../scripts/lib/project.mjs";
import { findPython } from "../../scripts/lib/python.mjs";
import { WITHOUT_CHECKPOINTS } from "./harness/settings.ts";
import { test } from "./harness/test.ts";
import type { EditorWindow } from "./harness/window.ts";

/** The process that the worker is a child of is its warden, and that one is the server's. */
const SHOP = `import os

prices = {"apple": 3, "pear": 5}


def pids():
    return os.getpid(), int(open(f"/proc/{os.getppid()}/stat").read().split()[3])


def total(basket):
    return sum(prices[fruit] for fruit in basket)


total(["apple", "pear"])
pids()
prices["plum"] = 7
total(["plum"])
"the end"
`;

async function evaluate(window: EditorWindow, line: string, shown: RegExp, occurrence = 1) {
  await window.caretBefore(line, occurrence);
  await window.press("Alt+Enter");
  await window.untilAnnotated(line, shown, occurrence);
}

test("worker and server are killed, the window is reloaded, and all but the last comes back", async ({
  open,
}) => {
  const window = await open({ "shop.py": SHOP, ...WITHOUT_CHECKPOINTS }, "shop.py");
  await evaluate(window, 'prices = {"apple"', /^⇒ \{/);
  await evaluate(window, 'total(["apple"', /^⇒ 8$/);
  await window.replace("return sum(", "return 10 * sum(");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def total", /^✓ redefined/);
  await window.press("Control+s");
  await evaluate(window, "pids()", /^⇒ \(\d+, \d+\)$/, 2);
  const pids = (await window.annotation("pids()", 2)).match(/\d+/g)?.map(Number) ?? [];
  await evaluate(window, 'prices["plum"]', /^⇒ 7$/);
  await evaluate(window, 'total(["plum"])', /^⇒ 70$/);
  await evaluate(window, '"the end"', /^⇒ 'the end'$/);

  for (const pid of pids) process.kill(pid, "SIGKILL");
  await window.reload("shop.py");
  await expect.poll(() => window.notifications()).toMatch(/project ended unexpectedly.*recover 7/);
  expect(await window.annotation('total(["plum"])')).toBe("");
  await window.screenshot("recovery offered");
  await window.acceptNotified("Recover Session (7 evaluations)…");
  await window.untilListed("Recover: project");
  await window.screenshot("recovery list");
  await window.press("Alt+l");
  await expect.poll(() => window.checkedInList()).not.toContain('"the end"');
  await window.press("Enter");
  await window.untilAnnotated('total(["plum"])', /^⇒ 70$/);
  await window.untilAnnotated('prices["plum"]', /^⇒ 7$/);
  expect(await window.annotation('"the end"')).toBe("");
  await window.screenshot("recovered");

  await evaluate(window, 'total(["apple"', /^⇒ 80$/);
  await expect.poll(() => window.notifications()).toBe("");
});

const FAILING = `import os

rows = open("rows.txt").read().split()
scale = 10
scaled = [scale * int(row) for row in rows]
os._exit(3)
hidden = "no one's"  # relive: nolog
len(rows)
`;

test("after a worker's death the offer stands, and a replay that fails is gone on with later", async ({
  open,
}) => {
  const files = { "load.py": FAILING, "rows.txt": "1 2 3", ...WITHOUT_CHECKPOINTS };
  const window = await open(files, "load.py");
  await evaluate(window, "rows = open", /^⇒ \['1'/);
  await evaluate(window, "scale = 10", /^⇒ 10$/);
  await evaluate(window, "scaled = ", /^⇒ \[10, 20, 30\]$/);
  await evaluate(window, "hidden = ", /^⇒/);
  await evaluate(window, "os._exit", /^✗ the Python process ended/);
  await expect.poll(() => window.notifications()).toMatch(/ended unexpectedly.*recover 5/);
  await window.clickNotified("Not Now");
  await expect.poll(() => window.notifications()).toBe("");

  await rm(join(window.folder, "rows.txt"));
  await window.press("Control+k", "g");
  await window.acceptListOf("Recover Session (5 evaluations)…", "Recover: project");
  await window.press("Alt+o"); // what is looked at is not typed into
  await window.untilCaretOn("os._exit");
  await window.screenshot("recovery list after a death");
  const checked = await window.checkedInList();
  expect(checked).toEqual([
    'rows = open("rows.txt").read().split()',
    "scale = 10",
    expect.any(String),
  ]);
  await window.press("Enter");
  await expect.poll(() => window.notifications()).toMatch(/stopped at rows = .*FileNotFoundError/);
  await window.untilAnnotated("rows = open", /^✗ FileNotFoundError/);
  expect(await window.isUnsaved()).toBe(false);
  await window.screenshot("recovery stopped");
  await window.press("Control+Shift+a");
  await expect.poll(() => window.notifications()).toMatch(/stopped at scaled = .*NameError/);
  await window.command("Notifications: Clear All Notifications");

  await window.writeBehind({ "rows.txt": "4 5" });
  await evaluate(window, "rows = open", /^⇒ \['4', '5'\]$/);
  await window.untilIdle();
  await window.press("Control+k", "g");
  await window.acceptListOf("Continue Recovery (1 evaluation)…", "Go On Recovering");
  await window.press("Enter"); // nothing is checked yet, so nothing happens
  await window.press("Alt+a");
  await expect.poll(() => window.checkedInList()).toHaveLength(1);
  await window.press("Enter");
  await window.untilAnnotated("scaled = ", /^⇒ \[40, 50\]$/);
  await evaluate(window, "len(rows)", /^⇒ 2$/);
});

const KEPT = `import os, sys

sys.prefix == sys.base_prefix
rate = 2
price = rate * 21


def server():
    return int(open(f"/proc/{os.getppid()}/stat").read().split()[3])


server()
1 / 0
name = input("Name? ")
`;

test("a session that is kept goes on when the window is reloaded, its results and questions too", async ({
  open,
}) => {
  const SETTINGS = ".vscode/settings.json";
  const settings = {
    "relive.session.keepAliveFor": 60,
    "standIn.environment": [projectPython],
  };
  const project = { "shop.py": KEPT, [SETTINGS]: JSON.stringify(settings) };
  const window = await open(project, "shop.py");
  await evaluate(window, "sys.prefix", /^⇒ False$/); // a virtual environment's
  await evaluate(window, "rate = 2", /^⇒ 2$/);
  await evaluate(window, "price = ", /^⇒ 42$/);
  await evaluate(window, "server()", /^⇒ \d+$/, 2);
  const server = Number((await window.annotation("server()", 2)).match(/\d+/)?.[0]);
  await evaluate(window, "1 / 0", /^✗ ZeroDivisionError/);
  await window.replace("rate = 2", "rate = 3");
  await evaluate(window, "rate = 3", /^⇒ 3$/);
  await window.untilAnnotated("price = ", /^⇒ 42 \(stale\)$/);
  await window.press("Control+s");
  await window.caretBefore("name = input");
  await window.press("Alt+Enter");
  await window.untilAsked("Name?");

  await window.reload("shop.py");
  await window.untilAnnotated("price = ", /^⇒ 42 \(stale\)$/);
  await window.untilAnnotated("1 / 0", /^✗ ZeroDivisionError/);
  await window.untilAnnotated("server()", new RegExp(`^⇒ ${String(server)}$`), 2);
  await window.untilAsked("Name?");
  await window.screenshot("a kept session after a reload");
  await window.answerInput("Name?", "Ada");
  await window.untilAnnotated("name = input", /^⇒ 'Ada'$/);
  await evaluate(window, "price = ", /^⇒ 63$/);

  // What another extension chooses now is offered, and taken when it is wished: a command that wraps one is no interpreter.
  const other = await findPython();
  const chosen = { "standIn.environment": [other, "-I"], "standIn.python": other };
  await window.writeBehind({ [SETTINGS]: JSON.stringify({ ...settings, ...chosen }) });
  await expect.poll(() => window.notifications()).toMatch(/interpreter was changed/);
  await evaluate(window, "server()", new RegExp(`^⇒ ${String(server)}$`), 2);
  await window.screenshot("another interpreter is offered");
  await window.acceptNotified("Restart Session");
  await expect.poll(() => window.spokenStatus()).toContain(` ${other}`);
  await evaluate(window, "sys.prefix", /^⇒ True$/);

  await window.command("Relive: Shut Down Server");
  await expect.poll(() => existsSync(`/proc/${String(server)}`)).toBe(false);
  expect(await window.notifications()).not.toMatch(/unexpectedly/);
});

test("the extension's process is killed, and its session goes on with another", async ({
  open,
}) => {
  const settings = JSON.stringify({ "relive.session.keepAliveFor": 60 });
  const window = await open({ "shop.py": KEPT, ".vscode/settings.json": settings }, "shop.py");
  await evaluate(window, "rate = 2", /^⇒ 2$/);
  const server = await serverOf(window);
  await window.caretBefore("name = input");
  await window.press("Alt+Enter");
  await window.untilAsked("Name?");

  const noticed = window.page.waitForEvent("console", {
    predicate: (message) => /terminated unexpectedly/.test(message.text()),
  });
  process.kill(await parentOf(server), "SIGKILL"); // no word is said to the server
  await noticed; // what it had shown is gone with it
  await window.untilAsked("Name?");
  await window.untilAnnotated("rate = 2", /^⇒ 2$/);
  await window.answerInput("Name?", "Ada");
  await window.untilAnnotated("name = input", /^⇒ 'Ada'$/);
  await evaluate(window, "price = ", /^⇒ 42$/); // with the name that was set before
  expect(await serverOf(window)).toBe(server);
  await window.screenshot("a session after a dropped connection");
});

async function parentOf(pid: number): Promise<number> {
  const line = await readFile(`/proc/${String(pid)}/stat`, "utf8");
  return Number(line.split(" ")[3]);
}

async function serverOf(window: EditorWindow): Promise<number> {
  await evaluate(window, "server()", /^⇒ \d+$/, 2);
  return Number((await window.annotation("server()", 2)).match(/\d+/)?.[0]);
}

test("a server that is suspended is said not to answer, and is joined once it goes on, or ended", async ({
  open,
}) => {
  const settings = JSON.stringify({ "relive.session.keepAliveFor": 60 });
  const window = await open({ "shop.py": KEPT, ".vscode/settings.json": settings }, "shop.py");
  await evaluate(window, "rate = 2", /^⇒ 2$/);
  const server = await serverOf(window);
  const untilSaidToBeSilent = async () => {
    process.kill(server, "SIGSTOP");
    await window.reload("shop.py");
    await window.caretBefore("price = ");
    await window.press("Alt+Enter");
    const told = `process ${String(server)}, .* does not answer.* kill -CONT ${String(server)},`;
    await expect.poll(() => window.notifications()).toMatch(new RegExp(told, "s"));
  };
  try {
    await untilSaidToBeSilent();
    await window.screenshot("a server does not answer");
    process.kill(server, "SIGCONT");
    await window.command("Notifications: Clear All Notifications");
    await evaluate(window, "price = ", /^⇒ 42$/); // with the name that was set before
    await untilSaidToBeSilent();
    await window.clickNotified("Shut Down Server");
    await expect.poll(() => existsSync(`/proc/${String(server)}`)).toBe(false);
    expect(await serverOf(window)).not.toBe(server);
  } finally {
    endIfThere(server);
  }
});

/** Whatever a story that failed has left of it. */
function endIfThere(pid: number) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}
