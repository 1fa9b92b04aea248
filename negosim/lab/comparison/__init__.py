"""Comparison: which account of one affair does the record support?"""
