// A daemon that outlives the window: a real one is started apart, joined, left, and ends by itself.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { join } from "../../src/kept/socket";
import { socketIn, startApart } from "../../src/kept/starting";

const root = path(import.meta.dirname, "..", "..", "..");
const projectPython = path(root, ".venv", "bin", "python");
const heard: string[] = [];
const apart = {
  cwd: path(root, "server"),
  keepForSeconds: 0,
  hear: (log: NodeJS.ReadableStream) => void log.on("data", (data) => heard.push(String(data))),
};
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(path(tmpdir(), "relive-kept-"));
  vi.stubEnv("XDG_RUNTIME_DIR", folder);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

test("it is joined by the socket that it names, and ends when nobody is there", async () => {
  const line = { command: projectPython, args: ["-I", "-m", "relive"] };
  const socket = await startApart(line, apart);
  expect(existsSync(socket)).toBe(true);
  const joined = await join(socket);
  const ended = new Promise((resolve) => joined.once("close", resolve));
  const body = JSON.stringify({ jsonrpc: "2.0", method: "exit" });
  joined.resume();
  joined.write(`Content-Length: ${String(body.length)}\r\n\r\n${body}`);
  await ended;
  await vi.waitFor(() => expect(existsSync(socket)).toBe(false), { timeout: 60_000 });
  await expect(join(socket)).rejects.toThrow(/ENOENT|ECONNREFUSED/);
}, 120_000);

test("one that does not start says why in its log", async () => {
  const code = "import sys; print('this library is cut off', file=sys.stderr); sys.exit(2)";
  const line = { command: projectPython, args: ["-I", "-c", code] };
  await expect(startApart(line, apart)).rejects.toThrow("exit code 2");
  await vi.waitFor(() => expect(heard.join("")).toContain("this library is cut off"));
});

test.each([
  ['{"socket": "/run/relive/1.sock", "pid": 1}', "/run/relive/1.sock"],
  ['{"socket": 1}', undefined],
  ["null", undefined],
  ["Traceback (most recent call last):", undefined],
])("%s", (line, expected) => {
  expect(socketIn(line)).toBe(expected);
});
