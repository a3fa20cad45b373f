// A value saved as a file, in the form it is shown in.

import { Buffer } from "node:buffer";
import { TextEncoder } from "node:util";
import { Uri, window, workspace } from "vscode";
import { contentOf, nameOf } from "./answers";
import { csv } from "./csv";
import { type Entry, formatOf } from "./exhibits";
import { labelOf, TABLE, TEXT, TREE } from "./formats";
import type { Values } from "./values";

const SUFFIXES: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/gif": "gif",
  "image/webp": "webp",
  "image/svg+xml": "svg",
  "text/html": "html",
  "text/markdown": "md",
  "text/latex": "tex",
  [TABLE]: "csv",
  [TEXT]: "txt",
};

/** Asks where, and writes it there; whether it was. */
export async function saveAsFile(values: Values, entry: Entry): Promise<Uri | undefined> {
  const shown = formatOf(entry);
  const format = shown === TREE ? TEXT : shown;
  const suffix = SUFFIXES[format] ?? "json";
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const name = `result.${suffix}`;
  const target = await window.showSaveDialog({
    title: "Save Result as File",
    filters: { [labelOf(format)]: [suffix] },
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, name) }),
  });
  if (target !== undefined) {
    await workspace.fs.writeFile(target, await bytesOf(values, entry, format));
  }
  return target;
}

async function bytesOf(values: Values, entry: Entry, format: string): Promise<Uint8Array> {
  if (format === TABLE) {
    const name = nameOf(entry);
    return new TextEncoder().encode(await csv((part) => values.table(name, part)));
  }
  const { data, base64 } = await contentOf(values, entry, format);
  return base64 ? Buffer.from(data, "base64") : new TextEncoder().encode(data);
}
