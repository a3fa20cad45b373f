// `npm test`: sets everything up, checks the text, runs all tests, and says in a last line how many passed.
import { endAllOnSignals } from "./lib/processes.mjs";
import { script, seconds } from "./lib/steps.mjs";
import { runSuites } from "./lib/suite-runs.mjs";
import { allSuites } from "./lib/suites.mjs";

/** @typedef {import("./lib/suite-runs.mjs").Outcome} Outcome */

function help() {
  const suites = allSuites().map(({ name, group }) => `  ${group.padEnd(8)}${name}\n`);
  return `npm test                      everything
npm test -- python unit       the suites of these groups, or of these names
npm test -- e2e -t interrupt  with options for the suites' own commands

${suites.join("")}`;
}

/** @param {string[]} words */
function chosen(words) {
  const suites = allSuites();
  const unknown = words.filter(
    (word) => !suites.some(({ name, group }) => name === word || group === word),
  );
  if (unknown.length > 0) throw new Error(`No such suite or group: ${unknown.join(", ")}`);
  return suites.filter(
    ({ name, group }) => words.length === 0 || words.includes(name) || words.includes(group),
  );
}

/** @param {Outcome[]} outcomes */
function table(outcomes) {
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  const lines = outcomes.map(({ name, passed, failed, skipped, ms }) => {
    const counts = `${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed`;
    const skips = skipped > 0 ? ` ${skipped} skipped` : "";
    return `${failed > 0 ? "✗" : "✓"} ${name.padEnd(width)} ${counts} ${seconds(ms).padStart(8)}${skips}`;
  });
  return lines.join("\n");
}

endAllOnSignals();

await script(async () => {
  const words = process.argv.slice(2);
  if (words.includes("--help")) {
    process.stdout.write(help());
    return 0;
  }
  const option = words.findIndex((word) => word.startsWith("-"));
  const names = option < 0 ? words : words.slice(0, option);
  const options = option < 0 ? [] : words.slice(option).filter((word) => word !== "--");
  const began = performance.now();
  const outcomes = await runSuites(chosen(names), options);
  const total = (/** @type {"passed" | "failed"} */ what) =>
    outcomes.reduce((sum, outcome) => sum + outcome[what], 0);
  process.stdout.write(`\n${table(outcomes)}\n\nin ${seconds(performance.now() - began)}\n`);
  process.stdout.write(`${total("passed")} passed, ${total("failed")} failed\n`);
  return total("failed") === 0 ? 0 : 1;
});
