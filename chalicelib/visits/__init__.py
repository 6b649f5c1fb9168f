"""
Was the agent at the door, how far is the report to be trusted, and where is the door really.

Pure; docs/visits.md says the rules in words.
"""
