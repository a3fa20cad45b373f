"""Pins and doctests: calls with what they are expected to give, tried as definitions change."""
