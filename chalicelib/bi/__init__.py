"""The lake: what is exported day by day, in which columns, and the figures read from it."""
