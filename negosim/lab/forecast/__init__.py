"""Forecasts: what was likely from a date on, and how did that change?

Question   Given the record up to a date, how probable is each outcome?
Estimand   P(Y = 1 | items settled by the date): the particles as they stood then, continued with
           fresh chance. With a change: the same under do(x).
Paper      Brier (1950); Gneiting and Raftery (2007), Strictly proper scoring rules.
Read       ``forecast.py`` one date, ``turning_points.py`` every date, ``scoring.py`` how good.
"""
