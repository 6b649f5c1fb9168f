"""A payment whose webhook is lost: the next morning's reconciliation finds it, once."""

import re
from datetime import timedelta

import pytest

from chalicelib import wiring
from chalicelib.domain.case import CaseStatus
from chalicelib.handlers import bank_files
from tests import sandbox
from tests.api.conftest import forget
from tests.selfpay.walking import Clock, post_payments

NOT_TOLD = "4000 0000 0000 0101"  # pays, and no webhook goes out


@pytest.fixture
def clock(monkeypatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(wiring, "now", made.now)
    return made


def test_what_no_webhook_told_is_on_the_case_the_next_morning(world, visitor, clock, monkeypatch):
    with sandbox.served(clock.now) as box:
        for name, value in box.environment.items():
            monkeypatch.setenv(name, value)
        forget()
        box.connect(world.portfolio.portfolio_id, now=clock.now())
        visitor.enter(world.link())
        leaving = visitor.send(visitor.get("/pagar/pago"), what="all", means="sandbox:card")
        page = re.search(r"/simulador/pagos/(\w+)", leaving.text)[1]
        box.pay(page, NOT_TOLD)
        post_payments(world)
        assert world.file.head.balance_minor == 100_000

        clock.to_noon(clock.at.date() + timedelta(days=1))
        for _ in range(2):  # the second time finds nothing more
            bank_files.reconcile()

    file = world.file
    assert (file.head.balance_minor, file.head.status) == (0, CaseStatus.SETTLED)
    kinds = [event.kind for event in file.events]
    assert (kinds.count("payment.posted"), kinds.count("document.issued")) == (1, 1)
