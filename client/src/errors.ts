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

/** The daemon ended while it was asked something. */
export class DaemonLost extends UserError {
  constructor() {
    super(
      "Relive's server ended before it answered, and the session with it. The next evaluation starts both anew.",
    );
  }
}

/** A message of the user's own that is no failure: a word in the status bar is enough. */
export class NothingToDo extends Error {
  override readonly name = "NothingToDo";
}
