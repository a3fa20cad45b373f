"""Undoing: the last step that changed definitions is planned backwards."""
