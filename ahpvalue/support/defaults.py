"""Defaults that several rooms share."""

__all__ = ["SEED"]

SEED = 1
"""The seed of everything drawn at random, where the caller gives none."""
