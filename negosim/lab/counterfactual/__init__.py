"""Counterfactuals: would it have happened without that?"""
