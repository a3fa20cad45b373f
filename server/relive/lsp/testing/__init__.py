"""The workspace's tests: where they are, and which are affected by what changed."""
