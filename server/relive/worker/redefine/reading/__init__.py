"""Reading texts: what they define and state, and which part of one is which part of another."""
