// HTML that user code made, made harmless: no scripts, no forms, nothing loaded from elsewhere, links only out to the web.

import createPurifier, { type WindowLike } from "dompurify";

/** What was taken out of a text that a person may miss. */
export interface Cleaned {
  readonly fragment: DocumentFragment;
  /** Hosts of pictures and other things that are not loaded. */
  readonly elsewhere: ReadonlySet<string>;
}

const FORBIDDEN_TAGS = [
  ...["form", "button", "textarea", "select", "option", "optgroup", "datalist", "fieldset"],
  ...["audio", "video", "track", "source", "dialog", "marquee"],
];
const FORBIDDEN_ATTRIBUTES = [
  ...["action", "formaction", "method", "ping", "srcset", "background", "poster", "target"],
  ...["autofocus", "contenteditable", "draggable", "popover", "popovertarget", "accesskey"],
];

/** Where attributes name something to be loaded or gone to. */
const ADDRESSES = ["href", "xlink:href", "src"];

export function cleaner(window: WindowLike): (html: string) => Cleaned {
  const purifier = createPurifier(window);
  let elsewhere = new Set<string>();
  purifier.addHook("uponSanitizeElement", (node, { tagName }) => {
    // Check boxes open and close parts of tables; other fields would only ask for what nobody should tell.
    if (tagName === "input" && isElement(node) && !isSwitch(node)) {
      node.remove();
    }
  });
  purifier.addHook("afterSanitizeAttributes", (node) => {
    for (const name of ADDRESSES) {
      const address = node.getAttribute(name);
      if (address !== null && !isHarmless(address, node.tagName)) {
        node.removeAttribute(name);
        elsewhere.add(hostOf(address));
      }
    }
  });
  return (html) => {
    elsewhere = new Set();
    const fragment = purifier.sanitize(html, {
      USE_PROFILES: { html: true, svg: true, svgFilters: true, mathMl: true },
      FORBID_TAGS: FORBIDDEN_TAGS,
      FORBID_ATTR: FORBIDDEN_ATTRIBUTES,
      // A style at the start would be dropped as something of the head.
      FORCE_BODY: true,
      RETURN_DOM_FRAGMENT: true,
    });
    elsewhere.delete("");
    return { fragment, elsewhere };
  };
}

function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}

function isSwitch(input: Element): boolean {
  return ["checkbox", "radio"].includes(input.getAttribute("type")?.toLowerCase() ?? "");
}

/** Only a link leads out of the page, and only to the web; the rest is in the page already. */
function isHarmless(address: string, tagName: string): boolean {
  const tag = tagName.toLowerCase();
  if (tag === "a" || tag === "area") {
    return /^(https?:|mailto:|#)/i.test(address.trim());
  }
  const isPicture = tag === "img" || tag === "image" || tag === "feimage";
  return address.startsWith("#") || (isPicture && /^data:image\//i.test(address));
}

function hostOf(address: string): string {
  return /^(?:https?:)?\/\/([^/?#]+)/i.exec(address.trim())?.[1] ?? "";
}
