// Show Queue: what runs and what waits, in all sessions; and the key that cancels one of it.

import { Range, Uri, window, workspace } from "vscode";
import { NothingToDo } from "../errors";
import { interruptCommand, queueCommand } from "../protocol";
import type { QueuedEvaluation } from "../protocol.gen";
import { requireTrust } from "../trust";
import { type QueueActions, QueueList } from "../views/queueList";
import type { Run } from "./command";
import { interruptRun } from "./interrupt";

export const showQueueRun: Run = async (context) => {
  const { daemon, messages } = context;
  if (daemon.state !== "running") {
    throw new NothingToDo("nothing runs and nothing waits");
  }
  const trusted = requireTrust();
  const actions: QueueActions = {
    all: async () => (await daemon.execute(trusted, queueCommand, {})).items,
    open,
    cancel: async ({ id, session }) => {
      const params = session === "" ? { id } : { id, uri: session };
      await daemon.execute(trusted, interruptCommand, params);
    },
    cancelAll: async () => interruptRun(context),
    fail: (failure) => messages.failure(failure),
  };
  const evaluations = await actions.all();
  if (evaluations.length === 0) {
    throw new NothingToDo("nothing runs and nothing waits");
  }
  const list = new QueueList(evaluations, actions);
  context.queueList = list;
  list.show();
};

export const cancelQueuedRun: Run = ({ queueList }) => queueList?.cancelActive();

async function open({ uri, range }: QueuedEvaluation): Promise<void> {
  if (uri === null || range === null) {
    return;
  }
  const document = await workspace.openTextDocument(Uri.parse(uri));
  const place = new Range(
    range.start.line,
    range.start.character,
    range.end.line,
    range.end.character,
  );
  await window.showTextDocument(document, { selection: place });
}
