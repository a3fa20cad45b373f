"""The worker: it runs user code in the user's interpreter, with the standard library alone."""
