// The question to the user when their code waits for a line.

import { CancellationTokenSource, window } from "vscode";
import { withoutLinks } from "../annotations/plainText";
import type { InputAnswer, InputParams } from "../protocol.gen";

/** Escape answers with the end of input. The box goes when the code waits no longer. */
export async function askForInput(
  { prompt, password }: InputParams,
  cancelled: AbortSignal,
): Promise<InputAnswer> {
  const source = new CancellationTokenSource();
  const cancel = (): void => source.cancel();
  cancelled.addEventListener("abort", cancel);
  const options = {
    title: "Relive: your code asks for input",
    prompt: prompt === "" ? "Enter a line. Escape ends the input." : withoutLinks(prompt),
    password,
    ignoreFocusOut: true,
  };
  const text = await window.showInputBox(options, source.token);
  cancelled.removeEventListener("abort", cancel);
  source.dispose();
  return { text: text ?? null };
}
