"""Files that other programs change: seen, collected, read when they are whole, and redefined."""
