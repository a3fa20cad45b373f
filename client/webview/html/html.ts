// HTML an object offers, cleaned, in a place of its own: its styles reach nothing else, and nothing of it leaves its box.

import { element } from "../element";
import type { Show } from "../stage";
import { type Cleaned, cleaner } from "./clean";
import styles from "./values.shadow.css";

const clean = cleaner(window);

export const showHtml: Show = async (source, format) => {
  const { data } = await source.content(format);
  return boxed(clean(data));
};

/** The page's own styles do not reach into a shadow, nor its styles out; the outer box holds what would float over all. */
export function boxed(cleaned: Cleaned): HTMLElement {
  const inside = element("div");
  const shadow = inside.attachShadow({ mode: "closed" });
  shadow.append(element("style", {}, styles), cleaned.fragment);
  const box = element("div", { class: "boxed", tabindex: 0 }, inside);
  const said = missing(cleaned);
  return said === "" ? box : element("div", { class: "with-note" }, note(said), box);
}

function missing({ scripts, elsewhere }: Cleaned): string {
  const parts = [
    ...(scripts > 0 ? ["its scripts do not run here"] : []),
    ...(elsewhere.size > 0 ? [`nothing is loaded from ${[...elsewhere].join(", ")}`] : []),
  ];
  return parts.length === 0
    ? ""
    : `Not all is shown: ${parts.join(", ")}. Save as File and open that in a browser for the rest.`;
}

function note(text: string): HTMLElement {
  return element("p", { class: "note" }, text);
}
