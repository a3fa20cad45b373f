// What the hover of a mark says of its pins, as Markdown; all that user code made stands in code.

import { codeSpan, cut, fence } from "../annotations/plainText";
import type { Pin, PinExample } from "../protocol.gen";

const MAX_PINS = 10;
const MAX_TEXT = 2_000;

/** What a command about a pin is given. */
export interface PinReference {
  readonly uri: string;
  readonly id: string;
}

export function hoverText(uri: string, pins: readonly Pin[]): string {
  const shown = pins.toSorted((a, b) => rank(a) - rank(b)).slice(0, MAX_PINS);
  const left = pins.length - shown.length;
  const more = left > 0 ? [`… and ${left} more`] : [];
  return [...shown.map((pin) => about(uri, pin)), ...more].join("\n\n---\n\n");
}

/** Those that failed come first. */
function rank({ status }: Pin): number {
  return ["failed", "unknown", "passed"].indexOf(status);
}

function about(uri: string, pin: Pin): string {
  const failed = pin.examples.find(({ status }) => status === "failed");
  const head = `${STATUS[pin.status]} ${codeSpan(cut(pin.label, MAX_TEXT))}`;
  const reason = pin.reason === undefined ? [] : [codeSpan(cut(pin.reason, MAX_TEXT))];
  return [
    [head, ...reason].join(" · "),
    ...(failed === undefined ? [] : gave(failed)),
    links(uri, pin),
  ].join("\n\n");
}

const STATUS = { passed: "✓", failed: "✗", unknown: "Not tried:" } as const;

function gave({ expected, got, error }: PinExample): string[] {
  const expects = ["Expected", fence(cut(expected.trimEnd() || "nothing", MAX_TEXT), "")];
  const text = error?.traceback ?? got?.trimEnd() ?? "";
  return [
    ...expects,
    error === undefined ? "It gave" : "It raised",
    fence(cut(text || "nothing", MAX_TEXT), ""),
  ];
}

function links(uri: string, { id, kind }: Pin): string {
  const reference: PinReference = { uri, id };
  const offers =
    kind === "pin"
      ? ([
          ["Pin What It Gives Now", "relive.repin"],
          ["Unpin", "relive.unpin"],
          ["Open Pins", "relive.openPins"],
        ] as const)
      : ([["Try", "relive.runPins"]] as const);
  return offers.map(([label, command]) => `[${label}](${link(command, reference)})`).join(" · ");
}

function link(command: string, reference: PinReference): string {
  const argument = encodeURIComponent(JSON.stringify([reference]));
  return `command:${command}?${argument.replace(/[()]/g, percent)}`;
}

/** `encodeURIComponent` leaves brackets, which end a Markdown link. */
function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}
