// What is held: which frame a command means, and what is said of it.
import { describe, expect, test } from "vitest";
import {
  definitionOf,
  framesAround,
  HeldStacks,
  isFrameReference,
  ownFrames,
} from "../../src/held/stacks";
import { callInWords, hoverText, isOffered, lineText, placeText } from "../../src/held/words";
import type { HeldFrame } from "../../src/protocol.gen";

const FILE = "file:///w/job.py";

function frame(number: number, line: number, more: Partial<HeldFrame> = {}): HeldFrame {
  const start = { line, character: 4 };
  return {
    hold: 1,
    frame: number,
    name: "find_faces",
    uri: FILE,
    range: { start, end: { line, character: 20 } },
    text: "faces.append(crop(image))",
    locals: [{ name: "image", text: "'7.png'", truncated: false }],
    canRetry: true,
    canRestart: true,
    canReturn: true,
    error: "KeyError: 'box'",
    ...more,
  };
}

describe("which frame is meant", () => {
  const stacks = new HeldStacks();
  const inner = frame(0, 7);
  const outer = frame(1, 12, { name: "main" });
  stacks.put("file:///w", [inner, outer]);

  test("the one at the cursor, or else the innermost", () => {
    expect(stacks.meant(FILE, 12)).toBe(outer);
    expect(stacks.meant(FILE, 3)).toBe(inner);
    expect(stacks.meant("file:///w/other.py", 12)).toBe(inner);
    expect(stacks.meant(undefined, -1)).toBe(inner);
  });

  test("for a place that is chosen, the calls of the innermost held function around it", () => {
    const lines = (start: number, end: number) => ({
      start: { line: start, character: 0 },
      end: { line: end, character: 9 },
    });
    const definitions = [{ range: lines(0, 14) }, { range: lines(16, 19) }];
    const nested = frame(0, 4, { function: lines(3, 5) });
    const around = frame(1, 7, { function: lines(1, 8) });
    const again = frame(2, 7, { function: lines(1, 8) });
    const other = frame(3, 12, { function: lines(10, 14), canRetry: false });
    const top = frame(4, 20, { name: "<module>" });
    const frames = [nested, around, again, other, top];
    expect(framesAround(frames, 4, definitions)).toEqual([nested]);
    expect(framesAround(frames, 2, definitions)).toEqual([around, again]);
    expect(framesAround([nested, top], 2, definitions)).toEqual([]);
    expect(framesAround(frames, 12, definitions)).toEqual([]);
    expect(framesAround(frames, 17, definitions)).toEqual([]);
    expect(framesAround(frames, 22, definitions)).toEqual([top]);
  });

  test("the one a link names, in the session that holds it", () => {
    const reference = { folder: "file:///w", hold: 1, frame: 1 };
    expect(isFrameReference(reference)).toBe(true);
    expect(stacks.find(reference)).toBe(outer);
    expect(stacks.folderOf(outer)).toBe("file:///w");
    expect(stacks.find({ ...reference, hold: 2 })).toBeUndefined();
    for (const other of [undefined, null, "x", { folder: "", hold: "1", frame: 0 }]) {
      expect(isFrameReference(other)).toBe(false);
    }
  });

  test("news is that something is held, or is no more", () => {
    const fresh = new HeldStacks();
    expect(fresh.put("a", [])).toBe(false);
    expect(fresh.put("a", [inner])).toBe(true);
    expect(fresh.put("a", [inner])).toBe(true); // its values may be others
    expect(fresh.put("a", [])).toBe(true);
    expect(fresh.put("a", [])).toBe(false);
  });

  test("each of what is held is known by the frame that failed", () => {
    const several = new HeldStacks();
    const later = frame(0, 3, { hold: 2 });
    several.put("file:///w", [later, frame(1, 4, { hold: 2 }), inner, outer]);
    several.put("file:///other", [frame(0, 7)]);
    expect(several.each.map(({ hold, frame }) => [hold, frame])).toEqual([
      [2, 0],
      [1, 0],
      [1, 0],
    ]);
    expect(several.each.map((held) => several.folderOf(held))).toEqual([
      "file:///w",
      "file:///w",
      "file:///other",
    ]);
  });

  test("frames of libraries are no frames of the user's", () => {
    const library = frame(2, 90, { uri: "file:///lib/decoder.py", foreign: true });
    expect(ownFrames([inner, outer, library])).toEqual([inner, outer]);
  });

  test("another error is held, or one of them no more, as while something runs", () => {
    expect(stacks.lacks("file:///w", [1])).toBe(false);
    expect(stacks.lacks("file:///w", [1, 2])).toBe(true);
    expect(stacks.lacks("file:///w", [2])).toBe(true);
    expect(stacks.lacks("file:///other", [1])).toBe(true);
  });
});

test.each([
  ["find_faces", "find_faces"],
  ["Album.crop", "Album.crop"],
  ["main.<locals>.step", "main"],
  ["main.<locals>.<lambda>", "main"],
  ["<module>", undefined],
  ["<lambda>", undefined],
])("before %s goes on, %s is redefined", (name, definition) => {
  expect(definitionOf(frame(0, 1, { name }))).toBe(definition);
});

describe("what is said", () => {
  const link = (command: string) => `command:${command}`;

  test("the hover has the values, and only what can be done", () => {
    const all = hoverText(frame(0, 7), link);
    for (const part of ["KeyError: 'box'", "image = '7.png'", "(command:relive.retryStatement)"]) {
      expect(all).toContain(part);
    }
    const some = frame(2, 7, {
      canRestart: false,
      canReturn: false,
      whyNot: "the parameter `n` was given another value",
    });
    expect(isOffered("relive.restartFrame", some)).toBe(false);
    expect(hoverText(some, link)).not.toContain("relive.restartFrame");
    expect(hoverText(some, link)).toContain("was given another value");
    expect(hoverText(some, link)).toContain("relive.abandon");
    const top = hoverText({ ...some, name: "<module>" }, link);
    expect(top).not.toMatch(/was given another value|runs in this frame/);
    expect(hoverText({ ...some, name: "<module>", canRetry: false }, link)).toContain("was given");
  });

  test("what user code made is text, and no link", () => {
    const odd = frame(0, 7, {
      error: "E: [x](command:evil)`",
      locals: [{ name: "a", text: "```\n[x](command:evil)", truncated: false }],
    });
    const text = hoverText(odd, link);
    expect(text).toContain("`` E: [x](command:evil)` ``");
    expect(text).toContain("````python");
  });

  test("one of several calls of a function is told by what it has and where it waits", () => {
    expect(callInWords(frame(1, 7, { thread: "pool" }))).toEqual({
      label: "find_faces · image = '7.png'",
      description: "line 8 on the thread pool",
    });
  });

  test("the line's end names the error, and the thread", () => {
    expect(lineText(frame(0, 7))).toBe("held: KeyError: 'box'".replaceAll(" ", "\u00a0"));
    expect(lineText(frame(0, 7), ["KeyError: 'tray'"])).toContain("KeyError");
    expect(lineText(frame(0, 7), ["KeyError: 'box'"])).toBe("held"); // its result says the rest
    expect(lineText(frame(0, 7, { thread: "loader" }))).toContain("loader");
    expect(placeText(6, "  go()", "lines were added before it")).toBe(
      "line 7: go() (lines were added before it)",
    );
  });
});
