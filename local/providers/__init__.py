"""
The providers that the laptop has not got: e-mail, SMS, voice and WhatsApp that go nowhere.

They speak the calls of AWS that the product makes, keep what was sent, show it at ``/simulador/``
as a phone would, let a person answer as the debtor, and then tell the product what a real
account would tell it, through the same topics.

A scanner for malware that knows the test string of EICAR (``scanner``). And a provider of
payments that takes no money (``paying``): its own API, pay page and webhooks.
"""
