"""Values and rules: no processes, chance, clock, files or screens."""
