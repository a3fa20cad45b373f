// The daemon's socket, joined by whoever may.

import { createConnection, type Socket } from "node:net";

/** A daemon that is suspended takes nobody; it is as good as none. */
const PATIENCE_MS = 2000;

export function join(path: string): Promise<Socket> {
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
