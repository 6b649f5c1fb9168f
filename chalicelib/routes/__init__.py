"""
Who goes where in which order.

``ordering`` puts one agent's day into order at once, with nothing but Python; ``team`` divides a
day among agents with PyVRP, which runs in a function of its own (docs/adr/0021).
"""
