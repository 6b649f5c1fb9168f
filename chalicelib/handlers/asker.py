"""Whoever asks without an account, as far as it can be told."""

from chalice.app import Request


def address_of(request: Request) -> str:
    """
    Give the address that asks: what CloudFront saw, which is the one before its own.

    What stands further left was sent along by whoever asks, and may be anything.
    """
    sent = str(request.headers.get("x-forwarded-for", "")).split(",")
    seen = [one.strip() for one in sent if one.strip()]
    direct = str(request.context.get("identity", {}).get("sourceIp", ""))
    return seen[-2] if len(seen) > 1 else direct
