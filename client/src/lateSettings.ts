// Settings of folders that are on another machine: the editor starts before it has read them there, and tells them then.

import { Uri, type WorkspaceFolder, workspace } from "vscode";

interface Manifest {
  readonly contributes: {
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly scope?: string }>>;
    };
  };
}

/** After which a file that names settings is taken for one that the editor does not take them from. */
const PATIENCE_MS = 5_000;
/** Of JSON with comments: a string, or a comment, in which no string begins. */
const STRING_OR_COMMENT = /"(?:[^"\\]|\\.)*"|\/\*[\s\S]*?\*\/|\/\/.*/g;
/** What one of several folders may choose for itself. */
const OF_ONE_FOLDER = ["resource", "machine-overridable"];

/** Waits until the editor knows what the folders' own files say of this manifest's settings, if they do. */
export async function untilTold(
  folders: readonly WorkspaceFolder[],
  manifest: Manifest,
): Promise<void> {
  const settings = settingsOfFolders(manifest);
  const untilToldOf = async (folder: WorkspaceFolder) => {
    const named = await namedBy(folder);
    const awaited = settings.filter((setting) => named.has(setting));
    await untilAnyKnown(folder, awaited);
  };
  await Promise.all(folders.map(untilToldOf));
}

function settingsOfFolders({ contributes }: Manifest): string[] {
  const isOneOfSeveral = workspace.workspaceFile !== undefined;
  const isOfFolder = (scope: string) =>
    isOneOfSeveral ? OF_ONE_FOLDER.includes(scope) : scope !== "machine";
  const settings = Object.entries(contributes.configuration.properties);
  return settings.filter(([, { scope }]) => isOfFolder(scope ?? "window")).map(([name]) => name);
}

/** What stands in the folder's settings as a string: of most folders nothing. */
async function namedBy(folder: WorkspaceFolder): Promise<ReadonlySet<string>> {
  const file = Uri.joinPath(folder.uri, ".vscode", "settings.json");
  try {
    const text = new TextDecoder().decode(await workspace.fs.readFile(file));
    return new Set(text.match(STRING_OR_COMMENT)?.map((token) => token.slice(1, -1)));
  } catch {
    return new Set(); // most have no such file
  }
}

/** A file is read as a whole: one that is known tells that all are. */
function untilAnyKnown(folder: WorkspaceFolder, settings: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(patience);
      listener.dispose();
      resolve();
    };
    const endIfKnown = () => isAnyKnown(folder, settings) && end();
    const patience = setTimeout(end, PATIENCE_MS);
    const listener = workspace.onDidChangeConfiguration(endIfKnown);
    endIfKnown();
  });
}

function isAnyKnown(folder: WorkspaceFolder, settings: readonly string[]): boolean {
  const known = workspace.getConfiguration(undefined, folder);
  const isKnown = (name: string) => known.inspect(name)?.workspaceFolderValue !== undefined;
  return settings.length === 0 || settings.some(isKnown);
}
