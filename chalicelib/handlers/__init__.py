"""Outer ring: HTTP blueprints and the bodies of triggers. Parse, call one service, answer. No business rule here."""
