// Charts of Vega-Lite, drawn by the panel itself: their specification is data, and no script.

import type { DrawChart } from "./charts";
import { element } from "./element";
import { runOwn } from "./ownScript";
import type { Show } from "./stage";

declare global {
  interface Window {
    /** There once the script that draws charts has run. */
    reliveDrawChart?: DrawChart;
  }
}

export const showChart: Show = async (source, format) => {
  const { data } = await source.content(format);
  const box = element("div", { class: "chart" });
  const draw = window.reliveDrawChart ?? (await drawing());
  const missing = await draw(JSON.parse(data), box);
  const notes = missing === "" ? [] : [element("p", { class: "note" }, missing)];
  return element("div", { class: "html" }, ...notes, box);
};

async function drawing(): Promise<DrawChart> {
  await runOwn("charts.js");
  if (window.reliveDrawChart === undefined) {
    throw new Error("the script that draws charts did not run");
  }
  return window.reliveDrawChart;
}
