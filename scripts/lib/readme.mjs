// The README and the change log as the packaged extension has them: an editor shows them without the checkout beside them.
import { readFile } from "node:fs/promises";
import { inProject } from "./project.mjs";

/** What is shown of the pictures: the moving one, which says most and is small. */
const PICTURE = "docs/images/live.gif";

const IMAGE = /!\[([^\]]*)\]\((?!https?:)([^)]+)\)\n?/g;
const LINK = /\[([^\]]+)\]\((?!https?:|#|data:)[^)]+\)/g;

/** Of links into the checkout the words alone. @param {string} text */
export function withoutLinks(text) {
  return text.replaceAll(LINK, (_, words) => words);
}

/** One picture in it, no others, and the words alone of links into the checkout. @param {string} text */
export async function packagedReadme(text) {
  const picture = (await readFile(inProject(PICTURE))).toString("base64");
  const pictured = text.replaceAll(IMAGE, (_, about, path) =>
    path === PICTURE ? `![${about}](data:image/gif;base64,${picture})\n` : "",
  );
  return withoutLinks(pictured);
}
