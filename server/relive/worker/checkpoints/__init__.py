"""Checkpoints: parked copies of the worker to go back to. Loaded when the first is asked for."""
