// Draws a constant at the end of the caret's line: what of a value's way to the screen is the editor's own.
const { commands, Range, window } = require("vscode");

exports.activate = () => {
  const type = window.createTextEditorDecorationType({});
  commands.registerCommand("tiniest.draw", () => {
    const editor = window.activeTextEditor;
    const { end } = editor.document.lineAt(editor.selection.active.line).range;
    const after = { contentText: "\u00a0\u00a0⇒\u00a02" };
    editor.setDecorations(type, [{ range: new Range(end, end), renderOptions: { after } }]);
  });
  commands.registerCommand("tiniest.clear", () => window.activeTextEditor.setDecorations(type, []));
};
