// Files that another program changes behind the editor's back.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

const MAIN = `import helper


class Counter:
    def step(self):
        return helper.amount()


counter = Counter()
counter.step()
`;
const HELPER = "def amount():\n    return 1\n";

test("a file changed by another program is followed, whether it is open or not", async ({
  share,
}) => {
  const window = await share({ "a.py": MAIN, "helper.py": HELPER }, "a.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("counter.step()", /^⇒ 1$/);
  await window.writeBehind({
    "a.py": `# Two lines\n# more.\n${MAIN.replace("helper.amount()", "helper.amount() + 100")}`,
    "helper.py": HELPER.replace("return 1", "return 7"),
  });
  await window.untilAnnotated("def step", /^✓ redefined · 1 instance/);
  expect(await window.statusMessage()).toMatch(/^Relive: ✓ redefined 3 definitions$/);
  await window.screenshot("redefined from disk");
  await window.untilAnnotated("counter.step()", /^⇒ 1 \(stale\)$/);
  await window.caretBefore("counter.step()");
  await window.press("Alt+Enter");
  await window.untilAnnotated("counter.step()", /^⇒ 107$/);
  expect(await window.notifications()).toBe("");
});

test("unsaved text wins over what another program writes", async ({ share }) => {
  const window = await share({ "a.py": MAIN, "helper.py": HELPER }, "a.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("counter.step()", /^⇒ 1$/);
  await window.replace("helper.amount()", "helper.amount() * 2");
  await window.writeBehind({ "a.py": MAIN.replace("helper.amount()", "0") });
  await window.writeBehind({ "helper.py": HELPER.replace("return 1", "return 7") });
  await expect.poll(() => window.statusMessage()).toMatch(/^Relive: ✓ redefined amount$/);
  await window.caretBefore("counter.step()");
  await window.press("Alt+Enter");
  await window.untilAnnotated("counter.step()", /^⇒ 7$/);
  expect(await window.isUnsaved()).toBe(true);
});
