"""Counterfactual answers as a reader sees them: what-ifs, causes, and two courses of one world."""
