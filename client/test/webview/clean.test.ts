// HTML that means harm, cleaned: what is left of it, and that what is shown by people's libraries stays.
import { JSDOM } from "jsdom";
import { describe, expect, test } from "vitest";
import { cleaner } from "../../webview/html/clean";
import { scriptsOf } from "../../webview/html/scripts";

const { window } = new JSDOM("<!doctype html><body></body>");
const clean = cleaner(window);

function cleaned(html: string): string {
  const box = window.document.createElement("div");
  box.append(clean(html).fragment);
  return box.innerHTML;
}

const HARMFUL: readonly (readonly [what: string, html: string, left: string])[] = [
  ["a script", "a<script>steal()</script>b", "ab"],
  ["a script that is not closed", "a<script>steal()", "a"],
  [
    "a script in a picture",
    "<svg><script>steal()</script><rect></rect></svg>",
    "<svg><rect></rect></svg>",
  ],
  [
    "a handler",
    '<img src="data:image/png;base64,AA" onerror="steal()">',
    '<img src="data:image/png;base64,AA">',
  ],
  ["a handler of SVG", '<svg onload="steal()"></svg>', "<svg></svg>"],
  ["a handler with odd spelling", '<p OnMouseOver = "steal()">a</p>', "<p>a</p>"],
  ["a script for a link", '<a href="javascript:steal()">a</a>', "<a>a</a>"],
  ["a script for a link, in disguise", '<a href=" java&#x0A;script:steal()">a</a>', "<a>a</a>"],
  [
    "a script for a link of SVG",
    '<svg><a xlink:href="javascript:steal()"><text>a</text></a></svg>',
    "<svg><a><text>a</text></a></svg>",
  ],
  ["a page for a link", '<a href="data:text/html,<script>steal()</script>">a</a>', "<a>a</a>"],
  ["a command of the editor", '<a href="command:workbench.action.terminal.new">a</a>', "<a>a</a>"],
  ["a command of the editor, encoded", '<a href="&#99;ommand:relive.terminate">a</a>', "<a>a</a>"],
  ["a file", '<a href="file:///etc/passwd">a</a>', "<a>a</a>"],
  ["an editor's own address", '<a href="vscode://file/etc/passwd">a</a>', "<a>a</a>"],
  [
    "a picture from elsewhere",
    '<img src="https://evil.example/a.png?all" alt="a">',
    '<img alt="a">',
  ],
  [
    "pictures from elsewhere to choose from",
    '<img srcset="https://evil.example/a.png 2x">',
    "<img>",
  ],
  [
    "a background from elsewhere",
    '<table background="https://evil.example/a.png"></table>',
    "<table></table>",
  ],
  [
    "a part of a file of SVG",
    '<svg><use href="https://evil.example/a.svg#x"></use></svg>',
    "<svg></svg>",
  ],
  [
    "a picture in SVG from elsewhere",
    '<svg><image href="https://evil.example/a.png"></image></svg>',
    "<svg><image></image></svg>",
  ],
  [
    "a form",
    '<form action="https://evil.example"><input name="a"><button>Go</button></form>',
    "Go",
  ],
  ["a field", 'Password: <input type="password"><textarea>a</textarea>', "Password: a"],
  [
    "a way out of the page",
    '<meta http-equiv="refresh" content="0;url=https://evil.example">a',
    "a",
  ],
  ["another ground for addresses", '<base href="https://evil.example/">a', "a"],
  [
    "a style sheet from elsewhere",
    '<link rel="stylesheet" href="https://evil.example/a.css">a',
    "a",
  ],
  [
    "a frame",
    '<iframe src="https://evil.example"></iframe><iframe srcdoc="<script>steal()</script>"></iframe>a',
    "a",
  ],
  ["an object", '<object data="a.swf"></object><embed src="a.swf">a', "a"],
  [
    "a film",
    '<video src="https://evil.example/a.mp4" poster="https://evil.example/a.png"></video>a',
    "a",
  ],
  [
    "markup that changes as it is read again",
    "<math><mtext><table><mglyph><style><img src=x onerror=steal()></style></mglyph></table></mtext></math>",
    "<math><mtext><table></table></mtext></math>",
  ],
];

describe("what would do harm goes", () => {
  test.each(HARMFUL)("%s", (_, html, left) => {
    expect(cleaned(html)).toBe(left);
  });
});

const HARMLESS: readonly (readonly [what: string, html: string])[] = [
  [
    "a table with styles",
    '<style>#T_1 td { color: red; }</style><table id="T_1" class="dataframe"><tbody><tr><td style="color: red;">1</td></tr></tbody></table>',
  ],
  [
    "parts that are folded by a check box",
    '<input id="s" type="checkbox"><label for="s">Attributes</label><div>a</div>',
  ],
  ["parts that are folded", "<details><summary>More</summary><p>a</p></details>"],
  ["a link to the web", '<a href="https://pandas.pydata.org/docs">docs</a>'],
  ["a link inside", '<a href="#T_1">up</a>'],
  ["a picture that is there", '<img src="data:image/png;base64,iVBORw0KGgo=">'],
  ["a drawing", '<svg viewBox="0 0 1 1"><path d="M0 0L1 1" stroke="red"></path></svg>'],
];

describe("what libraries show stays", () => {
  test.each(HARMLESS)("%s", (_, html) => {
    expect(cleaned(html)).toBe(html);
  });
});

test("what is not loaded is told by its host, each time anew", () => {
  const { elsewhere } = clean(
    '<img src="//pictures.example/a.png"><img src="https://b.example/?x">',
  );
  expect([...elsewhere]).toEqual(["pictures.example", "b.example"]);
  expect(clean("<p>a</p>").elsewhere.size).toBe(0);
});

test.each([
  ["<p>a</p>", { own: false, hosts: [] }],
  ["<script>go()</script>", { own: true, hosts: [] }],
  ['<script type="application/json">{}</script>', { own: false, hosts: [] }],
  [
    '<script src="https://cdn.example/a.js"></script><script>go()</script>',
    { own: false, hosts: ["cdn.example"] },
  ],
  [
    '<script type="module" src="//cdn.example/a.js"></script>',
    { own: false, hosts: ["cdn.example"] },
  ],
  ['<script src="a.js"></script>', { own: false, hosts: ["a.js"] }],
])("the scripts of %s", (html, scripts) => {
  expect(scriptsOf(html, new window.DOMParser())).toEqual(scripts);
});
