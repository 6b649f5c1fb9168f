"""
What a debtor means: intent, amount and date out of a message in Spanish, Portuguese or English.

Pure. Nothing understood here is acted on before the debtor has confirmed it.
"""
