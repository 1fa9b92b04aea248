"""Wording: sentences, numbers and texts of every screen and page."""
