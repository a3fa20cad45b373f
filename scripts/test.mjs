// `npm test`: sets everything up, checks the text, runs all tests, and says in a last line how many passed.
//
//   node scripts/test.mjs                      everything
//   node scripts/test.mjs python unit          the suites of these groups, or of these names
//   node scripts/test.mjs e2e -- -t interrupt  with arguments for the suites' own commands
import { endAllOnSignals } from "./lib/processes.mjs";
import { script, seconds } from "./lib/steps.mjs";
import { runSuites } from "./lib/suite-runs.mjs";
import { allSuites } from "./lib/suites.mjs";

/** @typedef {import("./lib/suite-runs.mjs").Outcome} Outcome */

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
  const separator = words.indexOf("--");
  const names = separator < 0 ? words : words.slice(0, separator);
  const began = performance.now();
  const outcomes = await runSuites(chosen(names), separator < 0 ? [] : words.slice(separator + 1));
  const total = (/** @type {"passed" | "failed"} */ what) =>
    outcomes.reduce((sum, outcome) => sum + outcome[what], 0);
  process.stdout.write(`\n${table(outcomes)}\n\nin ${seconds(performance.now() - began)}\n`);
  process.stdout.write(`${total("passed")} passed, ${total("failed")} failed\n`);
  return total("failed") === 0 ? 0 : 1;
});
