"""Replay: does the model explain the documented history?

Question   How surprising is each fact of the record, given everything before it?
Estimand   r_k = P(item k holds | items 1 .. k-1), read off the filter; surprise is -log2 r_k bits,
           and their sum is -log2 of the evidence P(record).
Paper      Del Moral, Doucet and Jasra (2006), Sequential Monte Carlo samplers; Dawid (1984),
           the prequential approach.
Read       ``results.py`` what is answered, ``replay.py`` how it is computed.
"""
