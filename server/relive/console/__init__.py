"""A REPL that is a client of a daemon, like an editor is."""
