// The daemon's socket, joined by whoever may.

import { createConnection, type Socket } from "node:net";

/** For the system to connect us; a daemon that listens need not do anything for that. */
const PATIENCE_MS = 2000;
/** For its first word: one that is suspended lets itself be joined, and never says any. */
const FIRST_WORD_MS = 10_000;

/** What becomes of a connection whose other end says nothing. */
export interface Patience {
  readonly onSilence: () => void;
  readonly firstWordMs?: number;
}

/** Joins it; whoever does speaks first, and is hung up on when no answer comes. */
export async function join(path: string, patience: Patience): Promise<Socket> {
  const socket = await connect(path);
  const { onSilence, firstWordMs = FIRST_WORD_MS } = patience;
  const late = setTimeout(() => {
    if (socket.bytesRead === 0) {
      onSilence();
      socket.destroy();
    }
  }, firstWordMs);
  socket.once("close", () => clearTimeout(late));
  return socket;
}

/** Whether the process that made the socket is there, be it suspended. */
export async function isListening(path: string): Promise<boolean> {
  try {
    (await connect(path)).destroy();
    return true;
  } catch (failure) {
    return !isGone(failure);
  }
}

/** Whether nobody is there; otherwise somebody is, who takes nobody. */
export function isGone(failure: unknown): boolean {
  const code = failure instanceof Error && "code" in failure ? failure.code : undefined;
  return code === "ENOENT" || code === "ECONNREFUSED";
}

function connect(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path });
    const late = setTimeout(() => socket.destroy(new Error("nobody answers")), PATIENCE_MS);
    socket.once("connect", () => {
      clearTimeout(late);
      socket.off("error", reject);
      resolve(socket);
    });
    socket.once("error", (failure) => {
      clearTimeout(late);
      reject(failure);
    });
  });
}
