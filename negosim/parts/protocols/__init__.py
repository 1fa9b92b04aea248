"""Protocols: who speaks when, and when there is an agreement."""
