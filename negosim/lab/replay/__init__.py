"""Replay: does the model explain the documented history?"""
