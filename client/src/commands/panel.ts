// The results panel's commands: bring it up for a result, go through what it has shown, keep, save.

import { isForPanel } from "../annotations/content";
import type { Context } from "../context";
import { NothingToDo } from "../errors";
import { textOf } from "../results/answers";
import type { Entry } from "../results/exhibits";
import { saveAsFile } from "../results/saving";
import { isReference, newestAtCursor, type Run } from "./command";
import { copyText, openText } from "./wholeText";

/** Shows the result its link names, or the newest at the cursor; without one, the panel as it is. */
export const openPanelRun: Run = async (context, argument) => {
  const { key, annotation } = isReference(argument)
    ? { key: argument.uri, annotation: context.store.get(argument.uri, argument.id) }
    : newestAtCursor(context);
  if (annotation !== undefined && isForPanel(annotation.content)) {
    const { content, generation, region } = annotation;
    const hasValue = content.kind === "value" && content.value.type !== "NoneType";
    const value = hasValue ? content.value : null;
    context.exhibits.open(key, String(generation), value, region.start.line);
  }
  await context.panel.reveal();
};

export const panelBackRun: Run = ({ exhibits }) => exhibits.step(-1);
export const panelForwardRun: Run = ({ exhibits }) => exhibits.step(1);
export const panelPinRun: Run = ({ exhibits }) => exhibits.pin(true);
export const panelUnpinRun: Run = ({ exhibits }) => exhibits.pin(false);

export const panelSaveRun: Run = async (context) => {
  const saved = await saveAsFile(context.values, shown(context));
  if (saved !== undefined) {
    context.messages.notice(`saved ${saved.path.slice(saved.path.lastIndexOf("/") + 1)}`);
  }
};

export const panelCopyRun: Run = async (context) => {
  await copyText(context, await textOf(context.values, shown(context)));
};

export const panelOpenRun: Run = async (context) => {
  await openText(context, "Value.txt", await textOf(context.values, shown(context)));
};

function shown({ exhibits }: Context): Entry {
  if (exhibits.shown === undefined) {
    throw new NothingToDo("there is no result in the panel");
  }
  return exhibits.shown;
}
