// HTML an object offers: cleaned, or with its scripts, shut in; a part of a page only if a person asks for that.

import { element } from "../element";
import type { Show } from "../stage";
import { boxed } from "./boxed";
import { type Cleaned, cleaner } from "./clean";
import { isolated } from "./isolated";
import { type Scripts, scriptsOf } from "./scripts";

const clean = cleaner(window);
const parser = new DOMParser();

export const showHtml: Show = async (source, format) => {
  const { data } = await source.content(format);
  const scripts = scriptsOf(data, parser);
  if (scripts.own && isPage(data)) {
    return isolated(data);
  }
  const cleaned = clean(data);
  const box = element("div", { class: "html" });
  const run = (): void => box.replaceChildren(isolated(data));
  box.append(...notes(cleaned, scripts, run), boxed(cleaned.fragment));
  return box;
};

/** A whole page with all of its scripts, as a plot's: without them there is nothing on it. */
function isPage(html: string): boolean {
  return /^\s*(<!doctype\s+html|<html)\b/i.test(html);
}

function notes({ elsewhere }: Cleaned, scripts: Scripts, run: () => void): HTMLElement[] {
  const made: HTMLElement[] = [];
  if (scripts.hosts.length > 0) {
    made.push(note(`Its scripts are not loaded from ${list(scripts.hosts)}. ${ELSEWHERE}`));
  } else if (elsewhere.size > 0) {
    made.push(note(`Nothing is loaded from ${list([...elsewhere])}. ${ELSEWHERE}`));
  }
  if (scripts.own) {
    const button = element("button", { type: "button" }, "Run its scripts");
    button.addEventListener("click", run);
    const said = "They run shut in, without network and out of reach of the editor.";
    made.push(element("p", { class: "note" }, button, ` ${said}`));
  }
  return made;
}

const ELSEWHERE = "Save as File, and open that in a browser for the whole of it.";

function list(hosts: readonly string[]): string {
  return hosts.slice(0, 5).join(", ");
}

function note(text: string): HTMLElement {
  return element("p", { class: "note" }, text);
}
