// Cleaned HTML in a place of its own: its styles reach nothing else, and nothing of it leaves its box.

import { element } from "../element";
import styles from "./values.shadow.css";

/** The page's own styles do not reach into a shadow, nor its styles out; the outer box holds what would float over all. */
export function boxed(fragment: DocumentFragment): HTMLElement {
  const inside = element("div");
  // Open, so that the editor sees which link was clicked, and asks before it opens it.
  const shadow = inside.attachShadow({ mode: "open" });
  shadow.append(element("style", {}, styles), fragment);
  return element("div", { class: "boxed", tabindex: 0 }, inside);
}
