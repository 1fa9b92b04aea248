"""Exchanges known from politics, each as parts for those who take part in it.

They ask questions that the story hands to them, so reasons and paces stay the story's own.
"""
