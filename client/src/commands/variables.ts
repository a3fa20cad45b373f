// What can be done in the view Variables: by a row's menu, or by a key with the row that has the focus.
//
// Arrow keys move a view's focus, and leave what is selected. No API tells the focus; the editor
// puts it in place of the argument `{"$treeViewId": …, "$focusedTreeItem": true}` of a key.

import { window } from "vscode";
import type { Context } from "../context";
import { NothingToDo } from "../errors";
import { textOf } from "../results/answers";
import { requireTrust } from "../trust";
import { deleteNameCommand } from "../variables/protocol";
import { asValue } from "../variables/words";
import { showPlace } from "../views/frames";
import type { VariableNode, VariablesNode } from "../views/variablesView";
import type { Run } from "./command";
import { copyText } from "./wholeText";

export const showVariablesRun: Run = ({ variablesView }) => variablesView.show();

export const filterVariablesRun: Run = async ({ variablesView }) => {
  const text = await window.showInputBox({
    title: "Filter Variables",
    prompt: "Show the names that have this in them. Nothing: all of them.",
    value: variablesView.filter,
  });
  if (text !== undefined) {
    variablesView.filter = text.trim();
  }
};

export const allVariablesRun: Run = ({ variablesView }) => {
  variablesView.filter = "";
};

export const moreVariablesRun: Run = ({ variablesView }, argument) => {
  if (typeof argument === "string") {
    variablesView.showMore(argument);
  }
};

export const openVariableRun: Run = async (context, argument) => {
  const { variable, uri } = chosen(context, argument);
  const at = variable.setBy?.uri ?? uri ?? "";
  const line = variable.setBy?.range.start.line ?? 0;
  context.exhibits.open(at, `variable ${variable.ref}`, asValue(variable), line);
  await context.panel.reveal();
};

export const goToVariableRun: Run = async (context, argument) => {
  const { variable } = chosen(context, argument);
  if (variable.setBy === null) {
    throw new NothingToDo(`no form in an open file is known to have set ${variable.name}`);
  }
  await showPlace(variable.setBy.uri, variable.setBy.range);
};

export const copyVariableRun: Run = async (context, argument) => {
  const { variable, uri = null } = chosen(context, argument);
  const value = asValue(variable);
  await copyText(context, await textOf(context.values, { value, uri, expired: false }));
};

export const deleteNameRun: Run = async (context, argument) => {
  const { variable, module } = chosen(context, argument);
  if (module === undefined) {
    throw new NothingToDo(`${variable.name} is no name of a module`);
  }
  const question = `Delete ${variable.name} from ${module.name}? Results that used it turn stale.`;
  if ((await window.showWarningMessage(question, { modal: true }, "Delete")) !== "Delete") {
    return;
  }
  const of = module.uri === null ? {} : { uri: module.uri };
  const params = { name: variable.name, ...of };
  const answer = await context.daemon.execute(requireTrust(), deleteNameCommand, params);
  if (answer.error !== null) {
    throw new NothingToDo(`${variable.name} was not deleted: ${answer.error.message}`);
  }
  context.messages.notice(`deleted ${variable.name}`);
};

function chosen({ variablesView }: Context, argument: unknown): VariableNode {
  const node = isNode(argument) ? argument : variablesView.chosen;
  if (node?.kind !== "variable") {
    throw new NothingToDo("choose a name in the view Variables first");
  }
  return node;
}

const KINDS: readonly unknown[] = ["frame", "module", "variable", "more"];

function isNode(argument: unknown): argument is VariablesNode {
  return (
    typeof argument === "object" &&
    argument !== null &&
    "kind" in argument &&
    KINDS.includes(argument.kind)
  );
}
