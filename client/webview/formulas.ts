// Where formulas are in a text of LaTeX: between dollars, brackets, or in an environment.

export type Part =
  | { readonly text: string; readonly tex?: undefined }
  | { readonly tex: string; readonly display: boolean };

const FORMULA =
  /\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\]|\\\(([\s\S]+?)\\\)|(?<!\\)\$((?:\\.|[^$\\])+?)\$|(\\begin\{(?:equation|align|gather|alignat|matrix|[bpvV]matrix|array|cases|CD)\*?\}[\s\S]+?\\end\{\w+\*?\})/g;

/** A text without any mark of a formula is one as a whole. */
export function formulas(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(FORMULA)) {
    const [whole, dollars, square, round, dollar, environment] = match;
    parts.push({ text: text.slice(end, match.index) });
    const display = dollars ?? square ?? environment;
    parts.push(
      display === undefined ? inline(round ?? dollar ?? "") : { tex: display, display: true },
    );
    end = match.index + whole.length;
  }
  if (parts.length === 0) {
    return [{ tex: text, display: true }];
  }
  parts.push({ text: text.slice(end) });
  return parts.filter((part) => part.tex !== undefined || part.text.trim() !== "");
}

/** What IPython and SymPy hand out: in one dollar, but meant to stand alone. */
function inline(tex: string): Part {
  const displayed = /^\s*\\displaystyle\b/.exec(tex);
  return displayed === null
    ? { tex, display: false }
    : { tex: tex.slice(displayed[0].length), display: true };
}
