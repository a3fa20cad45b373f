// Draws the extension's icon, client/images/icon.png, from the drawing beside it.
import { readFile } from "node:fs/promises";
import { chromium } from "playwright-core";
import { endAllOnSignals } from "./lib/processes.mjs";
import { inProject } from "./lib/project.mjs";
import { script } from "./lib/steps.mjs";
import { browser } from "./lib/system.mjs";

const SIZE = 256;

endAllOnSignals();

await script(async () => {
  const drawing = await readFile(inProject("client", "images", "icon.svg"), "utf8");
  const opened = await chromium.launch({
    executablePath: await browser(),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  try {
    const page = await opened.newPage({ viewport: { width: SIZE, height: SIZE } });
    await page.setContent(`<style>body { margin: 0 }</style>${drawing}`);
    const path = inProject("client", "images", "icon.png");
    await page.screenshot({ path, omitBackground: true });
  } finally {
    await opened.close();
  }
});
