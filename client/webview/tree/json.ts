// The tree of a JSON text, all of which is there.

import { PAGE } from "../../src/results/messages";
import type { Show } from "../stage";
import { type Branches, type Leaf, tree } from "./tree";

export const showJson: Show = async (source, format) => {
  const { data } = await source.content(format);
  const json: unknown = JSON.parse(data);
  const first = isContainer(json) ? branches(json, 0) : { items: [leaf("", json)], total: 1 };
  return tree(async (path, start) => branches(at(json, path), start), first);
};

/** A page of what is directly in a value. */
export function branches(value: unknown, start: number): Branches {
  const entries = entriesOf(value);
  const items = entries.slice(start, start + PAGE).map(([name, child]) => leaf(name, child));
  return { items, total: entries.length };
}

export function at(value: unknown, path: readonly number[]): unknown {
  return path.reduce((inner, index) => entriesOf(inner)[index]?.[1], value);
}

function entriesOf(value: unknown): [string, unknown][] {
  return isContainer(value) ? Object.entries(value) : [];
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function leaf(name: string, value: unknown): Leaf {
  const hasChildren = entriesOf(value).length > 0;
  return { name, text: summary(value), tone: toneOf(value), hasChildren };
}

function summary(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? "[]" : `[${value.length} items]`;
  }
  if (isContainer(value)) {
    const { length } = Object.keys(value);
    return length === 0 ? "{}" : `{${length} keys}`;
  }
  return JSON.stringify(value);
}

function toneOf(value: unknown): Leaf["tone"] {
  if (typeof value === "string") {
    return "string";
  }
  if (typeof value === "number") {
    return "number";
  }
  return isContainer(value) ? "other" : "word";
}
