// Finding a Python to set the project up with; where there is none that will do, saying so.
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findPython } from "../../scripts/lib/python.mjs";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "relive-path-"));
  vi.stubEnv("PATH", folder);
  vi.stubEnv("PYENV_ROOT", join(folder, "pyenv"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** Puts a program on the PATH that answers as this Python does. */
async function python(name: string, answer: string) {
  await writeFile(join(folder, name), `#!/bin/sh\n${answer}\n`);
  await chmod(join(folder, name), 0o755);
}

const old = "exit 1";
const withoutVenv = (path: string) => `echo ${path}; echo False`;
const whole = (path: string) => `echo ${path}; echo True`;

test("the one called python3 comes first", async () => {
  await python("python3", whole("/a/python3"));
  await python("python3.13", whole("/a/python3.13"));
  expect(await findPython()).toBe("/a/python3");
});

test("one that is too old is passed over for a newer one of another name", async () => {
  await python("python3", old);
  await python("python3.12", whole("/a/python3.12"));
  expect(await findPython()).toBe("/a/python3.12");
});

test("one without venv is passed over", async () => {
  await python("python3", withoutVenv("/a/python3"));
  await python("python3.11", whole("/a/python3.11"));
  expect(await findPython()).toBe("/a/python3.11");
});

test("when venv is all that lacks, that is said", async () => {
  await python("python3", withoutVenv("/a/python3"));
  await expect(findPython()).rejects.toThrow(/\/a\/python3.*without venv.*python3-venv/s);
});

test("when there is none, that is said", async () => {
  await python("python3", old);
  await expect(findPython()).rejects.toThrow(/No Python 3\.10 or newer.*install one/s);
});
