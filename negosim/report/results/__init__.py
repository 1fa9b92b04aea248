"""Results: one file a result, as people see it."""
