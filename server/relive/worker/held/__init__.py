"""What is held, as the daemon sees it: stops, their frames, and the requests taken meanwhile."""
