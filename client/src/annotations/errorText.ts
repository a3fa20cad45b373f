// What a hover says of an error: its stack with the values in it, own code first, and what led to it.

import type { ErrorInfo, FrameInfo, LinkedError, Local } from "../protocol.gen";
import { headline } from "./content";
import { codeSpan, cut, fence, visible } from "./plainText";

/** The target of a link to a frame; undefined when its place is not one the editor can show. */
export type FrameLink = (frame: FrameInfo) => string | undefined;

/** More than these are walked through in a list of their own. */
const MAX_FRAMES = 6;
const MAX_LOCALS = 8;
const MAX_LINKED = 12;
const MAX_LINE = 100;
const MAX_MESSAGE = 4000;

export function errorText(error: ErrorInfo, link: FrameLink): string[] {
  return [
    fence(cut([headline(error), ...error.notes].join("\n"), MAX_MESSAGE), "text"),
    ...stack(error.frames, link),
    ...linked(error, link, 0),
  ].filter((part) => part !== "");
}

/** The frames in the order they matter: own code before that of libraries, the innermost first. */
export function ordered(frames: readonly FrameInfo[]): FrameInfo[] {
  const reversed = [...frames].reverse();
  return [...reversed.filter(({ own }) => own), ...reversed.filter(({ own }) => !own)];
}

function stack(frames: readonly FrameInfo[], link: FrameLink): string[] {
  const places = ordered(frames);
  const own = places.filter((frame) => frame.own);
  const shown = (own.length > 0 ? own : places).slice(0, MAX_FRAMES);
  const omitted = frames.reduce((total, frame) => total + (frame.omitted ?? 0), 0);
  const rest = places.length - shown.length + omitted;
  return [
    ...shown.flatMap((frame) => [place(frame, link), values(frame)]),
    rest > 0 ? `… and ${rest} more ${rest === 1 ? "frame" : "frames"}` : "",
  ];
}

/** The link's text is ours: a function's name could close it. */
function place(frame: FrameInfo, link: FrameLink): string {
  const target = link(frame);
  const line = `line ${frame.line + 1}`;
  const where = target === undefined ? line : `[${line}](${target})`;
  const file = frame.uri === null ? [] : [codeSpan(fileName(frame.uri))];
  return [`${where} in ${codeSpan(frame.name)}`, ...file].join(" · ");
}

function values({ locals = [], localsOmitted = 0, text }: FrameInfo): string {
  const shown = locals.slice(0, MAX_LOCALS).map(assignment);
  const rest = locals.length - shown.length + localsOmitted;
  const code = text === "" ? [] : [flat(text)];
  const more = rest > 0 ? [`# … ${rest} more`] : [];
  const lines = [...code, ...shown.map((line) => `    ${line}`), ...more.map((m) => `    ${m}`)];
  return lines.length === 0 ? "" : fence(lines.join("\n"), "python");
}

export function assignment({ name, text }: Local): string {
  return flat(`${name} = ${text}`);
}

function flat(text: string): string {
  return cut(visible(text).replace(/\s*\n\s*/g, "⏎"), MAX_LINE);
}

const RELATIONS = {
  cause: "Raised from",
  context: "Raised while handling",
  member: "In the group:",
} as const;

function linked(error: ErrorInfo | LinkedError, link: FrameLink, depth: number): string[] {
  const all = tree(error, link, depth);
  const shown = all.slice(0, MAX_LINKED);
  const rest = all.length - shown.length + (error.omitted ?? 0);
  const more = rest > 0 ? [`- … ${rest} more`] : [];
  return [[...shown, ...more].join("\n")];
}

/** One line of a list for each exception, those of a group below it. */
function tree(error: ErrorInfo | LinkedError, link: FrameLink, depth: number): string[] {
  return [...error.causes, ...error.exceptions].flatMap((other) => {
    const [innermost] = ordered(other.frames);
    const said = codeSpan(cut(headline(other), MAX_LINE));
    const where = innermost === undefined ? [] : [place(innermost, link)];
    const line = [`${RELATIONS[other.relation]} ${said}`, ...where].join(" · ");
    return [`${"  ".repeat(depth)}- ${line}`, ...tree(other, link, depth + 1)];
  });
}

export function fileName(uri: string): string {
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
