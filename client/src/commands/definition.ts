// What redefining and reverting a definition share: which one is meant, and how its receipt is shown.

import { announce } from "../annotations/announcing";
import { definitionLine } from "../annotations/definitionLine";
import { receipt } from "../annotations/receipt";
import type { Context } from "../context";
import { openDocument } from "../documents";
import { NothingToDo } from "../errors";
import type { DaemonCommand } from "../protocol";
import type { Position, Redefinition, Target } from "../protocol.gen";
import { requireTrust } from "../trust";
import { reached } from "../walkthrough/milestones";
import { pythonEditor, uriOf } from "./command";

type ChangeCommand<Argument> = DaemonCommand<Argument, Redefinition>;

interface File {
  readonly uri: string;
}

interface Named extends File {
  readonly name: string;
}

export async function changeNamed<Argument extends Named>(
  context: Context,
  command: ChangeCommand<Argument>,
  request: Argument,
): Promise<void> {
  await change(context, command, request, header(request.uri, request.name));
}

export async function changeAtCursor(
  context: Context,
  command: ChangeCommand<File & { readonly position: Position }>,
): Promise<void> {
  const editor = pythonEditor();
  const position = editor.selection.active;
  await change(context, command, { uri: uriOf(editor), position }, position);
}

/** Asks where the definition is and to change it, in one go: both mean the text as it is now. */
async function change<Argument extends File>(
  context: Context,
  command: ChangeCommand<Argument>,
  request: Argument,
  position: Position | undefined,
): Promise<void> {
  const trusted = requireTrust();
  const { uri } = request;
  const generation = context.evaluations.nextGeneration();
  const asked: Promise<Target | null> =
    position === undefined
      ? Promise.resolve(null)
      : context.daemon.target(trusted, { uri, position, scope: "definition" });
  const begun = asked.then((target) => ({
    target,
    note: context.redefinitions.begin(uri, target?.range, generation),
  }));
  const answered = context.daemon.execute(trusted, command, request);
  const [place, answer] = await Promise.allSettled([begun, answered]);
  const redefinition = answer.status === "fulfilled" ? answer.value : undefined;
  const noted = place.status === "fulfilled" && place.value.note.finish(redefinition);
  if (answer.status === "rejected") {
    const nothingThere = place.status === "fulfilled" && place.value.target === null;
    const failure: unknown = answer.reason;
    throw nothingThere && failure instanceof Error ? new NothingToDo(failure.message) : failure;
  }
  report(context, answer.value, noted);
}

/** Every attempt ends in something to be seen: in the text, or else in the status bar. */
function report(context: Context, redefinition: Redefinition, noted: boolean): void {
  const { mark, text } = receipt(redefinition);
  const names = redefinition.definitions.map(({ name }) => name).join(", ");
  context.log.info(`Redefinition of ${names || "nothing"}: ${mark} ${text}`);
  if (redefinition.status === "ok") {
    reached("redefined");
  }
  announce(`${text}${names === "" ? "" : `, ${names}`}`);
  if (!noted) {
    context.messages.notice(`${mark} ${text}`);
  }
}

function header(uri: string, name: string): Position | undefined {
  const lines = openDocument(uri)?.lines;
  const line = lines && definitionLine(lines, name);
  return lines === undefined || line === undefined
    ? undefined
    : { line, character: lines.at(line).search(/\S/) };
}

export function isNamed(argument: unknown): argument is Named {
  return isFile(argument) && "name" in argument && typeof argument.name === "string";
}

export function isFile(argument: unknown): argument is File {
  return (
    typeof argument === "object" &&
    argument !== null &&
    "uri" in argument &&
    typeof argument.uri === "string"
  );
}
