"""Studies over many runs: replay against a record, checks, and what follows from them."""
