"""Forecasts: what was likely from a date on, and how that changed."""
