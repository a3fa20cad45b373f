// The moving picture of the README: values, a method redefined while its object lives. Its frames, for scripts/animate.py.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { places } from "../../scripts/lib/project.mjs";
import { test } from "./harness/test.ts";
import type { EditorWindow } from "./harness/window.ts";

const FRAMES = join(places.testResults, "film");

const TEXT = `rates = {"EUR": 1.0, "USD": 1.08}


class Basket(list):
    def total(self):
        return sum(self)


basket = Basket([20, 22])
basket.total()
`;

const LOOK_MS = 1600;
const TYPE_MS = 90;

/** Takes pictures, each with the key that led to it and how long it is seen. */
class Film {
  private readonly shown: { file: string; ms: number }[] = [];

  constructor(private readonly window: EditorWindow) {}

  async take(ms: number, key = "") {
    const file = `${String(this.shown.length).padStart(3, "0")}.png`;
    await this.caption(key);
    await this.window.page.screenshot({ path: join(FRAMES, file), caret: "initial" });
    this.shown.push({ file, ms });
  }

  /** Puts the caret before a text, with the whole file in sight as before. */
  async goTo(text: string) {
    await this.window.caretBefore(text);
    await this.window.press(...Array(9).fill("Control+ArrowUp"));
  }

  async end() {
    await writeFile(join(FRAMES, "frames.json"), JSON.stringify(this.shown));
  }

  /** Names a key at the window's lower edge, in nobody's way. */
  private async caption(key: string) {
    await this.window.page.evaluate((text) => {
      const found = document.querySelector<HTMLElement>("#film-caption");
      const caption = found ?? document.body.appendChild(document.createElement("div"));
      caption.id = "film-caption";
      caption.textContent = text;
      caption.style.cssText = `
        position: fixed; z-index: 99999; right: 28px; bottom: 40px; padding: 6px 14px;
        font: 600 17px system-ui, sans-serif; color: #fff; background: #24476f; border-radius: 8px;
        visibility: ${text === "" ? "hidden" : "visible"}`;
    }, key);
  }
}

test("the moving picture of the README", async ({ open }) => {
  await rm(FRAMES, { recursive: true, force: true });
  await mkdir(FRAMES, { recursive: true });
  const window = await open({ "basket.py": TEXT }, "basket.py");
  await window.command("View: Toggle Primary Side Bar Visibility");
  await window.page.setViewportSize({ width: 820, height: 380 });
  const film = new Film(window);

  await film.goTo("rates =");
  await film.take(LOOK_MS);
  await window.press("Alt+Enter");
  await window.untilAnnotated("rates =", /^⇒/);
  await film.take(LOOK_MS, "Alt+Enter");

  await film.goTo("basket = ");
  await film.take(LOOK_MS / 2);
  await window.press("Control+Alt+Enter");
  await window.untilAnnotated("basket = ", /^⇒/);
  await film.take(LOOK_MS, "Ctrl+Alt+Enter");
  await film.goTo("basket.total()");
  await window.press("Alt+Enter");
  await window.untilAnnotated("basket.total()", /⇒ 42/);
  await film.take(LOOK_MS, "Alt+Enter");

  await film.goTo("return sum");
  await window.press("End");
  await film.take(LOOK_MS / 2);
  for (const letter of ' * rates["USD"]') {
    await window.type(letter);
    await film.take(TYPE_MS);
  }
  await film.take(LOOK_MS);
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def total", /^✓ redefined/);
  await film.take(2 * LOOK_MS, "Shift+Alt+Enter");

  await film.goTo("basket.total()");
  await film.take(LOOK_MS);
  await window.press("Alt+Enter");
  await window.untilAnnotated("basket.total()", /⇒ 45/);
  await film.take(2 * LOOK_MS, "Alt+Enter");
  await film.end();
});
