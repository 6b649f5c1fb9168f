"""Outgoing and incoming channels: one adapter each for e-mail, SMS, WhatsApp, voice, letter."""
