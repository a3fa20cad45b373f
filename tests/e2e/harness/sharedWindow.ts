// One window for the tests of a file that need nothing but a text: each has a file of its own in it.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EditorWindow } from "./window.ts";

export class SharedWindow {
  private window: EditorWindow | undefined;
  private files = 0;

  constructor(private readonly open: (text: string, file: string) => Promise<EditorWindow>) {}

  /** Opens a new file of this text, and the window with the first. */
  async edit(text: string): Promise<EditorWindow> {
    this.files += 1;
    const file = `text${this.files}.py`;
    if (!this.window) {
      this.window = await this.open(text, file);
    } else {
      await writeFile(join(this.window.folder, file), text);
      await this.window.openFile(file);
    }
    return this.window;
  }
}
