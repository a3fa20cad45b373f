// Files as they are: packages whose modules share their classes, other line ends, characters of any width.
import { expect } from "vitest";
import { test } from "./harness/test.ts";

test("two files of one package share a class", async ({ share }) => {
  const files = {
    "shop/__init__.py": "",
    "shop/model.py":
      "class Item:\n    made = []\n\n    def __init__(self):\n        self.made.append(self)\n\n\nlen(Item.made)\n",
    "shop/cart.py": "from .model import Item\n\nItem()\nisinstance(Item.made[0], Item)\n",
  };
  const window = await share(files, "shop/model.py");
  await window.caretBefore("len(Item.made)");
  await window.press("Alt+Enter");
  await window.untilAnnotated("len(Item.made)", /^⇒ 0$/);
  await window.openFile("shop/cart.py");
  await window.caretBefore("Item()");
  await window.press("Alt+Enter");
  await window.untilAnnotated("Item()", /^⇒ <shop\.model\.Item object/);
  await window.openFile("shop/model.py");
  await window.caretBefore("len(Item.made)");
  await window.press("Alt+Enter");
  await window.untilAnnotated("len(Item.made)", /^⇒ 1$/);
  await window.openFile("shop/cart.py");
  await window.caretBefore("isinstance");
  await window.press("Alt+Enter");
  await window.untilAnnotated("isinstance", /^⇒ True$/);
});

test("in a file with CRLF line ends results stand and move as in any other", async ({ edit }) => {
  const text =
    "text = '''a\r\nb'''\r\nlen(text)\r\n\r\ndef twice(n):\r\n    return n * 2\r\n\r\ntwice(4)\r\n";
  const window = await edit(text);
  await window.command("Relive: Evaluate File");
  // Python reads a line end in a string as one character, whatever the file has.
  await window.untilAnnotated("len(text)", /^⇒ 3$/);
  await window.untilAnnotated("twice(4)", /^⇒ 8$/);
  await window.replace("n * 2", "n * 3");
  await window.press("Shift+Alt+Enter");
  await window.untilAnnotated("def twice", /^✓ redefined/);
  await window.caretBefore("twice(4)");
  await window.press("Alt+Enter");
  await window.untilAnnotated("twice(4)", /^⇒ 12$/);
  await window.untilAnnotated("len(text)", /^⇒ 3$/);
});

test("emoji before the caret do not move what is meant", async ({ edit }) => {
  const window = await edit("smiles = ['😀', '👩‍🚀', 'é', 2 + 3]\n");
  await window.caretBefore("2 + 3");
  for (let n = 0; n < "2 + 3".length; n += 1) await window.press("Shift+ArrowRight");
  await window.press("Alt+Enter");
  await window.untilAnnotated("smiles", /^⇒ 5$/);
});

test("of two statements on a line with emoji, the one at the caret is meant", async ({ edit }) => {
  const window = await edit("a = '😀😀😀😀😀😀😀😀'; b = 'x'; len(b)\n");
  await window.caretAfter("a = '😀😀😀😀😀😀😀😀'; b");
  await window.press("Alt+Enter");
  await window.untilAnnotated("len(b)", /^⇒ 'x'$/);
});

test("a syntax error elsewhere in the file is in nobody's way", async ({ edit }) => {
  const window = await edit("def broken(:\n    pass\n\n\nx = 20\nx + 1\n");
  await window.caretBefore("x = 20");
  await window.press("Alt+Enter");
  await window.untilAnnotated("x = 20", /^⇒ 20$/);
  await window.caretBefore("x + 1");
  await window.press("Alt+Enter");
  await window.untilAnnotated("x + 1", /^⇒ 21$/);
});

test("a traceback and a module's names are those of the real file", async ({ share }) => {
  const window = await share(
    { "pkg/__init__.py": "", "pkg/mod.py": "__name__\n__file__\n" },
    "pkg/mod.py",
  );
  await window.command("Relive: Evaluate File");
  await window.untilAnnotated("__name__", /^⇒ 'pkg\.mod'$/);
  await expect.poll(() => window.annotation("__file__")).toContain(window.folder);
});
