// The question to the user when their code waits for a line.

import {
  commands,
  Disposable,
  type InputBox,
  type QuickInputButton,
  ThemeIcon,
  window,
} from "vscode";
import { withoutLinks } from "../annotations/plainText";
import type { InputAnswer, InputParams } from "../protocol.gen";

const END: QuickInputButton = {
  iconPath: new ThemeIcon("debug-disconnect"),
  tooltip: "End of Input (Ctrl+D)",
};
/** For the key that ends the input. */
const CONTEXT_KEY = "relive.asksForInput";
const REFUSED: InputAnswer = { text: null, cancelled: true };

/** The questions to the user, one box at a time: a second one waits. */
export class InputQuestions {
  #last: Promise<unknown> = Promise.resolve();
  #end: () => void = () => undefined;

  /** The box goes when the code waits no longer. */
  ask(params: InputParams, withdrawn: AbortSignal): Promise<InputAnswer> {
    const answer = this.#last.then(() => this.#ask(params, withdrawn));
    this.#last = answer;
    return answer;
  }

  /** Answers the question that is shown with the end of the input. */
  endInput(): void {
    this.#end();
  }

  async #ask(params: InputParams, withdrawn: AbortSignal): Promise<InputAnswer> {
    if (withdrawn.aborted) {
      return REFUSED;
    }
    const box = boxOf(params);
    void commands.executeCommand("setContext", CONTEXT_KEY, true);
    const answer = await new Promise<InputAnswer>((resolve) => {
      this.#end = () => resolve({ text: null });
      Disposable.from(
        box.onDidAccept(() => resolve({ text: box.value })),
        box.onDidTriggerButton(this.#end),
        box.onDidHide(() => resolve(REFUSED)),
      );
      withdrawn.addEventListener("abort", () => resolve(REFUSED));
      box.show();
    });
    void commands.executeCommand("setContext", CONTEXT_KEY, false);
    box.dispose();
    return answer;
  }
}

function boxOf({ prompt, password }: InputParams): InputBox {
  const box = window.createInputBox();
  box.title = "Relive: your code asks for input";
  const asked = prompt.trim() === "" ? "" : `${withoutLinks(prompt.trim())} · `;
  box.prompt = `${asked}Ctrl+D ends the input, Escape interrupts the code`;
  box.password = password;
  box.ignoreFocusOut = true;
  box.buttons = [END];
  return box;
}
