"""Payment providers: an adapter each, behind the port of ``port.py``; no use case lives here."""
