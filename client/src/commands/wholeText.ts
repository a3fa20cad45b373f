// The whole text of a result, as it is copied and opened; what lacks something says so.

import { env } from "vscode";
import { fullText } from "../annotations/content";
import type { Annotation } from "../annotations/lifecycle";
import type { Context } from "../context";
import { NothingToDo } from "../errors";
import { textOf } from "../results/answers";
import type { Content } from "../results/messages";

/** All that can be had of a result's text. */
export async function wholeText(
  { values }: Context,
  key: string,
  { content, expired }: Annotation,
): Promise<Content> {
  if (content.kind === "value") {
    return textOf(values, { value: content.value, uri: key, expired });
  }
  const full = fullText(content);
  if (full === null) {
    throw new NothingToDo("this result has no text");
  }
  return { data: full.text, base64: false, note: null };
}

export async function copyText({ messages }: Context, { data, note }: Content): Promise<void> {
  await env.clipboard.writeText(data);
  const count = data.length.toLocaleString("en");
  messages.notice(note === null ? "copied" : `copied ${count} characters. ${note}`);
}

export async function openText(
  { resultDocuments }: Context,
  title: string,
  { data, note }: Content,
): Promise<void> {
  await resultDocuments.open(title, note === null ? data : `${data}\n\n${note}\n`);
}
