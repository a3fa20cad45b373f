// Views draw anew what is other, and only that: a row that is drawn anew loses a click that is under way.
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Daemon } from "../../src/daemon";
import type { Definitions } from "../../src/definitions/definitions";
import { KnownDefinitions } from "../../src/definitions/known";
import type { Held } from "../../src/held/held";
import { HeldStacks } from "../../src/held/stacks";
import type { DefinitionState, HeldFrame, HistoryEntry } from "../../src/protocol.gen";
import { ChangesView } from "../../src/views/changesView";
import { DefinitionsView } from "../../src/views/definitionsView";
import { HeldView } from "../../src/views/heldView";
import { VariablesView } from "../../src/views/variablesView";
import { EventEmitter, shown } from "./fakeEditor";
import { logged } from "./logged";

vi.mock("vscode", async () => (await import("./fakeEditor")).editor);
vi.mock("vscode-languageclient/node", () => ({
  NotificationType: class {},
  RequestType: class {},
}));

interface View<Node> {
  readonly onDidChangeTreeData: (hear: (node: Node | undefined) => void) => unknown;
  getChildren(node?: Node): Promise<Node[]>;
  getTreeItem(node: Node): { label?: unknown; collapsibleState?: number };
}

/** Opens all rows of a view, as the editor would, and gives what it is told to draw anew. */
async function drawn<Node>(view: View<Node>) {
  const redrawn: string[] = [];
  const rows = new Map<string, Node>();
  const draw = async (node: Node | undefined): Promise<void> => {
    if (node !== undefined && view.getTreeItem(node).collapsibleState === 0) {
      return;
    }
    for (const child of await view.getChildren(node)) {
      rows.set(labelOf(view, child), child);
      await draw(child);
    }
  };
  view.onDidChangeTreeData((node) => {
    redrawn.push(node === undefined ? "everything" : labelOf(view, node));
    void draw(node);
  });
  await draw(undefined);
  const row = (label: string): Node => {
    const found = rows.get(label);
    if (found === undefined) {
      throw new Error(`${label} is in none of ${[...rows.keys()].join(", ")}`);
    }
    return found;
  };
  return { redrawn, row };
}

function labelOf<Node>(view: View<Node>, node: Node): string {
  return String(view.getTreeItem(node).label);
}

/** What was begun is through, and what it has begun. */
async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(1000);
}

const at = { line: 0, character: 0 };
const nowhere = { start: at, end: at };

beforeEach(() => {
  vi.useFakeTimers();
  shown.isVisible = true;
  return () => void vi.useRealTimers();
});

