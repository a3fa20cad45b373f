// What a hover says, as Markdown. All that user code made stands in code blocks or spans it cannot end.

import type { FrameInfo } from "../protocol.gen";
import { outcome, wayBack } from "../rewinding/words";
import { type Content, fullText, isForPanel, type Run } from "./content";
import { duration } from "./duration";
import { errorText } from "./errorText";
import { keptOf, keptText } from "./kept";
import { type Annotation, evaluationOf, isStale } from "./lifecycle";
import { codeSpan, cut, fence } from "./plainText";
import { thumbnail } from "./thumbnail";

/** The only commands a hover may run. */
export const HOVER_COMMANDS = [
  "relive.copyResult",
  "relive.openResult",
  "relive.openPanel",
  "relive.resultToComment",
  "relive.pin",
  "relive.clearResult",
  "relive.showOutput",
  "relive.interrupt",
  "relive.showQueue",
  "relive.evalMissingAndRetry",
  "relive.showFrames",
  "relive.runAnyway",
  "relive.rerunResult",
  "relive.rerunStale",
  "relive.rewind",
  "relive.rerunFromHere",
] as const;
export type HoverCommand = (typeof HOVER_COMMANDS)[number];

/** Makes the links' targets. */
export interface Links {
  command(id: HoverCommand, annotation: Annotation): string;
  /** Undefined when the frame's place is not one the editor can show. */
  frame(frame: FrameInfo): string | undefined;
}

/** VS Code shows nothing of a hover beyond 100 000 characters; spelling out characters makes a text longer. */
const MAX_TEXT = 50_000;
const MAX_REASON = 400;

/** What can be done comes before what may be so long that it has to be scrolled. */
export function hoverText(annotation: Annotation, links: Links): string {
  const { content } = annotation;
  const first = [header(annotation), actions(annotation, links)];
  const rest = [...keptText(content), ...body(content, links)];
  const length = [...first, ...rest].join("\n\n").length;
  const picture = "run" in content ? thumbnail(content.run.pictures, length) : "";
  return [...first, picture, ...rest].filter((part) => part !== "").join("\n\n");
}

function header({ content, state, expired, doubt }: Annotation): string {
  const why = expired ? "from a process that has ended" : "stale: its code was edited since";
  const edited = state === "stale" ? [why] : [];
  return [title(content), ...timing(content), ...edited, ...doubted(doubt)].join(" · ");
}

