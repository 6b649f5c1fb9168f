"""
What divides a team's day with PyVRP, in a function of its own (docs/adr/0021).

Beside ``chalicelib`` and with a bundle of its own: PyVRP and numpy are 60 MB.
"""
