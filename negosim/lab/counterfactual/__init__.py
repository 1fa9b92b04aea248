"""Counterfactuals: would it have happened without that?

Question   In the worlds in which the record came out as documented, what would a change have made
           of an outcome?
Estimand   P(Y = 1 under do(x) | evidence) - P(Y = 1 | evidence), by abduction, action, prediction:
           posterior Worlds, each played once more with the change and the same noise.
Causes     On which choices did it hang? The share of those Worlds in which another answer undoes the
           outcome, alone or with later choices held as they were.
Paper      Pearl (2009), Causality, chapter 7; Balke and Pearl (1994); Tian and Pearl (2000); Halpern (2015).
Read       ``whatif.py`` how it is answered, ``whatif_result.py`` what, ``causes.py`` why an outcome came
           about, ``alignment.py`` and ``explanation.py`` why two runs of one world differ.
"""
