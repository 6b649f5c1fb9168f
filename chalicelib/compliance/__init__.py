"""
Who may be contacted, when, how and how often: rule packs and one decision function.

Pure: no clock, no store. Every channel, screen, plan and visit asks ``decision.decide``.
"""
