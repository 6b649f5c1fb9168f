"""
What makes and reads the lake's files with DuckDB, on the machine that runs the commands.

Beside ``chalicelib`` and never in the functions' bundle: DuckDB is 69 MB (docs/adr/0026).
"""
