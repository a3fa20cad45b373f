// Names and what they stand for: in the view Variables, in lists and hovers beside another extension's.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

const ORDERS = `from collections import Counter

prices = {"tea": 3.5, "salt": 0.8}
stock = [{"item": "tea", "left": 4}, {"item": "salt", "left": 0}]


class Order:
    def __init__(self, item, count):
        self.item = item
        self.count = count

    def __repr__(self):
        raise RuntimeError("a view never asks for this")


order = Order("tea", 2)
vars(order).update(note="late")
sold = Counter(tea=2)


def total(order):
    return prices[order.item] * order.count


total(order)
many = {f"name {n}": n for n in range(250)}
# write here
`;

const SETTINGS = JSON.stringify({ "relive.names": "live", "standIn.languageServer": true });

test("names are told beside others' in the text, and listed with their values, opened and filtered", async ({
  share,
}) => {
  const files = { "orders.py": ORDERS, ".vscode/settings.json": SETTINGS };
  const window = await share(files, "orders.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("total(order)", /7\.0/, 2);

  // The text tells of `item` and `count`, which the other extension lists; of `note` only the process knows.
  await window.replace("# write here", "order.");
  const parts = async () =>
    (await window.suggested()).filter((each) => ["item", "count", "note"].includes(each)).sort();
  await expect.poll(parts).toEqual(["count", "item", "note"]);
  await window.screenshot("live names beside others");
  await window.press("Escape");
  await window.undoUntil("# write here");

  // One hover of ours has the result and the value of the name, beside the other extension's.
  await window.caretBefore("order).update");
  const hover = await window.hover();
  expect(hover).toContain("read in the text: order");
  expect(hover).toMatch(/None.*note='late'.*— live/s);
  expect(hover.match(/— live/g)).toHaveLength(1);
  await window.screenshot("a live value in the hover");
  await window.dismissHover();

  await window.command("Relive: Show Variables");
  const rows = (): Promise<string[]> => window.tree("Variables");
  await expect.poll(rows).toContainEqual("orders 8 names");
  const names = await rows();
  expect(names).toContainEqual(expect.stringMatching(/^prices \{'tea': 3\.5.* · 2 items/));
  expect(names).toContainEqual(
    expect.stringMatching(/^order Order\(item='tea', count=2, note='late'\) · Order/),
  );
  expect(names).toContainEqual("total total(order)");

  // Parts come when they are asked for, a page at a time.
  await window.clickRow("Variables", "stock");
  await expect.poll(rows).toContainEqual(expect.stringMatching(/^\[1\] .*'salt'/));
  await window.clickRow("Variables", "many");
  await expect.poll(rows).toContainEqual("['name 0'] 0 · int");
  await window.press("End");
  await expect.poll(rows).toContainEqual("Show More (150 Left)");
  await window.clickRow("Variables", "Show More");
  await expect.poll(rows).toContainEqual("['name 100'] 100 · int");
  await window.screenshot("variables");

  // Filtered by the process, not only among what is shown.
  await window.openList("Relive: Filter Variables…", "Show the names");
  await window.answerInput("Show the names", "or");
  await expect
    .poll(rows)
    .toEqual([
      "orders 8 names",
      expect.stringMatching(/^order /),
      expect.stringMatching(/^Order class/),
    ]);
  await window.command("Relive: Clear Variables Filter");
  await expect.poll(rows).toContainEqual(expect.stringMatching(/^prices/));
});

const FARM = `herd = ["cow", "hen"]
price = 3
spare = [n for n in range(3)]
`;

test("a name is opened, gone to, copied and deleted by arrows and keys, and another row stays chosen", async ({
  share,
}) => {
  const window = await share({ "farm.py": FARM }, "farm.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("spare =", /^⇒ \[0, 1, 2\]$/);
  await window.command("Relive: Show Variables");
  const rows = (): Promise<string[]> => window.tree("Variables");
  await expect.poll(rows).toContainEqual("price 3 · int");
  await window.clickRow("Variables", "price"); // it is chosen, and what the keys are not about

  await window.arrowTo("Variables", "spare");
  await window.press("F12");
  await window.untilCaretOn("spare =");

  await window.command("Relive: Show Variables");
  await window.arrowTo("Variables", "herd");
  await window.press("Control+c");
  await expect.poll(() => window.statusMessage()).toContain("copied");
  await window.openFile("farm.py");
  await window.caretAfter("range(3)]");
  await window.press("Enter", "Control+v");
  await expect.poll(() => window.text()).toContain("\n['cow', 'hen']");

  await window.command("Relive: Show Variables");
  await window.arrowTo("Variables", "herd");
  await window.press("Space");
  await window.panel.getByRole("treeitem").filter({ hasText: "hen" }).waitFor();
  await window.screenshot("a name in the panel by keys");

  await window.command("Relive: Show Variables");
  await window.arrowTo("Variables", "spare");
  await window.press("Delete");
  expect(await window.asked()).toContain("Delete spare from farm?");
  await window.acceptAsked("Delete");
  await expect.poll(rows).not.toContainEqual(expect.stringMatching(/^spare/));
  expect(await rows()).toContainEqual("price 3 · int");
});
