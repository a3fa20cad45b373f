// What a result says of a form that is marked to be kept.
import { expect, test } from "vitest";
import { lineEnd } from "../../src/annotations/drawing";
import { hoverText } from "../../src/annotations/hoverText";
import type { Kept } from "../../src/protocol.gen";
import { Annotated, value } from "./annotated";

const LINKS = { command: (id: string) => `command:${id}`, frame: () => undefined };
const AT = "2026-11-26T18:20:00+00:00";

function said(kept: Kept): { inline: string; hover: string } {
  const content = value("[1, 2]");
  if (content.kind !== "value") {
    throw new Error("a value is none");
  }
  const shown = { ...content, run: { ...content.run, kept } };
  const annotation = new Annotated("x\n").result(0, 0, "", { content: shown });
  if (annotation === undefined) {
    throw new Error("nothing is shown");
  }
  const inline = lineEnd(annotation, 100)?.text.replaceAll("\u00a0", " ").trim() ?? "";
  return { inline, hover: hoverText(annotation, LINKS) };
}

test("a value that was taken says so, how long it took once, and how to run the code all the same", () => {
  const { inline, hover } = said({ state: "taken", at: AT, tookMs: 1_200_000 });
  expect(inline).toBe("⇒ [1, 2] · kept value of 20 min 0 s");
  expect(hover).toContain("[Run Anyway](command:relive.runAnyway)");
  expect(hover).toContain(`Not run: this value was kept on ${new Date(AT).toLocaleString()}`);
  expect(hover).toContain("the code ran for 20 min 0 s");
});

test("a value that was stored says so in a word", () => {
  const { inline, hover } = said({ state: "stored", at: AT, tookMs: 5 });
  expect(inline).toBe("⇒ [1, 2] · kept");
  expect(hover).toContain("Kept: next time it is taken");
  expect(hover).not.toContain("Run Anyway");
});

test("what is not kept says why, and what user code made of that is no markup", () => {
  const { inline, hover } = said({ state: "refused", reason: "[x](command:quit) is changed" });
  expect(inline).toBe("⇒ [1, 2] · not kept");
  expect(hover).toContain("Not kept: ` [x](command:quit) is changed `");
});
