"""Calibration: is a story whole, and is a model true to itself?"""
