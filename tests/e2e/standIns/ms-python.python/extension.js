// The Python extension as far as Relive sees of it: which interpreter is chosen, and what its language server tells.
const { EventEmitter, Hover, languages, Uri, workspace } = require("vscode");

exports.activate = ({ subscriptions }) => {
  const changed = new EventEmitter();
  subscriptions.push(
    changed,
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("standIn.python")) changed.fire({});
    }),
    languages.registerCompletionItemProvider("python", { provideCompletionItems }, "."),
    languages.registerHoverProvider("python", { provideHover }),
  );
  return {
    environments: {
      getActiveEnvironmentPath(resource) {
        const path = setting("python", resource);
        return path ? { id: path, path } : undefined;
      },
      async resolveEnvironment({ path }) {
        return { executable: { uri: Uri.file(path) } };
      },
      onDidChangeActiveEnvironmentPath: changed.event,
    },
  };
};

function setting(name, resource) {
  return workspace.getConfiguration("standIn", resource).get(name);
}

/** What `self` is given in the text, as one that reads texts finds it. */
function provideCompletionItems(document) {
  if (!setting("languageServer", document.uri)) return [];
  const names = [...document.getText().matchAll(/self\.(\w+) =/g)].map(([, name]) => name);
  return [...new Set(names)].map((label) => ({ label, detail: "static" }));
}

function provideHover(document, position) {
  const range = document.getWordRangeAtPosition(position);
  if (!setting("languageServer", document.uri) || range === undefined) return undefined;
  return new Hover(`read in the text: ${document.getText(range)}`, range);
}
