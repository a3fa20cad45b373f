// The README as the packaged extension has it: an editor shows it without the checkout beside it.
import { readFile } from "node:fs/promises";
import { inProject } from "./project.mjs";

/** What is shown of the pictures: the moving one, which says most and is small. */
const PICTURE = "docs/images/live.gif";

const IMAGE = /!\[([^\]]*)\]\((?!https?:)([^)]+)\)\n?/g;
const LINK = /\[([^\]]+)\]\((?!https?:|#|data:)[^)]+\)/g;

/** One picture in it, no others, and the words alone of links into the checkout. @param {string} text */
export async function packagedReadme(text) {
  const picture = (await readFile(inProject(PICTURE))).toString("base64");
  return text
    .replaceAll(IMAGE, (_, about, path) =>
      path === PICTURE ? `![${about}](data:image/gif;base64,${picture})\n` : "",
    )
    .replaceAll(LINK, (_, words) => words);
}
