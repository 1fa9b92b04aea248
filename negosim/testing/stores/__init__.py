"""For tests of stores: the store contract, its forks, a state machine over several stores, and sample logs."""
