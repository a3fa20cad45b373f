// The setting of a folder that is on another machine: the editor starts before it has read it there, and tells it then.

import { Uri, type WorkspaceFolder, workspace } from "vscode";

/** After which a file that names the setting is taken for one that the editor does not take it from. */
const PATIENCE_MS = 5_000;
/** Of JSON with comments: a string, or a comment, in which no string begins. */
const STRING_OR_COMMENT = /"(?:[^"\\]|\\.)*"|\/\*[\s\S]*?\*\/|\/\/.*/g;

/** Waits until the editor knows what the folder's own settings say of this one, when they say something. */
export async function untilTold(setting: string, folder: WorkspaceFolder): Promise<void> {
  if (!isTold(setting, folder) && (await isNamed(setting, folder))) {
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(patience);
        listener.dispose();
        resolve();
      };
      const endIfTold = () => isTold(setting, folder) && end();
      const patience = setTimeout(end, PATIENCE_MS);
      const listener = workspace.onDidChangeConfiguration(endIfTold);
      endIfTold(); // while the file was read
    });
  }
}

function isTold(setting: string, folder: WorkspaceFolder): boolean {
  const values = workspace.getConfiguration(undefined, folder).inspect<string>(setting);
  return values?.workspaceFolderValue !== undefined;
}

async function isNamed(setting: string, folder: WorkspaceFolder): Promise<boolean> {
  const file = Uri.joinPath(folder.uri, ".vscode", "settings.json");
  try {
    const text = new TextDecoder().decode(await workspace.fs.readFile(file));
    return text.match(STRING_OR_COMMENT)?.includes(`"${setting}"`) ?? false;
  } catch {
    return false; // most folders have none
  }
}
