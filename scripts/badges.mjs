// Draws the README's badges, docs/images/badge-*.svg, from what the manifests say.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { badges } from "./lib/badges.mjs";
import { inProject } from "./lib/project.mjs";
import { script } from "./lib/steps.mjs";

await script(async () => {
  for (const { file, drawing } of await badges()) {
    const path = inProject(file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, drawing);
    process.stdout.write(`${path}\n`);
  }
});
