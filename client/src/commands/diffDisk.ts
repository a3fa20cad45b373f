// Compare Process with Disk: every definition that runs otherwise than its file says.

import { wherein } from "../changelog/versionWords";
import type { Context } from "../context";
import { folderAtHand, relativePath } from "../documents";
import { NothingToDo } from "../errors";
import { compareCommand } from "../protocol";
import type { Difference } from "../protocol.gen";
import { inFolder } from "../recovery/replays";
import { putIntoFile } from "../text/definitionInFile";
import { requireTrust } from "../trust";
import { type Deed, type Row, showList } from "../views/actionList";
import { showPlace } from "../views/frames";
import type { Run } from "./command";
import { redefineNamed } from "./redefine";

export const diffDiskRun: Run = async (context) => {
  const { daemon, messages } = context;
  const about = inFolder(folderAtHand());
  const { items, unreadable } = await daemon.execute(requireTrust(), compareCommand, about);
  if (items.length === 0 && unreadable.length === 0) {
    throw new NothingToDo("the process runs what is on disk, in all files it has loaded");
  }
  const texts = {
    title: "Process and Disk",
    placeholder:
      items.length === 0
        ? "What could be compared is the same"
        : "Enter lists what can be done with a definition",
  };
  const rows = [...items.map(rowOf), ...unreadable.map(cannotBeRead)];
  showList(texts, rows, deedsOf(context), (failure) => messages.failure(failure));
};

function rowOf(difference: Difference): Row<Difference> {
  const { name, kind, uri, line } = difference;
  const place = `${relativePath(uri)}:${line + 1}`;
  return {
    thing: difference,
    label: name,
    description: [kind, place, wherein(difference)].filter((part) => part !== "").join(" · "),
  };
}

function cannotBeRead(uri: string): string {
  return `${relativePath(uri)} does not parse or cannot be read`;
}

function deedsOf(context: Context): Deed<Difference>[] {
  const { daemon, resultDocuments } = context;
  const isOnDisk = ({ disk }: Difference) => disk !== null;
  return [
    {
      title: "Compare",
      icon: "diff",
      applies: () => true,
      run: ({ name, running, disk }) =>
        resultDocuments.compare(
          `${name}.py`,
          { is: "as it runs", of: running ?? "" },
          { is: "on disk", of: disk ?? "" },
        ),
    },
    {
      title: "Redefine from the File",
      icon: "debug-restart",
      applies: isOnDisk,
      run: async ({ uri, name, line }) => {
        await showPlace(uri, placeOn(line));
        await redefineNamed(context, uri, name);
      },
    },
    {
      title: "Put What Runs into the File",
      icon: "insert",
      applies: ({ running }) => running !== null,
      run: ({ uri, name, running }) => putIntoFile(daemon, uri, name, running ?? ""),
    },
    {
      title: "Go to It",
      icon: "go-to-file",
      applies: isOnDisk,
      run: ({ uri, line }) => showPlace(uri, placeOn(line)),
    },
  ];
}

function placeOn(line: number) {
  const start = { line, character: 0 };
  return { start, end: start };
}
