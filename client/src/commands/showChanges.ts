// Show Changes of This Definition: every version that ran, compared, run again, or put into the file.

import { firstChange, howOf, stateOf } from "../changelog/versionWords";
import type { Context } from "../context";
import { NothingToDo } from "../errors";
import { redefineToCommand, versionsCommand } from "../protocol";
import type { Version, Versions, VersionsParams } from "../protocol.gen";
import { definitionText, putIntoFile } from "../text/definitionInFile";
import { requireTrust } from "../trust";
import { type Deed, type Row, showList } from "../views/actionList";
import { pythonEditor, type Run, uriOf } from "./command";
import { changeNamed, isNamed } from "./definition";

export const showChangesRun: Run = async (context, argument) => {
  const { daemon, messages } = context;
  const versions = await daemon.execute(requireTrust(), versionsCommand, definition(argument));
  if (versions.items.length === 0) {
    throw new NothingToDo(`no version of ${versions.name} is known: it has not run`);
  }
  const about = {
    title: `Changes of ${versions.name}`,
    placeholder: "Enter lists what can be done with a version",
  };
  showList(about, rowsOf(versions.items), deedsOf(context, versions), (failure) =>
    messages.failure(failure),
  );
};

function definition(argument: unknown): VersionsParams {
  if (isNamed(argument)) {
    return { uri: argument.uri, name: argument.name };
  }
  const editor = pythonEditor();
  return { uri: uriOf(editor), position: editor.selection.active };
}

function rowsOf(items: readonly Version[]): Row<Version>[] {
  const now = new Date();
  return items.map((version, index) => ({
    thing: version,
    label: howOf(version),
    description: stateOf(version, now),
    detail: firstChange(version.text, items[index + 1]?.text),
    icon: version.running ? "circle-filled" : "circle-outline",
  }));
}

function deedsOf(context: Context, { uri, name, items }: Versions): Deed<Version>[] {
  const { daemon, resultDocuments } = context;
  const now = new Date();
  const running = items.find((version) => version.running)?.text;
  const side = (version: Version) => ({ is: stateOf(version, now), of: version.text });
  return [
    {
      title: "Compare with the File",
      icon: "diff",
      applies: ({ inFile }) => !inFile,
      run: async (version) => {
        const text = (await definitionText(daemon, uri, name)) ?? "";
        await resultDocuments.compare(`${name}.py`, side(version), { is: "in the file", of: text });
      },
    },
    {
      title: "Compare with What Runs",
      icon: "git-compare",
      applies: (version) => !version.running && running !== undefined,
      run: (version) => {
        const now = { is: "as it runs", of: running ?? "" };
        return resultDocuments.compare(`${name}.py`, side(version), now);
      },
    },
    {
      title: "Redefine to This Version",
      icon: "history",
      applies: (version) => !version.running,
      run: async ({ entry }) => {
        const request = entry === null ? { uri, name } : { uri, name, entry };
        await changeNamed(context, redefineToCommand, request);
      },
    },
    {
      title: "Put This Version into the File",
      icon: "insert",
      applies: ({ inFile }) => !inFile,
      run: ({ text }) => putIntoFile(daemon, uri, name, text),
    },
    {
      title: "Show Text",
      icon: "eye",
      applies: () => true,
      run: ({ text }) => resultDocuments.open(`${name}.py`, text),
    },
  ];
}
