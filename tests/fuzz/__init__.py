"""Bad input at every door: valid input with one thing broken, seeded.

Whatever comes in, the answer is a result or one of the library's errors, in sentences; never
another exception, a hang, or a warning of somebody else's. A door is a module in `doors` with a
function ``draw(rng, folder)`` that returns what was broken and the call to make.

``python -m tests.fuzz [door ...] [--minutes 60] [--case NUMBER]`` runs doors for as long as one
likes, or one case again; `test_doors` runs the first cases of each with the other tests.
"""
