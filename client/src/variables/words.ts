// Names and what they stand for, in words: for the eye and for screen readers. No vscode.

import type { ListedVariable, ModuleNamespace, Value } from "../protocol.gen";

export const ICONS: Readonly<Record<ListedVariable["kind"], string>> = {
  value: "symbol-variable",
  function: "symbol-function",
  class: "symbol-class",
  module: "symbol-module",
};

/** What stands beside the name. */
export function summary({ text, kind, size, type }: ListedVariable): string {
  if (kind !== "value") {
    return text;
  }
  return [text, size ?? shortType(type)].join(" · ");
}

/** A line for each thing that is known. */
export function details({ name, text, type, size, setBy }: ListedVariable): string {
  const place = setBy === null ? [] : [`Set on line ${setBy.range.start.line + 1}`];
  const about = [type, ...(size === undefined ? [] : [size])].join(", ");
  return [`${name} = ${text}`, about, ...place].join("\n");
}

export function spoken({ name, text, kind, type, size, children }: ListedVariable): string {
  const about = kind === "value" ? shortType(type) : kind;
  return [
    name,
    about,
    ...(size === undefined ? [] : [size]),
    text,
    ...(children ? ["has parts"] : []),
  ].join(", ");
}

export function moduleSummary({ names }: ModuleNamespace): string {
  return names === 1 ? "1 name" : `${names.toLocaleString("en")} names`;
}

/** How many more there are than are shown. */
export function moreOf(shown: number, total: number): string {
  return `Show More (${(total - shown).toLocaleString("en")} Left)`;
}

/** As the results panel takes it: it asks for all the forms by itself. */
export function asValue({ text, type, ref, children, length, hasTable }: ListedVariable): Value {
  const value = { text, type, truncated: true, mimes: ["*"], ref, detail: null };
  return {
    ...value,
    hasChildren: children,
    ...(length === undefined ? {} : { length }),
    ...(hasTable === undefined ? {} : { hasTable }),
  };
}

function shortType(type: string): string {
  return type.slice(type.lastIndexOf(".") + 1);
}
