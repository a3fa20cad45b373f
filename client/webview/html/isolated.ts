// HTML with its scripts, shut in: a frame that is nobody's origin, with no network, no way out and no editor.

import { element } from "../element";
import { nonce } from "../ownScript";

/**
 * The frame obeys the rules of the page around it too: nothing is loaded into it, and it goes nowhere else.
 * What it holds is marked as allowed here, so that only what stands in its text runs.
 */
export function isolated(html: string): HTMLElement {
  const text = new DOMParser().parseFromString(html, "text/html");
  for (const script of text.querySelectorAll("script")) {
    script.setAttribute("nonce", nonce);
  }
  // It could go nowhere, but it would be gone.
  for (const refresh of text.querySelectorAll("meta[http-equiv]")) {
    refresh.remove();
  }
  text.head.prepend(element("script", { nonce }, WITHOUT_CONNECTIONS));
  return element("iframe", {
    sandbox: "allow-scripts",
    srcdoc: `<!DOCTYPE html>${text.documentElement.outerHTML}`,
    title: "The value, with its scripts",
  });
}

/** The one kind of connection that the rules of pages say nothing about. */
const WITHOUT_CONNECTIONS =
  "delete window.RTCPeerConnection; delete window.webkitRTCPeerConnection;";
