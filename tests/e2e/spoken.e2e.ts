// What a screen reader says of the rows of the views: what each is, what is the matter with it, where it stands.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

const SHOP = `rate = 2


def half(amount):
    return amount / 0


def double(amount):
    return rate * amount


half(rate)
`;

test("each row of the views is read out with its kind, its state and its place", async ({
  share,
}) => {
  const window = await share({ "shop.py": SHOP }, "shop.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("half(rate)", /ZeroDivisionError/);
  const show = async (command: string, view: string) => {
    await window.command(command);
    await window.untilInView(view);
  };
  const spoken = (view: string) => expect.poll(() => window.spokenRows(view));

  await show("Relive: Show Held Frames", "Held");
  await spoken("Held").toEqual([
    expect.stringMatching(/^Held, ZeroDivisionError: /),
    "Frame half, line 5, return amount / 0",
    "amount = 2",
    expect.stringMatching(/^Frame .*, line 12, half\(rate\)$/),
  ]);

  await show("Relive: Show Variables", "Variables");
  await spoken("Variables").toEqual(
    expect.arrayContaining([
      "Frame half, held, line 5",
      "amount, int, 2",
      "Module shop, 3 names",
      "rate, int, 2",
      "double, function, double(amount)",
    ]),
  );

  await window.openFile("shop.py");
  await window.replace("rate * amount", "rate + amount");
  await show("Relive: Show Definitions", "Definitions");
  // The editor may not have let go yet of what was open in the window before: it would come after.
  await expect
    .poll(async () => (await window.spokenRows("Definitions")).slice(0, 3))
    .toEqual(["File shop.py, 1 edited", "function half, in sync", "function double, edited"]);

  await show("Relive: Show Change Log", "Changes");
  await spoken("Changes").toContainEqual(expect.stringMatching(/^rate = 2.*, shop\.py:1.*, /s));
  await window.screenshot("rows that are read out");
  await window.openFile("shop.py");
  await window.undoUntil("rate * amount");
});
