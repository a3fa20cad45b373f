"""The benchmark suite: rows, each with its contenders, measured in turn in one run."""
