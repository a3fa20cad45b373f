// A picture in a hover: as part of its text, so it must not be long.

import type { Display } from "../protocol.gen";

/** VS Code shows nothing of a hover beyond 100 000 characters, its other text among them. */
const MAX_HOVER = 98_000;
const WIDTH = 240;

/** Whether a picture is small enough to be kept for hovers, and of a kind that they show. */
export function isThumbnail({ mime, data, encoding }: Display): boolean {
  return (
    /^image\/(png|jpeg|gif|webp)$/.test(mime) &&
    encoding === "base64" &&
    data.length < MAX_HOVER &&
    /^[A-Za-z0-9+/=]*$/.test(data)
  );
}

/** The latest of them as Markdown; "" when there is none, or the rest of the hover leaves no room. */
export function thumbnail(pictures: readonly Display[], lengthOfRest: number): string {
  const shown = pictures.at(-1);
  if (shown === undefined || shown.data.length + lengthOfRest > MAX_HOVER) {
    return "";
  }
  return `![Picture](data:${shown.mime};base64,${shown.data}|width=${WIDTH})`;
}
