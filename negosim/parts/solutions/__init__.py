"""Solutions of bargaining theory for a set of outcomes, and distances to them."""
