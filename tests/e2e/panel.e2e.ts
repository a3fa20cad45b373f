// The results panel: values in their best form, gone through and kept, and harmless whatever they are.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "vitest";
import { projectPython } from "../../scripts/lib/project.mjs";
import { test } from "./harness/test.ts";
import { THEMES } from "./harness/themes.ts";
import type { EditorWindow } from "./harness/window.ts";

/** Sessions run where the libraries are that a person would have. */
const withLibraries = {
  ".vscode/settings.json": JSON.stringify({ "relive.session.pythonPath": projectPython }),
};

/** Pictures to be looked at. */
async function inAllThemes(window: EditorWindow, name: string) {
  for (const theme of THEMES) {
    await window.useTheme(theme);
    await window.screenshot(`${name} ${theme}`);
  }
}

const FRAME = `import pandas as pd
frame = pd.DataFrame({"name": [f"n{i}" for i in range(5000)], "size": [i * 7 % 5000 for i in range(5000)]})
numbers = {"odd": list(range(1, 500, 2)), "even": {"two": 2}}
"later"
`;

test("a frame is a table that sorts, in a history that goes back and can be held", async ({
  open,
}) => {
  const window = await open({ "a.py": FRAME, ...withLibraries }, "a.py");
  await window.caretBefore("frame =");
  await window.press("Alt+Enter");
  await window.untilAnnotated("frame =", /⇒ DataFrame 5,000 rows × 2 columns/);
  await window.clickInHover("Results Panel");
  const { panel } = window;
  const row = (number: number) => panel.locator("tbody tr").nth(number).locator("td");
  await expect.poll(() => row(0).allInnerTexts()).toEqual(["n0", "0"]);
  const heads = panel.locator("thead th");
  await heads.filter({ hasText: "size" }).getByRole("button").click();
  await expect.poll(() => row(1).allInnerTexts()).toEqual(["n2143", "1"]);
  await heads.filter({ hasText: "size" }).getByRole("button").click();
  await expect.poll(() => row(0).allInnerTexts()).toEqual(["n2857", "4999"]);
  await panel.locator(".scrolled").press("End");
  await expect
    .poll(() => panel.locator("tbody tr").last().locator("td").allInnerTexts())
    .toEqual(["n0", "0"]);
  await inAllThemes(window, "table");

  await window.caretBefore("numbers =");
  await window.press("Alt+Enter");
  await panel.getByRole("treeitem", { name: "odd" }).press("ArrowRight");
  await panel.getByText("199", { exact: true }).waitFor();
  await window.screenshot("tree");
  await window.command("Relive: Results Panel: Back");
  await panel.locator("thead").waitFor();
  await window.command("Relive: Results Panel: Pin");
  await panel.getByText("Pinned · 1 of 2").waitFor();
  await window.caretBefore('"later"');
  await window.press("Alt+Enter");
  await panel.getByText("Pinned · 1 of 3").waitFor();
  await panel.locator("thead").waitFor();
  await window.command("Relive: Results Panel: Unpin");
  await panel.getByText("Pinned").waitFor({ state: "hidden" });
  await window.command("Relive: Results Panel: Forward");
  await panel.getByText("2 of 3").waitFor();
  await window.command("Relive: Results Panel: Forward");
  await panel.getByText("'later'").waitFor();
});

const FIGURE = `import matplotlib.pyplot as plt
figure, axes = plt.subplots()
line = axes.plot([3, 1, 2])
figure
plt.plot([1, 2]); plt.show()
`;

test("a figure is a picture in the hover and in the panel", async ({ open }) => {
  const window = await open({ "a.py": FIGURE, ...withLibraries }, "a.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("plt.show()", /✓ picture/);
  await window.caretBefore("figure", 2);
  await window.hover();
  await window.page.locator(".monaco-hover img").waitFor();
  await window.screenshot("thumbnail");
  await window.clickInHover("Results Panel");
  const picture = window.panel.getByRole("img");
  const width = () => picture.evaluate((image: HTMLImageElement) => image.naturalWidth);
  await expect.poll(width).toBeGreaterThan(300);
  await inAllThemes(window, "figure");
});

/** An object whose HTML tries to run, to load, to send and to cover. */
const HOSTILE = (elsewhere: string) => `class Hostile:
    def _repr_html_(self):
        return """<h1>Harmless</h1><script>document.body.textContent = 'taken'</script>
<img src=x onerror="document.body.textContent = 'taken'"><a href="command:relive.terminate">stop</a>
<img src="${elsewhere}/all.png"><form action="${elsewhere}/"><input name=a></form>
<style>:host, h1 { position: fixed !important; inset: 0; background: url(${elsewhere}/b.png) }</style>
<script>
  try { document.body.append(parent.document.title, " reached") } catch { document.body.append("shut in") }
  fetch("${elsewhere}/").catch(() => document.body.append(", without network"))
</script>"""


Hostile()
`;

test("hostile HTML shows, and does nothing", async ({ share }) => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    const place = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const window = await share({ "a.py": HOSTILE(`http://${place}`) }, "a.py");
    await window.caretBefore("Hostile()");
    await window.press("Alt+Enter");
    await window.untilAnnotated("Hostile()", /^⇒/);
    await window.command("Relive: Show in Results Panel");
    const { panel } = window;
    await panel.getByRole("heading", { name: "Harmless" }).waitFor();
    await panel.getByText("stop").click();
    await panel.getByText(`Nothing is loaded from ${place}`).waitFor();
    await window.screenshot("hostile");
    await panel.getByRole("button", { name: "Run its scripts" }).click();
    const inside = panel.frameLocator("iframe");
    await inside.getByText("shut in, without network").waitFor();
    expect(asked).toEqual([]);
    expect(await window.status()).toContain("idle");
  } finally {
    server.close();
  }
});

test("the whole of a long value is opened", async ({ share }) => {
  const window = await share({ "a.py": '"x" * 300_000\n' }, "a.py");
  await window.press("Alt+Enter");
  await window.untilAnnotated('"x"', /300,000 characters$/);
  await window.command("Relive: Open Result");
  await window.page.locator('.tab.active[data-resource-name="Value.txt"]').waitFor();
  await window.press("Control+a");
  await window.untilSelected(300_002);
});
