"""Sessions: they own workers, queue evaluations and hold what is known of them."""
