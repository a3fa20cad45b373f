// What the panel's page is to a screen reader and to keys: its tree, its table, its buttons.
import { JSDOM } from "jsdom";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Exhibit, Showing } from "../../src/results/messages";
import { Header } from "../../webview/header";
import { Columns } from "../../webview/table/columns";
import { type Branching, type Leaf, tree } from "../../webview/tree/tree";

let page: Document;

beforeEach(() => {
  const { window } = new JSDOM("<!doctype html><body></body>");
  page = window.document;
  for (const name of ["document", "HTMLElement", "Event", "window"] as const) {
    vi.stubGlobal(name, window[name]);
  }
  return () => vi.unstubAllGlobals();
});

const leaf = (name: string, hasChildren = false): Leaf => ({
  name,
  text: name,
  tone: "other",
  hasChildren,
});

describe("the tree", () => {
  /** Two items; in the first are two of three more. */
  const branching: Branching = async (path, start) =>
    path.length === 0
      ? { items: [leaf("fruit", true), leaf("salt")], total: 2 }
      : {
          items: ["tea", "plum", "pear"].slice(start, start + 2).map((name) => leaf(name)),
          total: 3,
        };

  async function shown(): Promise<HTMLElement> {
    const made = tree(branching, await branching([], 0));
    page.body.append(made);
    made.querySelector<HTMLElement>("[tabindex='0']")?.focus();
    return made;
  }

  const at = () =>
    page.activeElement?.querySelector(".name")?.textContent ?? page.activeElement?.textContent;
  async function press(...keys: string[]) {
    for (const key of keys) {
      const { KeyboardEvent } = page.defaultView as unknown as {
        KeyboardEvent: typeof globalThis.KeyboardEvent;
      };
      page.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      await Promise.resolve().then(() => undefined);
    }
  }

  test("has a name, items that say whether they are open, and one of them for the tab key", async () => {
    const made = await shown();
    expect([made.getAttribute("role"), made.getAttribute("aria-label")]).toEqual(["tree", "Value"]);
    const items = [...made.querySelectorAll("[role=treeitem]")];
    expect(items.map((item) => item.getAttribute("aria-expanded"))).toEqual(["false", null]);
    expect(items.map((item) => item.getAttribute("tabindex"))).toEqual(["0", "-1"]);
    expect(made.querySelector(".twistie")?.getAttribute("aria-hidden")).toBe("true");
  });

  test("is walked by arrows, opened, and more of it is asked for, without a mouse", async () => {
    const made = await shown();
    await press("ArrowRight");
    await vi.waitFor(
      () => expect(made.querySelector("[role=group] [role=treeitem]")).not.toBeNull(),
      { timeout: 60_000 },
    );
    expect(made.querySelector("[role=treeitem]")?.getAttribute("aria-expanded")).toBe("true");
    await press("ArrowRight");
    expect(at()).toBe("tea");
    await press("ArrowDown", "ArrowDown");
    expect(at()).toBe("… 1 more");
    await press("Enter");
    await vi.waitFor(() => expect(at()).toBe("pear"), { timeout: 60_000 });
    await press("ArrowLeft");
    expect(at()).toBe("fruit");
    await press("ArrowLeft", "ArrowDown"); // it is closed, and what is in it passed over
    expect(at()).toBe("salt");
    expect(page.querySelectorAll("[tabindex='0']")).toHaveLength(1);
  });
});

test("a table's heads are buttons that say how it is sorted, and its rows have their numbers", () => {
  const table = {
    indexNames: ["day"],
    columns: [
      { name: "size", dtype: "int64", numeric: true },
      { name: "name", dtype: "object", numeric: false },
    ],
  };
  const sort = { column: 1, descending: true };
  // SAFETY: of a table no more is read here.
  const columns = new Columns(table as never, { firstColumn: 0, sort, onSort: () => undefined });
  const heads = [...columns.head().children];
  expect(heads.map((head) => head.getAttribute("scope"))).toEqual(["col", "col", "col"]);
  expect(heads.map((head) => head.getAttribute("aria-sort"))).toEqual([null, null, "descending"]);
  expect(heads.every((head) => head.firstElementChild?.tagName === "BUTTON")).toBe(true);
  const row = columns.row(41, { index: ["Monday"], cells: ["3", "tea"] });
  expect(row.getAttribute("aria-rowindex")).toBe("43"); // the head is the first
  expect(row.firstElementChild?.getAttribute("scope")).toBe("row");
});

test("which form is shown is told by a pressed button, not by its colour", () => {
  const header = new Header(() => undefined);
  const formats = ["table", "text"].map((format) => ({ format, label: format }));
  // SAFETY: of an exhibit no more is read here.
  const exhibit = {
    formats,
    format: "text",
    place: "a.py:1",
    code: "a",
    type: "int",
    expired: true,
  };
  header.show({
    exhibit: exhibit as unknown as Exhibit,
    position: 1,
    count: 2,
    pinned: true,
  } as Showing);
  const group = header.element.querySelector("[role=group]");
  expect(group?.getAttribute("aria-label")).toBe("Shown as");
  const buttons = [...(group?.children ?? [])];
  expect(buttons.map((button) => button.getAttribute("aria-pressed"))).toEqual(["false", "true"]);
  expect(header.element.textContent).toContain("from a process that has ended");
  expect(header.element.textContent).toContain("Pinned · 1 of 2");
});
