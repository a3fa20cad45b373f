// The pictures in the documents are made as the end-to-end tests are run, in the real editor.
import tests from "./vitest.config.mts";

// One window at a time: nobody waits for pictures, and nothing else is to be seen in them.
export default { ...tests, test: { ...tests.test, maxWorkers: 1, include: ["**/*.picture.ts"] } };
