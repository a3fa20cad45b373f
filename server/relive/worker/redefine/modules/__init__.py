"""Planning modules: statements in the order of the file, and what follows from them elsewhere."""
