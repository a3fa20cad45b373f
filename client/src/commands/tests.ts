// Tests in a copy of the live process, and pytest's fixtures in the process itself.

import { type QuickPickItem, window } from "vscode";
import { NothingToDo, UserError } from "../errors";
import { fixturesCommand, releaseFixturesCommand, useFixtureCommand } from "../protocol";
import type { FixtureInfo } from "../protocol.gen";
import { summary } from "../testing/outcomes";
import { requireTrust } from "../trust";
import { pythonEditor, type Run, uriOf } from "./command";

export const runAffectedTestsRun: Run = async ({ liveTests, messages }) => {
  const document = window.activeTextEditor?.document;
  const isPython = document?.languageId === "python" && document.uri.scheme === "file";
  const about = isPython ? { uri: document.uri.toString() } : {};
  const answer = await liveTests.runAffected(about);
  if (answer === undefined) {
    throw new NothingToDo("no test is affected by what has changed");
  }
  if (answer.problem !== undefined && answer.items.length === 0) {
    throw new UserError(answer.problem);
  }
  messages.notice(summary(answer));
};

export const stopTestsRun: Run = async ({ liveTests }) => {
  if (!(await liveTests.stop())) {
    throw new NothingToDo("no tests are running");
  }
};

export const useFixtureRun: Run = async ({ daemon, messages }) => {
  const uri = uriOf(pythonEditor());
  const { items } = await daemon.execute(requireTrust(), fixturesCommand, { uri });
  const chosen = await window.showQuickPick(items.filter(({ active }) => !active).map(rowOf), {
    title: "Use Fixture",
    placeHolder: "Fixtures to set up in the process: ↓ and Space check, Enter sets up",
    canPickMany: true,
  });
  const names = chosen?.map(({ label }) => label) ?? [];
  if (names.length > 0) {
    const used = await daemon.execute(requireTrust(), useFixtureCommand, { uri, names });
    messages.notice(`${used.names.join(", ")} can be used here`);
  }
};

export const releaseFixturesRun: Run = async ({ daemon, messages }) => {
  const { released, problems } = await daemon.execute(requireTrust(), releaseFixturesCommand, {});
  if (problems.length > 0) {
    throw new UserError(`Fixtures were released, but: ${problems.join("; ")}`);
  }
  if (released.length === 0) {
    throw new NothingToDo("no fixtures are in use");
  }
  messages.notice(`${released.join(", ")} ${released.length === 1 ? "was" : "were"} torn down`);
};

function rowOf({ name, scope, doc }: FixtureInfo): QuickPickItem {
  const [first = ""] = doc.split("\n");
  return { label: name, description: scope, ...(first === "" ? {} : { detail: first }) };
}
