"""The change log: what was evaluated and redefined, written before it runs, and read back."""
