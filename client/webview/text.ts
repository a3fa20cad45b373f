// Long text, drawn piece by piece: laying out millions of characters at once would stop the panel.

import { element } from "./element";
import type { Show } from "./stage";

/** What is drawn at once. */
const PIECE = 50_000;

export const showText: Show = async (source, format) => {
  const { data, note } = await source.content(format);
  const pre = element("pre", { tabindex: 0 });
  const box = element("div", { class: "text" }, pre);
  if (note !== null) {
    box.prepend(element("p", { class: "note" }, note));
  }
  let drawn = 0;
  const more = element("button", { type: "button", class: "more" });
  const draw = (): void => {
    const end = wholeCharacters(data, drawn + PIECE);
    pre.append(data.slice(drawn, end));
    drawn = end;
    more.textContent = `Show more: ${(data.length - drawn).toLocaleString("en")} characters are left`;
    more.hidden = drawn >= data.length;
  };
  more.addEventListener("click", draw);
  draw();
  box.append(more);
  return box;
};

/** Up to there, or a little before, so that no character is cut in two. */
function wholeCharacters(text: string, end: number): number {
  return /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : Math.min(end, text.length);
}
