"""Tactics: which proposal to make, and when to accept."""
