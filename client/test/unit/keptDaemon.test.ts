// A daemon that outlives the window: a real one is started apart, joined, left, and ends by itself.
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isListening, join } from "../../src/kept/socket";
import { listeningIn, startApart } from "../../src/kept/starting";

const root = path(import.meta.dirname, "..", "..", "..");
const projectPython = path(root, ".venv", "bin", "python");
const heard: string[] = [];
const apart = {
  cwd: path(root, "server"),
  keepForSeconds: 0,
  hear: (log: NodeJS.ReadableStream) => void log.on("data", (data) => heard.push(String(data))),
};
const patience = { onSilence: () => expect.unreachable("it says something") };
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(path(tmpdir(), "relive-kept-"));
  vi.stubEnv("XDG_RUNTIME_DIR", folder);
});

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("it is joined by the socket that it names, and ends when nobody is there", async () => {
  const line = { command: projectPython, args: ["-I", "-m", "relive"] };
  const { socket, pid } = await startApart(line, apart);
  expect(existsSync(socket)).toBe(true);
  const joined = await join(socket, patience);
  const ended = new Promise((resolve) => joined.once("close", resolve));
  const body = JSON.stringify({ jsonrpc: "2.0", method: "exit" });
  joined.resume();
  joined.write(`Content-Length: ${String(body.length)}\r\n\r\n${body}`);
  await ended;
  await vi.waitFor(() => expect(existsSync(socket)).toBe(false), { timeout: 60_000 });
  await expect(join(socket, patience)).rejects.toThrow(/ENOENT|ECONNREFUSED/);
  expect(await isListening(socket)).toBe(false);
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), { timeout: 60_000 });
}, 120_000);

test("one that is suspended is joined and says nothing: it is hung up on, and there all the same", async () => {
  const line = { command: projectPython, args: ["-I", "-m", "relive"] };
  const { socket, pid } = await startApart(line, apart);
  process.kill(pid, "SIGSTOP");
  try {
    const onSilence = vi.fn();
    const joined = await join(socket, { onSilence, firstWordMs: 50 });
    joined.resume();
    await once(joined, "close");
    expect(onSilence).toHaveBeenCalledOnce();
    expect(await isListening(socket)).toBe(true);
  } finally {
    process.kill(pid, "SIGKILL");
  }
  await vi.waitFor(async () => expect(await isListening(socket)).toBe(false), { timeout: 60_000 });
});

test("one that has said a word is not hung up on, however long it is silent then", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const socket = path(folder, "a.sock");
  const server = createServer((peer) => void peer.write("Content-Length"));
  await once(server.listen(socket), "listening");
  const joined = await join(socket, patience);
  await once(joined, "data");
  vi.advanceTimersByTime(3_600_000);
  expect(joined.destroyed).toBe(false);
  joined.destroy();
  server.close();
});

test("one that does not start says why in its log", async () => {
  const code = "import sys; print('this library is cut off', file=sys.stderr); sys.exit(2)";
  const line = { command: projectPython, args: ["-I", "-c", code] };
  await expect(startApart(line, apart)).rejects.toThrow("exit code 2");
  await vi.waitFor(() => expect(heard.join("")).toContain("this library is cut off"), {
    timeout: 60_000,
  });
});

test.each([
  ['{"socket": "/run/relive/1.sock", "pid": 1}', { socket: "/run/relive/1.sock", pid: 1 }],
  ['{"socket": "/run/relive/1.sock"}', undefined],
  ['{"socket": 1, "pid": 1}', undefined],
  ["null", undefined],
  ["Traceback (most recent call last):", undefined],
])("%s", (line, expected) => {
  expect(listeningIn(line)).toEqual(expected);
});
