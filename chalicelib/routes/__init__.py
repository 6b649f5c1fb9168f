"""
Who goes where in which order.

``ordering`` puts one agent's day into order at once, with nothing but Python; ``team`` divides a
day among agents with PyVRP, which runs outside the API's functions (docs/adr/0021).
"""