describe("definitions", () => {
  const FILE = "file:///w/a.py";

  function definition(name: string, more: Partial<DefinitionState> = {}): DefinitionState {
    const place = { range: nowhere, header: at };
    return { uri: FILE, name, kind: "function", state: "in sync", ...place, ...more };
  }

  async function opened(...items: DefinitionState[]) {
    const known = new KnownDefinitions();
    const changed = new EventEmitter<readonly string[]>();
    const definitions = { known, onDidChange: changed.event, askAllSoon: () => undefined };
    known.put(FILE, items);
    // SAFETY: the view uses nothing else of it.
    const view = new DefinitionsView(definitions as unknown as Definitions);
    const tell = async (...told: DefinitionState[]) => {
      known.put(FILE, told);
      changed.fire([FILE]);
      await settled();
    };
    return { view, tell, ...(await drawn(view)) };
  }

  test("told again, the same is not drawn again, wherever it stands by now", async () => {
    const { redrawn, tell, row } = await opened(definition("C"), definition("C.f"));
    const before = row("f");
    const lower = { line: 7, character: 0 };
    await tell(definition("C", { header: lower }), definition("C.f", { header: lower }));
    expect(redrawn).toEqual([]);
    expect(row("f")).toBe(before);
  });

  test("one that is in another state is drawn alone, and is the same row", async () => {
    const { view, redrawn, tell, row } = await opened(definition("f"), definition("g"));
    const before = row("f");
    await tell(definition("f", { state: "old body running" }), definition("g"));
    expect(redrawn).toEqual(["f"]);
    expect(row("f")).toBe(before);
    expect(view.getTreeItem(before).description).toBe("old body running");
  });

  test("what is inside another is compared by itself", async () => {
    const old = { oldInstances: 1 };
    const { redrawn, tell } = await opened(definition("C", old), definition("C.f"));
    await tell(definition("C", old), definition("C.f", old));
    expect(redrawn).toEqual(["f"]);
  });

  test("with another definition its file is drawn", async () => {
    const { redrawn, tell, row } = await opened(definition("f"));
    await tell(definition("f"), definition("g"));
    expect(redrawn).toEqual(["a.py"]);
    expect(row("g")).toBeDefined();
  });

  test("the parts of a property, which share a name, are rows of their own", async () => {
    const { redrawn, tell } = await opened(definition("p"), definition("p"));
    await tell(definition("p"), definition("p", { state: "old body running" }));
    expect(redrawn).toEqual(["p"]);
  });

  test("the filter draws what it leaves", async () => {
    const { view, redrawn, row } = await opened(
      definition("f"),
      definition("g", { state: "edited" }),
    );
    view.filter(true);
    await settled();
    expect(redrawn).toEqual(["a.py"]);
    expect(await view.getChildren(row("a.py"))).toHaveLength(1);
  });
});

describe("what is held", () => {
  function frame(number: number, text = "1"): HeldFrame {
    return {
      hold: 1,
      frame: number,
      name: `f${number}`,
      uri: "file:///w/a.py",
      range: nowhere,
      text: "boom()",
      locals: [
        { name: `a${number}`, text, truncated: false },
        { name: `b${number}`, text: "2", truncated: false },
      ],
      canRetry: true,
      canRestart: true,
      canReturn: true,
      error: "ValueError: x",
    };
  }

  test("a value that is another is drawn, and no frame", async () => {
    const stacks = new HeldStacks();
    const changed = new EventEmitter<void>();
    stacks.put("file:///w", [frame(0), frame(1)]);
    // SAFETY: the view uses nothing else of it.
    const view = new HeldView({ stacks, onDidChange: changed.event } as unknown as Held);
    const { redrawn } = await drawn(view);
    const tell = async (...frames: HeldFrame[]) => {
      stacks.put("file:///w", frames);
      changed.fire();
      await settled();
      return redrawn.splice(0);
    };
    expect(await tell(frame(0), frame(1))).toEqual([]);
    expect(await tell(frame(0), frame(1, "7"))).toEqual(["a1 = 7"]);
    expect(await tell()).toEqual(["everything"]);
  });
});

/** A daemon that answers each question from a table, and counts what it is asked. */
function daemonOf(answers: Record<string, (argument: never) => unknown>) {
  const asked: string[] = [];
  const state = new EventEmitter<string>();
  const answer = async ({ name }: { name: string }, argument: never) => {
    asked.push(name);
    return answers[name]?.(argument);
  };
  const daemon = {
    state: "running",
    onDidChangeState: state.event,
    query: answer,
    execute: async (_: unknown, command: { name: string }, argument: never) =>
      answer(command, argument),
  };
  // SAFETY: the views use nothing else of it.
  return { daemon: daemon as unknown as Daemon, asked };
}

