// The panel's own script: where it came from, and the mark by which the page's rules know what may run.

const script = document.currentScript;
const own = script instanceof HTMLScriptElement ? script : undefined;

export const nonce = own?.nonce ?? "";

/** Runs another of the panel's scripts, which lies beside this one. */
export function runOwn(name: string): Promise<void> {
  const other = document.createElement("script");
  other.nonce = nonce;
  other.src = new URL(name, own?.src).toString();
  return new Promise((resolve, reject) => {
    other.addEventListener("load", () => resolve());
    other.addEventListener("error", () =>
      reject(new Error(`${name} is missing: install Relive anew`)),
    );
    document.head.append(other);
  });
}
