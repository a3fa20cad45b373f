// Draws charts of Vega-Lite. A script of its own, loaded with the first chart: most panels never need it.

import { type Loader, None, parse, type Spec, View } from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile, type TopLevelSpec } from "vega-lite";

/** Draws it, and says what is missing from it; "" when nothing is. */
export type DrawChart = (spec: TopLevelSpec, into: HTMLElement) => Promise<string>;

/** Its expressions are interpreted: none of the specification's text is ever run as a script. */
const draw: DrawChart = async (spec, into) => {
  let missing = "";
  const refuse = (address: string): Promise<never> => {
    missing = `Data from elsewhere is not loaded: ${address}. Read it in Python, and give the chart the data.`;
    return Promise.reject(new Error(missing));
  };
  const loader: Loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };
  const chart: Spec = compile(spec).spec;
  const view = new View(parse(chart, undefined, { ast: true }), {
    expr: expressionInterpreter,
    loader,
    renderer: "svg",
    container: into,
    hover: true,
    logLevel: None,
  });
  await view.runAsync();
  return missing;
};

window.reliveDrawChart = draw;
