// What is seen while code runs: bars at the line, the queue, output under its code, questions.
import { expect } from "vitest";
import { projectPython } from "../../scripts/lib/project.mjs";
import { test } from "./harness/test.ts";

const SETTINGS = ".vscode/settings.json";
const HIGH_CONTRAST = '{ "workbench.colorTheme": "Default High Contrast" }';

const BARS = `import threading, time
from tqdm import tqdm
from rich.progress import track

def tqdm_bar():
    for n in tqdm(range(4), mininterval=0):
        if n == 2: time.sleep(600)

def rich_bar():
    for n in track(range(4), "counting"):
        if n == 2: time.sleep(600)

tqdm_bar()
rich_bar()
`;

test("bars of tqdm and rich are live at their line, and stand in the output", async ({ open }) => {
  const settings = {
    "workbench.colorTheme": "Default Dark Modern",
    "relive.session.pythonPath": projectPython, // it has the libraries
  };
  const window = await open({ "a.py": BARS, [SETTINGS]: JSON.stringify(settings) }, "a.py");
  await window.caretBefore("tqdm_bar()", 2);
  await window.press("Alt+Enter");
  await window.untilAnnotated("tqdm_bar()", /^⟳ \d+ s · +50%\|.*2\/4/, 2);
  await window.screenshot("progress 1 tqdm");
  await window.clickInHover("Interrupt");
  await window.untilAnnotated("tqdm_bar()", /^■ interrupted/, 2);
  await window.caretBefore("rich_bar()", 2);
  await window.press("Alt+Enter");
  await window.untilAnnotated("rich_bar()", /^⟳ \d+ s · counting .*50%/, 2);
  expect(await window.status()).toMatch(/Relive: \d+ s$/);
  await window.command("Relive: Show Output");
  await expect
    .poll(() => window.outputPanel())
    .toMatch(
      /▸ a\.py:13 · \d+\s+tqdm_bar\(\)\s+50%.*▸ a\.py:14 · \d+\s+rich_bar\(\)\s+counting .*50%/s,
    );
  await window.screenshot("progress 2 rich and the output");
  await window.command("Relive: Interrupt");
  await window.untilAnnotated("rich_bar()", /^■ interrupted/, 2);
});

const QUEUE = `import threading, time
go = threading.Event()
print("\\033[1;31mred\\033[0m")
time.sleep(600)
first = "one"
second = "two"
def late():
    go.wait()
    print("from a thread")
    1 / 0
threading.Thread(target=late).start()
print("last")
go.set()
`;

test("what waits is listed and cancelled, and a thread's output stands under its code", async ({
  share,
}) => {
  const window = await share({ "a.py": QUEUE }, "a.py");
  await window.caretBefore("go =");
  await window.press("Alt+Enter");
  // The first time the editor asks the extension host; the caret has to stay where it is until then.
  await window.untilAnnotated("go =", /^⇒ <threading\.Event/);
  for (const line of ["print(", "time.sleep(600)", "first =", "second ="]) {
    await window.caretBefore(line);
    await window.press("Alt+Enter");
  }
  await window.untilAnnotated("first =", /^⟳ waiting$/);
  await expect.poll(() => window.status()).toMatch(/^Relive: \d+ s, 2 waiting$/);
  await window.openList("Relive: Show Queue", "Queue");
  expect(await window.listed()).toEqual([
    expect.stringMatching(/^time\.sleep\(600\) running, .* · a\.py:4$/),
    'first = "one" waiting · a.py:5',
    'second = "two" waiting · a.py:6',
  ]);
  await window.screenshot("progress 3 the queue");
  await window.press("ArrowDown", "Delete");
  await expect.poll(async () => (await window.listed()).length).toBe(2);
  await window.press("Escape");
  await window.untilAnnotated("first =", /^■ interrupted$/);
  await window.caretBefore("second =");
  await window.clickInHover("Cancel");
  await window.untilAnnotated("second =", /^■ interrupted$/);
  await expect.poll(() => window.status()).toMatch(/^Relive: \d+ s$/);
  await window.caretBefore("time.sleep(600)");
  await window.clickInHover("Interrupt");
  await window.untilAnnotated("time.sleep(600)", /^■ interrupted/);

  for (const line of ["threading.Thread", 'print("last")', "go.set()"]) {
    await window.caretBefore(line);
    await window.press("Alt+Enter");
  }
  await window.untilAnnotated('print("last")', /^▸ last$/);
  // Its error is held, on its own thread, until somebody lets it go.
  await window.untilAnnotated("1 / 0", /‖ held in Thread-1 \(late\): ZeroDivisionError/);
  await window.command("Relive: Abandon");
  await expect.poll(() => window.annotation("1 / 0")).not.toContain("held");
  await window.command("Relive: Show Output");
  await expect
    .poll(() => window.outputPanel())
    .toMatch(
      /▸ a\.py:3 · \d+\s+print\(.*red\s.*print\("last"\)\s+last\s+▸ a\.py:11 · \d+\s+threading\.Thread.*from a thread.*line 10, in late.*ZeroDivisionError/s,
    );
  await window.screenshot("progress 4 a thread's output");
  await window.followInOutput("line 10, in late");
  await window.untilCaretOn("1 / 0");
});

test("a question is answered, ended and refused by keys, and a password is hidden", async ({
  share,
}) => {
  const code = 'import getpass\n[input("Name? "), getpass.getpass("Key: ")]\ninput("More? ")\n';
  const window = await share({ "a.py": code, [SETTINGS]: HIGH_CONTRAST }, "a.py");
  await window.caretBefore("[input(");
  await window.press("Alt+Enter");
  await window.answerInput("Name?", "Ada");
  await window.untilAsked("Key:");
  await window.type("secret");
  await window.screenshot("progress 5 a password");
  expect(await window.isMasked()).toBe(true);
  await window.press("Enter");
  await window.untilAnnotated("[input(", /^⇒ \['Ada', 'secret'\]$/);
  await window.caretBefore('input("More? ")');
  await window.press("Alt+Enter");
  await window.untilAsked("More?");
  await window.press("Control+d");
  await window.untilAnnotated('input("More? ")', /^✗ EOFError/);
  await window.caretBefore('input("More? ")');
  await window.press("Alt+Enter");
  await window.untilAsked("More?");
  await window.press("Escape");
  await window.untilAnnotated('input("More? ")', /^■ interrupted$/);
});
