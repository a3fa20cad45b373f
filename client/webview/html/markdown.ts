// Markdown: made HTML without taking any HTML from it, then cleaned like any other.

import MarkdownIt from "markdown-it";
import type { Show } from "../stage";
import { boxed } from "./boxed";
import { cleaner } from "./clean";

const markdown = new MarkdownIt({ html: false, linkify: false });
const clean = cleaner(window);

export const showMarkdown: Show = async (source, format) => {
  const { data } = await source.content(format);
  return boxed(clean(markdown.render(data)).fragment);
};
