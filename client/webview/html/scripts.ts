// The scripts in a text of HTML: whether it has any of its own, and where others would come from. Takes the text apart without running it.

export interface Scripts {
  /** It has scripts in its own text, and they need no others. */
  readonly own: boolean;
  /** The hosts it wants scripts from. */
  readonly hosts: readonly string[];
}

export function scriptsOf(html: string, parser: DOMParser): Scripts {
  const scripts = [...parser.parseFromString(html, "text/html").querySelectorAll("script")];
  const runs = scripts.filter(({ type }) => /^$|javascript|^module$/i.test(type));
  const wanted = runs.map((script) => script.getAttribute("src") ?? "").filter((src) => src !== "");
  const hosts = [...new Set(wanted.map(hostOf))];
  return { own: hosts.length === 0 && runs.length > 0, hosts };
}

/** A script that is loaded from no host cannot be loaded at all: the page has no place of its own. */
function hostOf(address: string): string {
  return /^(?:https?:)?\/\/([^/?#]+)/i.exec(address)?.[1] ?? address.slice(0, 80);
}
