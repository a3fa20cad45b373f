// What is shown, in a line: where it comes from, what it is, and the other forms it has.

import type { Exhibit, Showing } from "../src/results/messages";
import { element } from "./element";

export class Header {
  readonly element = element("header");
  readonly #choose: (exhibit: Exhibit, format: string) => void;

  constructor(choose: (exhibit: Exhibit, format: string) => void) {
    this.#choose = choose;
  }

  show({ exhibit, position, count, pinned }: Showing): void {
    if (exhibit === null) {
      this.element.replaceChildren();
      return;
    }
    this.element.replaceChildren(
      element("div", { class: "origin" }, ...origin(exhibit)),
      this.#formats(exhibit),
      element("span", { class: "position" }, `${pinned ? "Pinned · " : ""}${position} of ${count}`),
    );
  }

  /** Buttons that tell which of them is pressed; none where there is nothing to choose. */
  #formats(exhibit: Exhibit): HTMLElement {
    const group = element("div", { class: "formats", role: "group", "aria-label": "Shown as" });
    for (const { format, label } of exhibit.formats.length > 1 ? exhibit.formats : []) {
      const pressed = format === exhibit.format;
      const button = element("button", { type: "button", "aria-pressed": `${pressed}` }, label);
      button.addEventListener("click", () => this.#choose(exhibit, format));
      group.append(button);
    }
    return group;
  }
}

function origin({ place, code, type, summary, expired }: Exhibit): HTMLElement[] {
  const parts = [
    element("span", { class: "place" }, place),
    element("code", { title: code }, code),
    element("span", { class: "summary" }, summary ?? type),
    ...(expired ? [element("span", { class: "expired" }, "from a process that has ended")] : []),
  ];
  return parts.filter(({ textContent }) => textContent !== "");
}
