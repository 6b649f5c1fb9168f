"""
Invented portfolios: the demo's files and facts, and files of any size for benches.

Pure: a seed and a day in, text out. Nobody in here exists; only the streets are real.
"""
