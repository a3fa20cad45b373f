// A tree of values that is opened piece by piece, by mouse or by keys as a tree of the editor is.

import { element } from "../element";

export interface Leaf {
  readonly name: string;
  readonly text: string;
  /** The kind of its text's colour. */
  readonly tone: "string" | "number" | "word" | "other";
  readonly hasChildren: boolean;
}

export interface Branches {
  readonly items: readonly Leaf[];
  readonly total: number;
}

/** Those under the item at the end of this path of indices. */
export type Branching = (path: readonly number[], start: number) => Promise<Branches>;

export function tree(branching: Branching, first: Branches): HTMLElement {
  const root = element("ul", { role: "tree", class: "tree", "aria-label": "Value" });
  fill(root, [], branching, first, 0);
  root.querySelector("li")?.setAttribute("tabindex", "0");
  root.addEventListener("keydown", (event) => onKey(root, event));
  return root;
}

function fill(
  list: HTMLElement,
  path: readonly number[],
  branching: Branching,
  { items, total }: Branches,
  start: number,
): void {
  const made = items.map((leaf, index) => item(leaf, [...path, start + index], branching));
  list.append(...made);
  const next = start + items.length;
  if (next < total && items.length > 0) {
    list.append(rest(list, path, branching, next, total));
  }
}

function item(leaf: Leaf, path: readonly number[], branching: Branching): HTMLLIElement {
  const row = element(
    "div",
    { class: "row", style: `padding-left: ${path.length * 1.2}em` },
    element("span", { class: "twistie", "aria-hidden": "true" }),
    element("span", { class: "name" }, leaf.name),
    element("span", { class: `text ${leaf.tone}` }, leaf.text),
  );
  const made = element("li", { role: "treeitem", tabindex: -1 }, row);
  if (leaf.hasChildren) {
    made.setAttribute("aria-expanded", "false");
    row.addEventListener("click", () => toggle(made));
    made.addEventListener("open", () => void open(made, path, branching), { once: true });
  }
  row.addEventListener("click", () => focus(made));
  return made;
}

async function open(
  owner: HTMLElement,
  path: readonly number[],
  branching: Branching,
): Promise<void> {
  const list = element("ul", { role: "group" });
  owner.append(list);
  try {
    fill(list, path, branching, await branching(path, 0), 0);
  } catch (failure) {
    list.append(element("li", { class: "note" }, said(failure)));
  }
}

function rest(
  list: HTMLElement,
  path: readonly number[],
  branching: Branching,
  next: number,
  total: number,
): HTMLLIElement {
  const left = (total - next).toLocaleString("en");
  const made = element("li", { role: "treeitem", tabindex: -1, class: "rest" }, `… ${left} more`);
  made.addEventListener("open", async () => {
    const branches = await branching(path, next).catch(said);
    if (typeof branches === "string") {
      made.textContent = branches;
      return;
    }
    made.remove();
    const before = list.childElementCount;
    fill(list, path, branching, branches, next);
    focus(list.children.item(before));
  });
  made.addEventListener("click", () => made.dispatchEvent(new Event("open")));
  return made;
}

function said(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

function toggle(item: HTMLElement, expanded = item.getAttribute("aria-expanded") !== "true"): void {
  item.setAttribute("aria-expanded", `${expanded}`);
  if (expanded) {
    item.dispatchEvent(new Event("open"));
  }
}

function focus(item: Element | null): void {
  if (item instanceof HTMLElement) {
    item.closest("[role=tree]")?.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
    item.setAttribute("tabindex", "0");
    item.focus();
  }
}

/** As in the editor's own trees: left closes or goes up, right opens or goes in. */
function onKey(root: HTMLElement, event: KeyboardEvent): void {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || !root.contains(at)) {
    return;
  }
  const expanded = at.getAttribute("aria-expanded");
  switch (event.key) {
    case "ArrowDown":
      focus(beside(root, at, 1));
      break;
    case "ArrowUp":
      focus(beside(root, at, -1));
      break;
    case "ArrowRight":
      expanded === "false" ? toggle(at, true) : focus(at.querySelector("[role=treeitem]"));
      break;
    case "ArrowLeft":
      expanded === "true"
        ? toggle(at, false)
        : focus(at.parentElement?.closest("[role=treeitem]") ?? null);
      break;
    case "Enter":
    case " ":
      expanded === null ? at.dispatchEvent(new Event("open")) : toggle(at);
      break;
    default:
      return;
  }
  event.preventDefault();
}

function beside(root: HTMLElement, item: HTMLElement, by: number): HTMLElement | null {
  const seen = [...root.querySelectorAll<HTMLElement>("[role=treeitem]")].filter(
    (other) => other.parentElement?.closest("[aria-expanded=false]") === null,
  );
  return seen[seen.indexOf(item) + by] ?? null;
}
