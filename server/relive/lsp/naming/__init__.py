"""Names that are being written: what the process knows of them, and what the text tells."""
