// Run Again What Was Lost…: what a process that came back from a checkpoint no longer has, as far as it is chosen.

import { commands, window } from "vscode";
import { cut, inList, withoutLinks } from "../annotations/plainText";
import type { Context } from "../context";
import { NothingToDo } from "../errors";
import type { CameBack, SessionParams } from "../protocol.gen";
import { comebackText, type Lost } from "../recovery/comebacks";
import type { Run } from "./command";

const RUN_AGAIN = "Run Again…";
const MAX_LENGTH = 400;

export const rerunLostRun: Run = async ({ comebacks, recovery }) => {
  const { lost } = comebacks;
  if (lost.length === 0) {
    throw new NothingToDo("nothing was lost");
  }
  const items = lost.map((each) => ({ label: inList(each.label), picked: true, lost: each }));
  const chosen = await window.showQuickPick(items, {
    canPickMany: true,
    title: "Run again what the process lost when it ended",
  });
  for (const [folder, entries] of byFolder(chosen?.map((item) => item.lost) ?? [])) {
    await recovery.replays.recoverEntries(folder, entries);
  }
};

/** A process came back: what is lost with it is offered, and if nothing is, that is said in passing. */
export async function tellComeback(context: Context, params: SessionParams): Promise<void> {
  const news = context.comebacks.take(params);
  if (news !== undefined) {
    await tell(context, news);
  }
}

async function tell({ messages, log }: Context, news: CameBack): Promise<void> {
  const text = withoutLinks(cut(comebackText(news), MAX_LENGTH));
  log.warn(text);
  if (news.lost.length === 0) {
    messages.notice(text);
  } else if ((await window.showWarningMessage(`Relive: ${text}.`, RUN_AGAIN)) === RUN_AGAIN) {
    await commands.executeCommand("relive.rerunLost");
  }
}

function byFolder(lost: readonly Lost[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { folder, entry } of lost) {
    found.set(folder, [...(found.get(folder) ?? []), entry]);
  }
  return found;
}
