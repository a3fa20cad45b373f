// HTML an object offers: cleaned, and only if a person asks for it with its scripts, shut in.

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
  const cleaned = clean(data);
  const scripts = scriptsOf(data, parser);
  const box = element("div", { class: "html" });
  const run = (): void => box.replaceChildren(isolated(data));
  box.append(...notes(cleaned, scripts, run), boxed(cleaned.fragment));
  return box;
};

/** A library's page that needs nothing from elsewhere, made to be run. */
export const showInteractive: Show = async (source, format) => {
  const { data } = await source.content(format);
  return isolated(data);
};

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