/** What the daemon says of names is for reading only, like all that user code made. */
function doubted(doubt: string | null): string[] {
  return doubt === null ? [] : [`stale: ${codeSpan(cut(doubt.replaceAll("`", ""), MAX_REASON))}`];
}

function title(content: Content): string {
  switch (content.kind) {
    case "pending":
      return content.state === "queued" ? "Waiting for its turn" : "Running";
    case "value":
      return `Value ${codeSpan(content.value.summary ?? content.value.type)}`;
    case "done":
      return "Done";
    case "error":
      return `Error ${codeSpan(content.error.type)}`;
    case "stopped":
      return content.how === "interrupted" ? "Interrupted" : "The Python process ended";
    case "receipt":
      return "Redefinition";
    case "rewound":
      return "Rewound to before this";
    case "frame":
      return frameTitle(content);
  }
}

/** Where it was raised is one of the lines it came through. */
function frameTitle({ error, frame }: Content & { kind: "frame" }): string {
  const how = frame === error.frames.at(-1) ? "raised here" : "came through here";
  return `Error ${codeSpan(error.type)} ${how}, in ${codeSpan(frame.name)}`;
}

function timing(content: Content): string[] {
  if (content.kind === "pending") {
    return content.state === "queued" ? [] : [duration(content.elapsedMs)];
  }
  if (!("run" in content)) {
    return [];
  }
  const { durationMs, finishedAt } = content.run;
  return [duration(durationMs), new Date(finishedAt).toLocaleTimeString()];
}

function body(content: Content, links: Links): string[] {
  switch (content.kind) {
    case "value":
      return [block(content, "python"), ...alsoEvaluated(content.run)];
    case "error":
      return [...errorText(content.error, links.frame), ...alsoEvaluated(content.run)];
    case "frame":
      return errorText(content.error, links.frame);
    case "receipt":
      return [...changes(content), block(content, "text")];
    case "rewound":
      return rewound(content);
    case "stopped":
      return [
        ...(content.cause === null ? [] : [codeSpan(content.cause)]),
        ...alsoEvaluated(content.run),
      ];
    case "done":
      return alsoEvaluated(content.run);
    case "pending":
      return content.lastOutput === null ? [] : [codeSpan(content.lastOutput)];
  }
}

/** Whether the value in a text is one that others show, as that of a name at its own assignment. */
export function isShownIn(others: readonly string[], text: string): boolean {
  const value = /^(`{3,})python\n.*?\n\1$/ms.exec(text)?.[0];
  return value !== undefined && others.some((other) => other.includes(value));
}

function block(content: Content, language: string): string {
  const full = fullText(content);
  if (full === null) {
    return "";
  }
  const text = cut(full.text, MAX_TEXT);
  const whole = full.whole && text === full.text;
  return fence(text, language) + (whole ? "" : "\nCut: the value is longer than this.");
}

const PATCH = {
  patched: "patched: it is not what the process loaded",
  reverted: "as it was loaded again",
} as const;

function changes({ redefinition }: Content & { kind: "receipt" }): string[] {
  return redefinition.definitions.map(({ name, outcome, patch, reason, atLeast, ...reached }) => {
    const least = atLeast === true ? "at least " : "";
    return [
      `${codeSpan(name)} ${outcome}`,
      ...(patch ? [PATCH[patch]] : []),
      `functions ${reached.functionsUpdated}, instances ${least}${reached.instancesUpdated}, ` +
        `aliases ${least}${reached.referencesUpdated}`,
      ...(reason ? [codeSpan(reason)] : []),
    ].join(" · ");
  });
}

function rewound({ rewind }: Content & { kind: "rewound" }): string[] {
  const { warnings, unwatched, failed } = rewind;
  const stopped = failed === undefined ? [] : [outcome(rewind).text];
  const known = listed([...stopped, ...warnings]);
  const maybe = listed(unwatched);
  return [
    wayBack(rewind),
    known,
    ...(maybe === "" ? [] : ["May have acted outside of the process, which is not undone:", maybe]),
    known + maybe === "" ? "Nothing was left outside of it." : "",
  ];
}

function listed(lines: readonly string[]): string {
  return lines.map((each) => `- ${codeSpan(cut(each, MAX_REASON))}`).join("\n");
}

function alsoEvaluated({ alsoEvaluated: lines }: Run): string[] {
  const numbers = lines.map((line) => line + 1).join(", ");
  return lines.length === 0
    ? []
    : [`Evaluated first, because this needs it: line${lines.length > 1 ? "s" : ""} ${numbers}`];
}

const BACK: [label: string, id: HoverCommand][] = [
  ["Rewind to Before This", "relive.rewind"],
  ["Re-run From Here", "relive.rerunFromHere"],
];

function actions(annotation: Annotation, links: Links): string {
  const again: [string, HoverCommand][] = [
    ["Re-run", "relive.rerunResult"],
    ["Re-run Stale Results", "relive.rerunStale"],
  ];
  const canRunAgain = annotation.nature === "result" && isStale(annotation) && !annotation.expired;
  const back: [string, HoverCommand][] = evaluationOf(annotation) === undefined ? [] : BACK;
  return [...(canRunAgain ? again : []), ...offers(annotation.content), ...back]
    .map(([label, id]) => `[${label}](${links.command(id, annotation)})`)
    .join(" · ");
}

function offers(content: Content): [label: string, id: HoverCommand][] {
  if (content.kind === "pending") {
    return content.state === "queued"
      ? [
          ["Cancel", "relive.interrupt"],
          ["Show Queue", "relive.showQueue"],
        ]
      : [
          ["Interrupt", "relive.interrupt"],
          ["Show Queue", "relive.showQueue"],
          ["Output", "relive.showOutput"],
        ];
  }
  const offered: [string, HoverCommand][] = [];
  if (keptOf(content)?.state === "taken") {
    offered.push(["Run Anyway", "relive.runAnyway"]);
  }
  if (content.kind === "error" && content.retry !== null) {
    const line = content.retry.missing.line + 1;
    offered.push([`Evaluate line ${line} and retry`, "relive.evalMissingAndRetry"]);
  }
  if (content.kind === "error" || content.kind === "frame") {
    offered.push(["Show All Frames", "relive.showFrames"]);
  }
  if (fullText(content) !== null) {
    offered.push(["Copy", "relive.copyResult"], ["Open in Editor", "relive.openResult"]);
  }
  if (isForPanel(content)) {
    offered.push(["Results Panel", "relive.openPanel"]);
  }
  if (content.kind === "value" || content.kind === "error") {
    offered.push(["Insert as Comment", "relive.resultToComment"], ["Pin", "relive.pin"]);
  }
  offered.push(["Output", "relive.showOutput"], ["Clear", "relive.clearResult"]);
  return offered;
}
