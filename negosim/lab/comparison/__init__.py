"""Comparison: which account of one affair does the record support?

Question   Of several models of the same affair, which makes the record most probable?
Estimand   Bayes factors: ratios of the evidence P(record | account), on the same items; posterior
           probabilities among the accounts listed.
Paper      Kass and Raftery (1995), Bayes factors; Good (1985), Weight of evidence.
Read       ``model_comparison.py`` first, ``weight_of_evidence.py`` fact by fact, ``testimony.py``
           what was said about it, only where asked for.
"""
