"""
Outgoing and incoming channels: one adapter each for e-mail, SMS, WhatsApp, voice, letter.

A sender raises ``NotSent`` only where the message surely did not go. Any other error (a
connection lost after the request, a 500) leaves open whether it went: whoever called must not
send again, and waits for the provider's events. For the same reason the clients of these
services are made without retries of their own (``wiring``).
"""
