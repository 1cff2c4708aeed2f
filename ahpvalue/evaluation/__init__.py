"""From scores to decisions. A corridor, not a room: each folder and module here has its own door.

tiers · change · explain · recourse · robustness · record · concentration · core · segments · shift.
All of them work on a frozen `ahpvalue.scored.Scored`.
"""
