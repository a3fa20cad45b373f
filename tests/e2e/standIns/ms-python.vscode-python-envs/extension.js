// The Python Environments extension as far as Relive asks it: the command that runs the chosen interpreter.
const { EventEmitter, workspace } = require("vscode");

exports.activate = ({ subscriptions }) => {
  const changed = new EventEmitter();
  subscriptions.push(
    changed,
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("standIn.environment")) changed.fire({});
    }),
  );
  return {
    async getEnvironment(scope) {
      const [executable, ...args] =
        workspace.getConfiguration("standIn", scope).get("environment") ?? [];
      return executable ? { execInfo: { run: { executable, args } } } : undefined;
    },
    onDidChangeEnvironment: changed.event,
  };
};
