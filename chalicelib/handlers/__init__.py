"""Outer ring: HTTP and triggers. Parse, call one service, answer; no business rule here."""
