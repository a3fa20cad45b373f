// The pictures in the documents are made as the end-to-end tests are run, in the real editor.
import tests from "./vitest.config.mts";

export default { ...tests, test: { ...tests.test, include: ["**/*.picture.ts"] } };
