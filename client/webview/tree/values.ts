// The tree of a live value: its items and attributes are asked for as they are opened.

import { PAGE } from "../../src/results/messages";
import type { Show } from "../stage";
import { type Branching, tree } from "./tree";

export const showTree: Show = async (source) => {
  const branching: Branching = async (path, start) => {
    const { items, total } = await source.children(path, start, PAGE);
    return {
      total,
      items: items.map(({ name, text, type, hasChildren }) => ({
        name,
        text,
        tone: toneOf(type),
        hasChildren,
      })),
    };
  };
  return tree(branching, await branching([], 0));
};

function toneOf(type: string): "string" | "number" | "word" | "other" {
  switch (type) {
    case "str":
    case "bytes":
      return "string";
    case "int":
    case "float":
    case "complex":
      return "number";
    case "bool":
    case "NoneType":
      return "word";
    default:
      return "other";
  }
}
