// One window of the real editor, driven as a person drives it: by keys, and read as drawn.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { places } from "../../../scripts/lib/project.mjs";
import { RELOAD } from "./clearing.ts";
import {
  annotationOf,
  type DrawnLine,
  drawnLines,
  gutterTops,
  markedTops,
  squiggledTops,
} from "./drawn.ts";
import { PATIENCE_MS } from "./patience.mts";
import { SHOWN, type Theme } from "./themes.ts";

const GROUP = ".editor-group-container.active";
const ACTIVE = `${GROUP} .editor-instance`;
const INPUT = `${ACTIVE} .monaco-editor textarea.inputarea, ${ACTIVE} .monaco-editor .native-edit-context`;

const STATUS = '.statusbar-item[id^="relive."][id$=".status"]';
const EDITED = '.statusbar-item[id^="relive."][id$=".edited"]';

/** What a window is opened on; `workspace` is a file of the folder that names several. */
export interface Opened {
  folder: string;
  workspace?: string | undefined;
}

export class EditorWindow {
  constructor(
    readonly page: Page,
    readonly folder: string,
  ) {}

  /** Opens a window on a folder, or a workspace that is described in it, and a file in it. */
  static async open(
    browser: Browser,
    address: string,
    { folder, workspace }: Opened,
    file: string,
  ) {
    const first = `vscode-remote://${new URL(address).host}${join(folder, file)}`;
    const payload = JSON.stringify([["openFile", first]]);
    const window = new EditorWindow(await newPage(browser), folder);
    const opened = workspace === undefined ? { folder } : { workspace: join(folder, workspace) };
    await window.page.goto(`${address}/?${new URLSearchParams({ ...opened, payload })}`);
    await window.untilShown(file);
    if (workspace !== undefined) {
      await window.untilFolders(workspace);
    }
    return window;
  }

  /**
   * The editor may look for a workspace's file before it can read any, takes it then to name no folders, and looks
   * again only when it changes.
   */
  private async untilFolders(workspace: string) {
    const file = join(this.folder, workspace);
    const text = await readFile(file, "utf8");
    const none = this.page.locator(".explorer-viewlet").getByText("No Folder Opened");
    const folders = this.page.locator(".explorer-folders-view .monaco-list-row");
    await expect
      .poll(async () => {
        if ((await none.count()) > 0) {
          await writeFile(file, `${text}\n`);
        }
        return folders.count();
      })
      .toBeGreaterThan(0);
  }

  /** Keys are only Relive's once the editor has read the extension, a moment after it shows a file. */
  async untilActive() {
    await this.page.locator(STATUS).waitFor();
    await this.focusText(); // a window that is still being built up takes it away again
  }

  /** Code actions and lenses are the daemon's, which starts with the window; commands wait for it by themselves. */
  async untilReady() {
    await expect.poll(() => this.status()).toBe("Relive");
  }

  /** Leaves the page first, so that the editor ends the window's extension host at once. */
  async close() {
    await this.page.goto("about:blank");
    await this.page.close();
  }

  /** As somebody does by keys; what was asked of the window before has no answer. */
  async reload(file: string) {
    const loaded = this.page.waitForEvent("load");
    await this.press(RELOAD);
    await loaded;
    await this.untilShown(file);
    await this.untilActive();
  }

