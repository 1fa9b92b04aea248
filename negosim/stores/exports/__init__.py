"""Runs in other programs' formats, and back from JSON Lines."""
