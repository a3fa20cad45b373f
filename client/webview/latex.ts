// LaTeX: formulas set by KaTeX; what it does not know is shown as it was written.

import { render } from "katex";
import { element } from "./element";
import { formulas } from "./formulas";
import type { Show } from "./stage";

/** What a hostile formula may cost: no macro that unfolds without end, no box larger than this. */
const LIMITS = { maxExpand: 1000, maxSize: 50 };

export const showLatex: Show = async (source, format) => {
  const { data } = await source.content(format);
  const box = element("div", { class: "latex", tabindex: 0 });
  for (const part of formulas(data)) {
    box.append(part.tex === undefined ? part.text : formula(part.tex, part.display));
  }
  return box;
};

/** Built as elements, not as HTML: nothing in it needs cleaning. */
export function formula(tex: string, displayMode: boolean): HTMLElement {
  const box = element(displayMode ? "div" : "span");
  try {
    render(tex, box, {
      displayMode,
      trust: false,
      strict: "ignore",
      throwOnError: true,
      ...LIMITS,
    });
  } catch (failure) {
    const why = failure instanceof Error ? failure.message : String(failure);
    box.replaceChildren(element("code", { title: why }, tex));
  }
  return box;
}
