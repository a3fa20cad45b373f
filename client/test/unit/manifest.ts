// The manifest as the tests read it, and the texts it is held to.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Setting {
  type?: string;
  enum?: unknown[];
  enumDescriptions?: string[];
  default?: unknown;
  description?: string;
  markdownDescription?: string;
  scope?: string;
  order?: number;
}

export interface Command {
  command: string;
  title: string;
  category: string;
  enablement?: string;
}

export interface Conditional {
  command?: string;
  when?: string;
}

export interface Keybinding {
  command: string;
  key: string;
  mac?: string;
  when: string;
}

export interface Step {
  id: string;
  title: string;
  description: string;
  media: Media;
  completionEvents: string[];
}

/** Of a picture one for each kind of theme. */
export interface Media {
  image?: Record<string, string>;
  altText?: string;
  markdown?: string;
}

interface Manifest {
  engines: { vscode: string };
  devDependencies: Record<string, string>;
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: Command[];
    keybindings: Keybinding[];
    menus: Record<string, (Conditional & { command: string })[]>;
    configuration: { properties: Record<string, Setting> };
    colors: { id: string; defaults: Record<string, string> }[];
    views: Record<string, { id: string; type?: string; when?: string }[]>;
    viewsWelcome: { view: string; contents: string; when: string }[];
    walkthroughs: { steps: Step[] }[];
  };
}

const root = new URL("../../../", import.meta.url);

export const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
export const manifest = JSON.parse(read("package.json")) as Manifest;
export const contributes = manifest.contributes;
export const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);

/** The texts of all files below a folder with this ending. */
export function textsOf(folder: string, ending: string): string[] {
  const path = fileURLToPath(new URL(folder, root));
  const names = readdirSync(path, { recursive: true, encoding: "utf8" });
  const found = names.filter((name) => name.endsWith(ending));
  return found.map((name) => readFileSync(join(path, name), "utf8"));
}
