// An error in the middle of a long job: held where it failed, mended there, and gone on from.
import { expect } from "vitest";
import { test } from "./harness/test.ts";
import { THEMES } from "./harness/themes.ts";

const FACES = `times = []


def detect(photos):
    times.append("this takes minutes")
    return [{"photo": name, "box": (n, n, 9, 9)} for n, name in enumerate(photos)]


def outline(face):
    left, top, width, height = face["box"]
    return {"photo": face["photo"], "area": width * height // left}


def outlines(faces):
    found = []
    for face in faces:
        found.append(outline(face))
    return found


faces = detect(["ann.png", "bob.png", "cy.png", "dee.png"])
found = outlines(faces)
[each["photo"] for each in found], len(times)
`;

const FAILING = 'return {"photo"';
const CALL = "found = outlines";
const LAST = '[each["photo"] for each in found]';

test("a post-processing loop that fails is mended in the middle and finished, without the slow step again", async ({
  share,
}) => {
  const settings = JSON.stringify({ "relive.holdErrors": "workspace" });
  const files = { "faces.py": FACES, ".vscode/settings.json": settings };
  const window = await share(files, "faces.py");
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated(CALL, /ZeroDivisionError/);
  await window.untilAnnotated(FAILING, /‖ held: ZeroDivisionError/);
  await expect.poll(() => window.status()).toContain("held");

  // What the names hold is in the hover; code in the function runs with them.
  await window.caretBefore(FAILING);
  expect(await window.hover()).toMatch(
    /Held in outline.*Retry From Failing Statement.*Abandon.*left = 0/s,
  );
  for (const theme of THEMES) {
    await window.useTheme(theme);
    await window.screenshot(`an error that is held, ${theme}`);
  }
  await window.dismissHover();
  await window.caretBefore("found.append");
  await window.command("Relive: Show Held Frames");
  await expect.poll(() => window.tree("Held")).toContainEqual(expect.stringContaining("outline"));
  await window.screenshot("the held stack");

  // Mended where it stands; the keys alone have it go on.
  await window.replace("height // left", "height // max(left, 1)");
  await window.caretBefore(FAILING);
  await window.command("Relive: Retry From Failing Statement");
  await window.untilAnnotated(LAST, /\(\['ann\.png', 'bob\.png', 'cy\.png', 'dee\.png'\], 1\)/);
  await expect.poll(() => window.status()).toContain("idle");
  expect(await window.annotation(FAILING)).not.toContain("held");
  await window.screenshot("gone on to the end");
});
