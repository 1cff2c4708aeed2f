"""What every room stands on: displays, periods, optional packages, files written whole.

A shelf, not a room: each module is taken by its own name.
"""
