"""
What to do about a debt and when: strategies and segments as data, and their evaluation.

Pure: a strategy and the facts of a case in, what is due today out. Nothing here knows of
clocks, tables, hours of contact or texts; whether a message may go is ``compliance``'s, what
it says is ``messages``'.
"""
