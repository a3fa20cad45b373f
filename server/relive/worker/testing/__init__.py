"""The user's tests and fixtures, by the pytest that is installed in the user's interpreter."""
