"""
Words and rules of collecting: money, debts, ledger, timeline, portfolios.

Standard library and geo only.
"""
