"""Planning classes: changed where they are, merged with what their statement makes, or replaced."""
