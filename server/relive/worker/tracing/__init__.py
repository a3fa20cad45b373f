"""What a statement reads, writes, changes in place and enters. Loaded after the first result."""
