"""Calls of functions that the user looks into: what they were given, did and gave, kept."""
