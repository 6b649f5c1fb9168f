"""
Agents who walk and ride along real streets, for the demo of the map and for load.

Nobody of them exists; only the streets are real, those of ``local/generator``.
"""
