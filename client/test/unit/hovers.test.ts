// One hover: the value of a name is left out where the result of its line is the same.
import { expect, test } from "vitest";
import { hoverText, isShownIn } from "../../src/annotations/hoverText";
import { Annotated, value } from "./annotated";

const LINKS = { command: (id: string) => `command:${id}`, frame: () => undefined };

test.each([
  ["the same", "[1, 2]", true],
  ["changed since", "[1, 2, 3]", false],
  ["a part of it", "[1", false],
])("a live value that is %s", (_name, live, expected) => {
  const annotation = new Annotated("x\n").result(0, 0, "", { content: value("[1, 2]") });
  const result = annotation === undefined ? "" : hoverText(annotation, LINKS);
  const told = `\`\`\`python\n${live}\n\`\`\`\n\nlist, 2 items — live`;
  expect(isShownIn(["held", result], told)).toBe(expected);
});
