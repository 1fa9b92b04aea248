"""Calibration: is a story whole, and is a model true to itself?

Question   Does every part of a story do something, and do intervals hold what they promise when
           the model is true?
Estimand   The rank of a known truth among posterior draws, uniform if inference is right; the
           surprise of documented decisions beside the surprise the model expects.
Paper      Talts et al. (2018), Simulation-based calibration; Seillier-Moiseiwitsch and Dawid (1993).
Read       ``check.py`` the checks of a story, ``simulation_based_calibration.py`` of its answers.
"""
