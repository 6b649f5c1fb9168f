"""What a debtor sees under ``/pagar/``: views, templates and words. Pure; no HTTP, no rows."""
