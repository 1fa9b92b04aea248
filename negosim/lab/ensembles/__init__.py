"""Ensembles: very many runs of one story."""
