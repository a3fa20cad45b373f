// What can go wrong that the user can do something about.

/** Something the user can mend: its message says how. */
export class UserError extends Error {
  override readonly name = "UserError";

  constructor(
    message: string,
    /** A command of the editor that mends it. */
    readonly remedy?: { readonly title: string; readonly command: string },
  ) {
    super(message);
  }
}

/** A message of the user's own that is no failure: a word in the status bar is enough. */
export class NothingToDo extends Error {
  override readonly name = "NothingToDo";
}
