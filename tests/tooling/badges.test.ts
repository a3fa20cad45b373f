// The README's badges: drawn from what the manifests say, each shown with the same words, none from elsewhere.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { badges } from "../../scripts/lib/badges.mjs";
import { inProject } from "../../scripts/lib/project.mjs";

const read = (path: string) => readFile(inProject(path), "utf8");

test("they are as they would be drawn now", async () => {
  const drawn = await badges();
  expect(drawn.map(({ says }) => says)).toEqual([
    expect.stringMatching(/^license: \w+$/),
    expect.stringMatching(/^your code: CPython 3\.\d+\+$/),
    expect.stringMatching(/^its server: Python 3\.\d+\+$/),
    expect.stringMatching(/^VS Code: 1\.\d+\+$/),
  ]);
  for (const { file, drawing } of drawn) {
    expect(await read(file)).toBe(drawing); // or run node scripts/badges.mjs
  }
});

test("the README shows just these, with their words, and no picture of another's server", async () => {
  const readme = await read("README.md");
  const shown = Array.from(readme.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g), ([, says, file]) => ({
    says,
    file,
  }));
  const own = shown.filter(({ file }) => file?.includes("badge-"));
  expect(own).toEqual((await badges()).map(({ says, file }) => ({ says, file })));
  expect(shown.filter(({ file }) => file?.includes(":"))).toEqual([]);
});

test("what they say is what the licence and the README say", async () => {
  const says = (await badges()).map((badge) => badge.says).join("\n");
  const license = /^(\w+) License$/m.exec(await read("LICENSE"))?.[1];
  expect(says).toContain(`license: ${license}`);
  const words = (await read("README.md")).replaceAll(/\s+/g, " ");
  const [, server, code] =
    /needs Python (3\.\d+) or newer\. Your own code .*?CPython (3\.\d+) or newer/.exec(words) ?? [];
  expect(says).toContain(`its server: Python ${server}+`);
  expect(says).toContain(`your code: CPython ${code}+`);
});
