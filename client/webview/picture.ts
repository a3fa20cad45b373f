// Pictures: as large as the panel lets them, or in their own size.

import type { Content } from "../src/results/messages";
import { element } from "./element";
import type { Show } from "./stage";

/** Inside an `img`, also of SVG no script runs and nothing is loaded. */
export const showPicture: Show = async (source, format) => {
  const content = await source.content(format);
  const image = element("img", { alt: "Picture", src: address(content, format) });
  await image.decode();
  const button = element(
    "button",
    { type: "button", class: "picture", "aria-pressed": "false", title: "Fit, or own size" },
    image,
  );
  button.addEventListener("click", () => {
    const natural = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", `${natural}`);
  });
  return button;
};

function address({ data, base64 }: Content, format: string): string {
  return `data:${format}${base64 ? ";base64," : `;charset=utf-8,`}${base64 ? data : encodeURIComponent(data)}`;
}