  async screenshot(name: string) {
    const folder = join(places.testResults, "screenshots");
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name.replaceAll(/[^\w]+/g, "-")}.png`) });
  }

  /** Takes the focus from a page in a frame, which passes keys on to the editor when it is ready to. */
  keysToEditor(): Promise<void> {
    return this.page.evaluate(() => {
      if (document.activeElement instanceof HTMLIFrameElement) document.activeElement.blur();
    });
  }

  // -- files and commands ---------------------------------------------------------------------

  async untilShown(file: string) {
    await this.page
      .locator(`${GROUP} .tab.active[data-resource-name="${basename(file)}"]`)
      .waitFor();
    await this.page.locator(`${ACTIVE} .monaco-editor .view-line`).first().waitFor();
    await this.focusText();
  }

  private async focusText() {
    await this.page.locator(INPUT).first().focus();
    await this.page.locator(`${ACTIVE} .monaco-editor.focused`).first().waitFor();
  }

  /** Opens a file of the folder, or comes back to it. */
  async openFile(file: string) {
    await this.press("Control+p");
    await this.pick(join(this.folder, file), basename(file));
    await this.untilShown(file);
  }

  /** Runs a command by its title, as somebody does who does not know its key. */
  async command(title: string) {
    await this.press("F1");
    await this.pick(`>${title}`, title);
  }

  /** Takes one of what can be done now, wherever it stands in the list. */
  async takeAction(label: string) {
    await this.press("Control+k", "g");
    await this.pick(label, label);
  }

  /** Types into the input at the top, and takes its first offer once that is what was meant. */
  private async pick(text: string, offer: string) {
    await this.picker.locator("input").fill(text);
    await this.acceptPicked(offer);
  }

  /** Takes what the input at the top offers first, once that is this. */
  async acceptPicked(offer: string) {
    await this.takePicked(offer);
    await this.picker.waitFor({ state: "hidden" });
  }

  /** Takes one of what a list offers, wherever it stands in it. */
  async choose(label: string) {
    await this.pick(label, label);
  }

  /** Takes what the list is on, which goes on to list what can be done with it. */
  async takeListed(label: string) {
    await this.takePicked(label);
    await this.picker.locator(".quick-input-title", { hasText: label }).waitFor();
  }

  /** Takes what is offered first, which goes on to show a list of this title. */
  async acceptListOf(offer: string, title: string) {
    await this.takePicked(offer);
    await this.untilListed(title);
  }

  private async takePicked(offer: string) {
    await this.picker.locator(".monaco-list-row.focused", { hasText: offer }).waitFor();
    await this.press("Enter");
  }

  /** Runs a command that goes on to show a list of this title. */
  async openList(command: string, title: string) {
    await this.press("F1");
    await this.picker.locator("input").fill(`>${command}`);
    await this.acceptListOf(command, title);
  }

  /** What the list at the top offers. */
  async listed(): Promise<string[]> {
    const rows = await this.picker.locator(".monaco-list-row").all();
    // The editor draws lists with the rows of earlier ones, and hides what an item does not have.
    const label = ".label-name:visible, .label-description:visible";
    const parts = rows.map((row) => row.locator(label).allInnerTexts());
    return (await Promise.all(parts)).map((texts) => texts.join(" "));
  }

  /** Which of what the list offers is checked. */
  async checkedInList(): Promise<string[]> {
    const rows = await this.picker.locator(".monaco-list-row").all();
    const parts = rows.map(async (row) => ({
      label: await row.locator(".label-name").first().innerText(),
      checked: (await row.getAttribute("aria-checked")) === "true",
    }));
    return (await Promise.all(parts)).filter(({ checked }) => checked).map(({ label }) => label);
  }

  /** Waits for a list of this title. */
  async untilListed(title: string) {
    await this.picker.filter({ hasText: title }).waitFor();
  }

  /** Presses a button of the list's item at the caret; they show no key. */
  async clickListed(button: string) {
    const row = this.picker.locator(".monaco-list-row.focused");
    await row.hover();
    await row.getByRole("button", { name: button }).click();
  }

  /** Answers a question asked at the top. */
  async answerInput(question: string, answer: string) {
    await this.picker.filter({ hasText: question }).waitFor();
    await this.picker.locator("input").fill(answer);
    await this.press("Enter");
    await this.picker.filter({ hasText: question }).waitFor({ state: "hidden" }); // or it asks on
  }

  /** Answers the editor's own question where to write, which shows a folder before it proposes a name in it. */
  async answerSave(question: string, path: string) {
    await this.fillPath(question, /\/[^/]+$/, path);
    await this.untilAnswered(question);
  }

  /** Answers the editor's own question for a file to read, whose list comes late and then is on that file. */
  async answerOpen(question: string, path: string) {
    const listed = this.picker.locator(".monaco-list-row", { hasText: basename(path) });
    await listed.waitFor();
    await this.fillPath(question, /\/$/, path);
    await listed.and(this.page.locator(".focused")).waitFor();
    await this.untilAnswered(question);
  }

  /** Types a path over what the editor proposes, once it has: it would be overwritten by that. */
  private async fillPath(question: string, proposed: RegExp, path: string) {
    const input = this.picker.filter({ hasText: question }).locator("input");
    await expect.poll(() => input.inputValue()).toMatch(proposed);
    await input.fill(path);
    await expect.poll(() => input.inputValue()).toBe(path);
  }

  private async untilAnswered(question: string) {
    await this.press("Enter");
    await this.picker.filter({ hasText: question }).waitFor({ state: "hidden" });
  }

  /** Waits for a question at the top. */
  async untilAsked(question: string) {
    await this.picker.filter({ hasText: question }).waitFor();
    await this.picker.locator("input").focus();
  }

  /** Whether what is typed at the top cannot be read there. */
  async isMasked(): Promise<boolean> {
    return (await this.picker.locator("input").getAttribute("type")) === "password";
  }

  /** What stands in the input at the top. */
  inputText(): Promise<string> {
    return this.picker.locator("input").inputValue();
  }

  private get picker(): Locator {
    return this.page.locator(".quick-input-widget:visible");
  }

  // -- the caret and the text -----------------------------------------------------------------

  async press(...keys: string[]) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  async type(text: string) {
    // Typed line by line: the editor would indent what follows a line end of its own accord.
    const [first = "", ...rest] = text.split("\n");
    await this.page.keyboard.insertText(first);
    for (const line of rest) {
      await this.press("Enter");
      await this.page.keyboard.insertText(line);
    }
  }

  /** How many editors stand side by side. */
  editors(): Promise<number> {
    return this.page.locator(".editor-group-container .monaco-editor .view-lines").count();
  }

  lines(): Promise<DrawnLine[]> {
    return this.page.evaluate(drawnLines, ACTIVE);
  }

  /** The whole text, of a document that fits on the screen. */
  async text(): Promise<string> {
    return (await this.lines()).map((line) => line.text).join("\n");
  }

  /** The first line on the screen with this text (or the second such, …). */
  private async find(text: string, occurrence = 1): Promise<DrawnLine | undefined> {
    return (await this.lines()).filter((line) => line.text.includes(text))[occurrence - 1];
  }

  /** The number, from 1, of the line that shows this text. */
  async lineOf(text: string): Promise<number | undefined> {
    return (await this.find(text))?.number;
  }

  caretBefore(text: string, occurrence = 1): Promise<void> {
    return this.moveCaret(text, 0, occurrence);
  }

  caretAfter(text: string): Promise<void> {
    return this.moveCaret(text, text.length, 1);
  }

  private async moveCaret(text: string, offset: number, occurrence: number) {
    await expect.poll(() => this.find(text, occurrence)).toBeDefined();
    const line = await this.find(text, occurrence);
    if (!line) throw new Error(`${text} has gone from the screen`);
    await this.press("Control+g");
    await this.picker
      .locator("input")
      .fill(`:${line.number}:${line.text.indexOf(text) + offset + 1}`);
    await this.press("Enter");
    await this.picker.waitFor({ state: "hidden" });
    await this.untilCaretOn(text, occurrence);
    await this.untilFocused();
  }

  /** Waits until keys go to a text: on a busy machine that comes after the caret has moved. */
  private async untilFocused() {
    await this.page.locator(".editor-group-container .monaco-editor.focused").waitFor();
  }

  /** Also of a line that is not on the screen. */
  async goToLine(number: number) {
    await this.press("Control+g");
    await this.picker.locator("input").fill(`:${number}`);
    await this.press("Enter");
    await this.picker.waitFor({ state: "hidden" });
    const at = this.page.locator("#status\\.editor\\.selection");
    await expect.poll(() => at.innerText()).toMatch(new RegExp(`^Ln ${number},`));
  }

  async untilCaretOn(text: string, occurrence = 1) {
    const at = this.page.locator("#status\\.editor\\.selection");
    const number = (await this.find(text, occurrence))?.number;
    await expect.poll(() => at.innerText()).toMatch(new RegExp(`^Ln ${number},`));
  }

  async untilSelected(characters: number) {
    const at = this.page.locator("#status\\.editor\\.selection");
    await expect.poll(() => at.innerText()).toContain(`(${characters} selected)`);
  }

  async select(text: string) {
    await this.caretAfter(text);
    for (let n = 0; n < text.length; n += 1) await this.press("Shift+ArrowLeft");
  }

  /** Types over a text, and leaves the caret behind what was typed. */
  async replace(text: string, replacement: string) {
    await this.select(text);
    await this.type(replacement);
    await expect.poll(() => this.text()).toContain(replacement);
  }

  /** Undoes until the text is there again. */
  async undoUntil(text: string) {
    await expect
      .poll(async () => {
        if (!(await this.text()).includes(text)) await this.press("Control+z");
        return this.text();
      })
      .toContain(text);
  }

  /** What a file of the folder holds. */
  onDisk(file: string): Promise<string> {
    return readFile(join(this.folder, file), "utf8");
  }

  /** Has another program than the editor write files of the folder. */
  async writeBehind(files: Record<string, string>) {
    for (const [file, text] of Object.entries(files)) {
      await writeFile(join(this.folder, file), text);
    }
  }

  /** Changes the folder's settings, as one who edits their file does. */
  async useTheme(theme: Theme) {
    const file = join(this.folder, ".vscode", "settings.json");
    const settings = JSON.parse(await readFile(file, "utf8").catch(() => "{}"));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify({ ...settings, "workbench.colorTheme": theme }));
    const workbench = this.page.locator(".monaco-workbench");
    await expect.poll(() => workbench.getAttribute("class")).toMatch(SHOWN[theme]);
  }

  async isUnsaved(): Promise<boolean> {
    return (await this.page.locator(".tab.active.dirty").count()) > 0;
  }

  // -- what Relive shows ----------------------------------------------------------------------

  /** What is drawn at the end of the line that shows this text; "" when nothing is. */
  async annotation(text: string, occurrence = 1): Promise<string> {
    const line = await this.find(text, occurrence);
    return line ? annotationOf(line) : "";
  }

  untilAnnotated(text: string, pattern: RegExp, occurrence = 1): Promise<void> {
    return expect.poll(() => this.annotation(text, occurrence)).toMatch(pattern);
  }

  /** The lines that are marked because an error came through them. */
  markedLines(): Promise<string[]> {
    return this.linesWith("2px solid");
  }

  /** The lines that failed and are held. */
  heldLines(): Promise<string[]> {
    return this.linesWith("3px solid");
  }

  /** The lines of the calls above them, which wait. */
  waitingLines(): Promise<string[]> {
    return this.linesWith("3px dotted");
  }

  private async linesWith(border: string): Promise<string[]> {
    return this.linesAt(await this.page.evaluate(markedTops, { within: ACTIVE, border }));
  }

  /** The lines that have a mark in the gutter. */
  async gutterMarks(): Promise<string[]> {
    return this.linesAt(await this.page.evaluate(gutterTops, ACTIVE));
  }

  /** The lines that are underlined as wrong. */
  async squiggled(): Promise<string[]> {
    return this.linesAt(await this.page.evaluate(squiggledTops, ACTIVE));
  }

  private async linesAt(tops: string[]): Promise<string[]> {
    return (await this.lines()).filter(({ top }) => tops.includes(top)).map(({ text }) => text);
  }

  /** What the editor lists for the word at the caret, asked anew. */
  async suggested(): Promise<string[]> {
    await this.press("Escape", "Control+Space");
    const list = this.page.locator(".suggest-widget.visible .monaco-list-rows");
    await list.waitFor();
    return list.locator(".monaco-list-row .label-name").allInnerTexts();
  }

  /** The text of the hover at the caret, brought up by keys. */
  async hover(): Promise<string> {
    // Left where an earlier story had it, it may come to be over the hover while that is laid out, and
    // no more when it is: the editor takes that for the mouse leaving the hover, and closes it.
    await this.page.mouse.move(0, 0);
    await this.press("Control+k", "Control+i");
    await this.hoverBox.waitFor();
    await expect.poll(() => this.hoverBox.innerText()).not.toContain("Loading...");
    await expect.poll(() => opacity(this.hoverBox)).toBe(1);
    return (await this.hoverBox.innerText()).replaceAll("\u00a0", " ");
  }

  async clickInHover(link: string) {
    await this.hover();
    await this.hoverBox.getByText(link).click();
  }

  /** By moving the caret: the editor closes a hover on Escape before our key's guard can see it. */
  async dismissHover() {
    await this.press("End", "Home");
    await this.hoverBox.waitFor({ state: "hidden" });
  }

  private get hoverBox(): Locator {
    return this.page.locator(".monaco-hover:not(.hidden):visible").first();
  }

  /** The text of Relive's item in the status bar; "" when it is not there. */
  async status(): Promise<string> {
    const item = this.page.locator(STATUS);
    return (await item.count()) > 0 ? (await item.first().innerText()).trim() : "";
  }

  /** Waits until what ran has ended: its last result is shown a moment before. */
  async untilIdle() {
    await expect.poll(() => this.status()).toContain("idle");
  }

  /** What a screen reader says of it. */
  async spokenStatus(): Promise<string> {
    return (
      (await this.page.locator(STATUS).locator("[aria-label]").getAttribute("aria-label")) ?? ""
    );
  }

  /** What the palette offers for a text. */
  async offeredCommands(text: string): Promise<string[]> {
    await this.press("F1");
    await this.picker.locator("input").fill(`>${text}`);
    await this.picker.locator(".monaco-list-row", { hasText: text }).first().waitFor();
    const offered = (await this.listed()).map((label) => label.trim());
    await this.press("Escape");
    await this.picker.waitFor({ state: "hidden" });
    return offered;
  }

  /** What the views in the side bar say where they are empty. */
  welcomes(): Promise<string[]> {
    return this.page.locator(".part.sidebar .welcome-view-content").allInnerTexts();
  }

  /** What an extension says in the status bar for a moment; "" when nothing is said. */
  async statusMessage(): Promise<string> {
    const item = this.page.locator("#status\\.extensionMessage");
    return (await item.count()) > 0 ? (await item.first().innerText()).trim() : "";
  }

  /** What the terminal in the panel shows, Relive's output or a program. */
  async outputPanel(): Promise<string> {
    const rows = await this.page.locator(".part.panel .xterm-rows > div").allInnerTexts();
    const lines = rows.map((row) => row.replaceAll("\u00a0", " ").trimEnd());
    return lines.join("\n").trimEnd();
  }

  /** Puts the caret into the console's terminal: what is pressed before it is there is lost. */
  async focusConsole() {
    await this.command("Terminal: Focus on Terminal View");
    await this.page.locator(".part.panel .xterm.focus", { hasText: "joined process" }).waitFor();
  }

  /** The last program has left its terminal, which the editor then closes with the panel. */
  async untilNoTerminal() {
    const console = this.page.locator(".part.panel .xterm-rows", { hasText: "joined process" });
    await console.waitFor({ state: "hidden" });
  }

  // -- the walkthrough ------------------------------------------------------------------------

  async openWalkthrough(title: string) {
    await this.press("F1");
    await this.picker.locator("input").fill(">Welcome: Open Walkthrough...");
    await this.takePicked("Welcome: Open Walkthrough...");
    await this.picker.locator(".monaco-list-row", { hasText: title }).waitFor();
    await this.picker.locator("input").fill(title);
    await this.acceptPicked(title);
    await this.walkthrough.locator(".getting-started-step").first().waitFor();
  }

  /** The titles of its steps. */
  async steps(): Promise<string[]> {
    return this.walkthrough.locator(".step-title").allInnerTexts();
  }

  /** Of those that are ticked off. */
  async completedSteps(): Promise<string[]> {
    const ticked = this.page.locator(".codicon.complete");
    const done = this.walkthrough.locator(".getting-started-step", { has: ticked });
    return done.locator(".step-title").allInnerTexts();
  }

  /** Presses a button of the step that is open. */
  async clickInWalkthrough(button: string) {
    await this.walkthrough.getByRole("button", { name: button, exact: true }).click();
  }

  private get walkthrough(): Locator {
    return this.page.locator(".gettingStartedContainer");
  }

  /** The page of the results panel, which is in a frame of its own inside the editor's. */
  get panel(): FrameLocator {
    return this.page.frameLocator("iframe.webview").frameLocator("#active-frame");
  }

  /** Follows a link in the output's terminal, as somebody does with the mouse. */
  async followInOutput(text: string) {
    const row = this.page.locator(".part.panel .xterm-rows > div", { hasText: text }).last();
    const box = await row.boundingBox();
    if (!box) throw new Error(`${text} is not in the output`);
    const at = { x: box.x + 30, y: box.y + box.height / 2 };
    await this.page.keyboard.down("Control");
    // The terminal looks for links where the mouse comes to, and is told so by its next movement.
    await expect
      .poll(async () => {
        at.x += 1;
        await this.page.mouse.move(at.x, at.y);
        return this.page.locator(".part.panel .xterm-cursor-pointer").count();
      })
      .toBeGreaterThan(0);
    await this.page.mouse.down();
    await this.page.mouse.up();
    await this.page.keyboard.up("Control");
  }

  /** Presses a button of a notification; they show no key. */
  async clickNotified(button: string) {
    const toasts = this.page.locator(".notifications-toasts");
    await toasts.getByRole("button", { name: button }).click();
  }

  /** Takes the first offer of the newest notification, by its key. */
  async acceptNotified(offer: string) {
    const toasts = this.page.locator(".notifications-toasts");
    await toasts.getByRole("button", { name: offer }).waitFor();
    await this.press("Control+Shift+a");
  }

  /** What a dialog asks that has to be answered before anything else. */
  async asked(): Promise<string> {
    await this.dialog.waitFor();
    return (await this.dialog.innerText()).replaceAll("\u00a0", " ");
  }

  /** Waits until something is drawn, and accepts what is asked before, if anything is: what runs again depends on how fast the machine is. */
  async confirmUntil(offer: string, text: string, pattern: RegExp) {
    const drawn = async () => {
      if (await this.dialog.isVisible()) await this.acceptAsked(offer);
      return this.annotation(text);
    };
    await expect.poll(drawn).toMatch(pattern);
  }

  /** Answers it by its key: the offer is the first. */
  async acceptAsked(offer: string) {
    await this.dialog.getByRole("button", { name: offer }).waitFor();
    await this.press("Enter");
    await this.dialog.waitFor({ state: "hidden" });
  }

  private get dialog(): Locator {
    return this.page.locator(".monaco-dialog-box");
  }

  /** How many definitions the status bar says are edited; "" when it says nothing. */
  async edited(): Promise<string> {
    const item = this.page.locator(EDITED);
    return (await item.count()) > 0 ? (await item.innerText()).trim() : "";
  }

  async clickEdited() {
    await this.page.locator(EDITED).click();
  }

  /** The rows of a view in the side bar. */
  async tree(view = "Changes"): Promise<string[]> {
    const rows = await this.pane(view).locator(".monaco-list-row").all();
    const texts = rows.map((row) => row.locator(".label-name, .label-description").allInnerTexts());
    return (await Promise.all(texts)).map((parts) => parts.join(" ").trim());
  }

  /** What a screen reader says of its rows. */
  async spokenRows(view: string): Promise<string[]> {
    const rows = await this.pane(view).locator(".monaco-list-row").all();
    const labels = await Promise.all(rows.map((row) => row.getAttribute("aria-label")));
    return labels.map((label) => (label ?? "").trim());
  }

  /** Clicks what stands at the right of a row of a view in the side bar. */
  async clickInTree(view: string, row: string, button: string) {
    const found = this.pane(view).locator(".monaco-list-row", { hasText: row }).first();
    await found.hover();
    await found.getByRole("button", { name: button }).click();
  }

  async clickRow(view: string, row: string) {
    const found = this.pane(view).locator(".monaco-list-row", { hasText: row }).first();
    await found.locator(".label-name").click(); // its buttons may come under the pointer elsewhere
  }

  /** A command that shows a view is done once keys go to its rows: what is open at the top is closed by that. */
  async untilInView(view: string) {
    await this.pane(view).locator(".monaco-list:focus").waitFor();
  }

  /** Goes from a view's first row down to this one, as somebody does by keys; what is chosen stays so. */
  async arrowTo(view: string, row: string) {
    const pane = this.pane(view);
    const focused = pane.locator(".monaco-list-row.focused");
    const label = async () => (await focused.locator(".label-name").allInnerTexts()).join();
    await this.untilInView(view);
    await this.press("Home");
    await focused.and(this.page.locator('[data-index="0"]')).waitFor();
    while ((await label()) !== row) {
      const before = await label();
      await this.press("ArrowDown");
      await expect.poll(label).not.toBe(before); // or there is no such row
    }
  }

  private pane(view: string): Locator {
    const header = this.page.locator(".pane-header", { hasText: view });
    return this.page.locator(".part.sidebar .pane", { has: header });
  }

  /** The badge on the active tab; "" when it has none. */
  async badge(): Promise<string> {
    const label = this.page.locator(`${GROUP} .tab.active .monaco-icon-label`);
    const shown = await label.evaluate((element) => getComputedStyle(element, "::after").content);
    return shown === "none" ? "" : JSON.parse(shown);
  }

  /** The rows of the view of tests, each with what it came to. */
  async tests(): Promise<string[]> {
    const rows = await this.page.locator(".test-explorer .monaco-list-row").all();
    const labels = await Promise.all(rows.map((row) => row.getAttribute("aria-label")));
    return labels.map((label) => (label ?? "").replace(/, in [\d.]+m?s$/, ""));
  }

  /** What the editor shows of failed tests at their lines. */
  async testMessages(): Promise<string> {
    const shown = this.page.locator(`${ACTIVE} .test-error-content-widget`);
    return (await shown.allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
  }

  /** Shows what is in a row of the view of tests. */
  async openTests(row: string) {
    const found = this.page.locator(".test-explorer .monaco-list-row", { hasText: row }).first();
    await found.locator(".monaco-tl-twistie").click();
  }

  /** What the notifications say. */
  async notifications(): Promise<string> {
    const messages = this.page.locator(".notifications-toasts .notification-list-item-message");
    return (await messages.allInnerTexts()).join("\n");
  }

  /** What a comparison of two texts shows, the old one first. */
  async compared(): Promise<string[]> {
    const sides = this.page.locator(`${ACTIVE} .monaco-diff-editor .editor .view-lines`);
    return (await sides.allInnerTexts()).map((text) => text.replaceAll("\u00a0", " "));
  }

  async codeLenses(): Promise<string[]> {
    const lenses = await this.page.locator(`${ACTIVE} .codelens-decoration`).allInnerTexts();
    return lenses.map((text) => text.trim());
  }

  async clickCodeLens(title: string) {
    await this.page.locator(`${ACTIVE} .codelens-decoration a`, { hasText: title }).click();
  }

  async chooseCodeAction(title: string) {
    await this.press("Control+.");
    await this.codeAction(title).waitFor();
    const offered = await this.page
      .locator(".action-widget .monaco-list-row.action")
      .allInnerTexts();
    const above = offered.findIndex((text) => text.includes(title));
    for (let n = 0; n < above; n += 1) await this.press("ArrowDown");
    await this.codeAction(title).and(this.page.locator(".focused")).waitFor();
    await this.press("Enter");
  }

  /** What the editor shows of a code action that cannot be taken, where it shows such ones: among refactorings. */
  async disabledCodeAction(title: string): Promise<string> {
    await this.command("Refactor...");
    return this.codeAction(title).and(this.page.locator(".option-disabled")).innerText();
  }

  private codeAction(title: string): Locator {
    return this.page.locator(".action-widget .monaco-list-row.action", { hasText: title });
  }
}

export async function newPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1150 } });
  page.setDefaultTimeout(PATIENCE_MS);
  // Unsaved text is thrown away with the window.
  page.on("dialog", (dialog) => dialog.accept().catch(() => undefined));
  return page;
}

/** Less than one while it fades in. */
function opacity(box: Locator): Promise<number> {
  return box.evaluate((element) =>
    element.getAnimations({ subtree: true }).length > 0
      ? 0
      : Number(getComputedStyle(element).opacity),
  );
}
