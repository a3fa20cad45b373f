// What Relive stores for a user, and where its daemons are found: for a test's editor in folders of its own.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Makes them, and gives the environment that names them. */
export async function ownFolders(parent: string) {
  const env = { XDG_STATE_HOME: join(parent, "state"), XDG_RUNTIME_DIR: join(parent, "run") };
  for (const folder of Object.values(env)) await mkdir(folder, { mode: 0o700, recursive: true });
  return env;
}
