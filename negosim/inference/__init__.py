"""Inference: conditioning a model on its record, and what the result is worth."""