describe("variables", () => {
  const nothingHeld = { stacks: new HeldStacks(), onDidChange: new EventEmitter<void>().event };

  async function opened(values: Record<string, string>, parts: Record<string, string> = {}) {
    const module = { name: "m", uri: null, folder: null, ref: "1:0", names: 2 };
    let round = 0; // each answer has other references
    const listed = (of: Record<string, string>, children: boolean) =>
      Object.entries(of).map(([name, text]) => {
        round += 1;
        const ref = String(round);
        return { name, text, type: "int", ref, children, setBy: null, kind: "value" };
      });
    const { daemon, asked } = daemonOf({
      "relive.modules": () => ({ items: [module] }),
      "relive.variables": ({ parent }: { parent: string }) => {
        const items = parent === "1:0" ? listed(values, true) : listed(parts, false);
        return { items, total: items.length };
      },
    });
    // SAFETY: the view uses nothing else of it.
    const view = new VariablesView(daemon, nothingHeld as unknown as Held);
    const renew = async () => {
      asked.length = 0;
      view.renew();
      await settled();
    };
    return { values, parts, asked, view, renew, ...(await drawn(view)) };
  }

  test("an evaluation that changes nothing shown draws nothing", async () => {
    const { redrawn, renew } = await opened({ x: "1", y: "2" });
    await renew();
    expect(redrawn).toEqual([]);
  });

  test("a name with another value is drawn alone, and a command hears of its new value", async () => {
    const { values, redrawn, renew, row } = await opened({ x: "1", y: "2" });
    values.x = "3";
    await renew();
    expect(redrawn).toEqual(["x"]);
    expect(row("x")).toMatchObject({ variable: { text: "3" } });
  });

  test("another name draws its module", async () => {
    const { values, redrawn, renew } = await opened({ x: "1" });
    values.y = "2";
    await renew();
    expect(redrawn).toEqual(["m"]);
  });

  test("what is folded is looked at once it is seen", async () => {
    const { parts, asked, redrawn, renew, row } = await opened({ x: "[…]" }, { "[0]": "1" });
    shown.collapsed.fire({ element: row("x") });
    parts["[0]"] = "2";
    await renew();
    expect(asked).toEqual(["relive.modules", "relive.variables"]);
    expect(redrawn).toEqual([]);
    shown.expanded.fire({ element: row("x") });
    await settled();
    expect(redrawn).toEqual(["[0]"]);
  });

  test("what is out of sight is not looked at", async () => {
    const { asked, renew } = await opened({ x: "1" });
    shown.isVisible = false;
    await renew();
    expect(asked).toEqual([]);
  });
});

describe("changes", () => {
  async function opened(entries: HistoryEntry[]) {
    const { daemon, asked } = daemonOf({ "relive.history": () => [...entries] });
    const view = new ChangesView(daemon);
    const renew = async () => {
      asked.length = 0;
      view.renew();
      await settled();
    };
    return { asked, renew, ...(await drawn(view)) };
  }

  test("an entry that ends is drawn alone", async () => {
    const entries = [logged(2, { status: "unknown" }), logged(1)];
    const { redrawn, renew } = await opened(entries);
    await renew();
    expect(redrawn).toEqual([]);
    entries[0] = logged(2);
    await renew();
    expect(redrawn).toEqual(["x2 = 2"]);
  });

  test("a question that is refused leaves what was shown, and with news it is asked again", async () => {
    const entries = [logged(1)];
    let isRefused = true;
    const { daemon } = daemonOf({
      "relive.history": () => {
        if (isRefused) {
          throw new Error("refused");
        }
        return [...entries];
      },
    });
    const view = new ChangesView(daemon);
    expect(await view.getChildren()).toEqual([]);
    isRefused = false;
    const shownFirst = await view.getChildren();
    expect(shownFirst).toMatchObject([{ id: entries[0]?.id }]);
    isRefused = true;
    expect(await view.getChildren()).toEqual(shownFirst);
    isRefused = false;
    const { redrawn } = await drawn(view);
    entries.unshift(logged(2));
    view.renew();
    await settled();
    expect(redrawn).toEqual(["everything"]);
  });

  test("a new entry draws the list, which is asked for once", async () => {
    const entries = [logged(1)];
    const { asked, redrawn, renew } = await opened(entries);
    entries.unshift(logged(2));
    await renew();
    expect(redrawn).toEqual(["everything"]);
    expect(asked).toEqual(["relive.history"]);
  });
});
