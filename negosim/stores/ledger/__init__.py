"""What every store does alike, over rows: a concrete store adds only the rows themselves."""
