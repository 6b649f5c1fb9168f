"""What every adapter is asked to take."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.money import Money
from chalicelib.domain.payment import Ask


@pytest.fixture
def an_ask():
    def make(**changes) -> Ask:
        return Ask(**{
            "key": "chk_1",
            "reference": "cas_1.chk_1",
            "amount": Money(123450, "MXN"),
            "title": "Muebles La Esquina",
            "language": "es",
            "country": "MX",
            "return_url": "https://recobro.example/pagar/resultado",
            "cancel_url": "https://recobro.example/pagar/cuenta",
            "notify_url": "https://recobro.example/api/v1/webhooks/payments/x/prt_1",
            "expires_at": datetime.now(UTC) + timedelta(hours=1),
        } | changes)  # fmt: skip

    return make
