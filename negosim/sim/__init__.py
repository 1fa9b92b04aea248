"""The imperative shell: the only floor that knows SimPy."""
