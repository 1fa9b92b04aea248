"""Ensembles: very many free runs of one story, kept as rows.

Question   What tends to happen in this model, and how sure is that?
Estimand   P(Y = 1) over the prior, with its 95 % interval (Wilson 1927).
Read       ``study.py`` playing and counting, ``study_file.py`` where rows are kept.
"""
