"""What the forecast is learned from: a portfolio's own debts, and the day each was paid."""

import argparse
from datetime import date, timedelta

import pytest

from chalicelib.bi.questions import OfHistory, Question, parse, plain
from chalicelib.domain.ageing import DEFAULT_BANDS
from chalicelib.domain.ledger import Component, EntryKind
from cli import predict, stack
from lake import means
from lake.engine import Engine
from lake.shelf import Shelf
from tests.lake_world import a_lake
from training import invoices

DAY = timedelta(days=1)
MAY_1 = date(2026, 5, 1)
DUE = MAY_1 + 10 * DAY
LAST = MAY_1 + 30 * DAY


@pytest.fixture
def world():
    with a_lake() as made:
        yield made


@pytest.fixture
def read(world, monkeypatch, tmp_path):
    """Export, write the file by the command, and read it as training does: by customer."""
    engine = Engine(files=world.disk, shelf=Shelf(tmp_path / "shelf", most=1 << 30))
    monkeypatch.setattr(stack, "connect", lambda _: True)
    monkeypatch.setattr(means, "portfolios", lambda: {"prt_test": world.portfolio})
    monkeypatch.setattr(means, "engine", lambda **_: engine)

    def read(on=LAST):
        world.export(LAST, since=MAY_1)
        parser = argparse.ArgumentParser()
        predict.arguments(parser)
        path = tmp_path / "history.csv"
        options = parser.parse_args(
            ["history", str(path), "--portfolio", "prt_test", "--on", on.isoformat()]
        )
        options.json = False
        code = predict.run(options)
        return code, {one.customer: one for one in invoices.read(path)} if code == 0 else {}

    return read


def test_a_debt_is_paid_on_the_day_of_its_last_payment(world, read):
    late = world.debtor(1, MAY_1, due_on=DUE, issued_on=MAY_1 - DAY, minor=100_000)
    world.pay(late, 60_000, MAY_1 + 2 * DAY)
    world.pay(late, 40_000, DUE + 5 * DAY)
    still = world.debtor(2, MAY_1, due_on=DUE, minor=50_000)
    world.pay(still, 10_000, MAY_1 + 3 * DAY)
    code, known = read()

    assert code == 0
    assert known[late].settled_on == DUE + 5 * DAY
    assert (known[late].lateness, known[late].amount_minor) == (5, 100_000)
    assert known[late].issued_on == MAY_1 - DAY
    assert known[still].settled_on is None
    assert known[still].issued_on == MAY_1


def test_a_payment_that_bounced_paid_nothing(world, read):
    case_id = world.debtor(1, MAY_1, due_on=DUE, minor=100_000)
    world.pay(case_id, 100_000, DUE)
    entries = world.cases.open(case_id).entries
    [paid] = [one.entry_id for one in entries if one.kind is EntryKind.PAYMENT]
    world.change(case_id, world.at(DUE + DAY), lambda d: d.reverse(paid, reason="rebotado"))
    world.pay(case_id, 100_000, DUE + 7 * DAY)

    assert read()[1][case_id].lateness == 7


def test_what_was_forgiven_whole_was_paid_by_nobody(world, read):
    forgiven = world.debtor(1, MAY_1, due_on=DUE, minor=100_000)
    other = world.debtor(2, MAY_1, due_on=DUE, minor=100_000)
    debt_id = world.cases.open(forgiven).debts[0].debt_id
    why = {"reason": "cartera", "source": "manual", "reference": "w"}
    world.change(
        forgiven,
        world.at(DUE),
        lambda draft: draft.waive(debt_id, Component.PRINCIPAL, 100_000, **why),
    )

    assert set(read()[1]) == {other}


def test_a_day_that_is_not_there_is_said_with_how_it_comes(world, read, capsys):
    world.debtor(1, MAY_1, due_on=DUE)

    assert read(LAST + DAY)[0] == 1
    assert f"./recobro export --date {LAST + DAY}" in capsys.readouterr().err


def test_it_travels_as_json():
    asked = Question(
        about=OfHistory(),
        portfolio_id="prt_test",
        first=LAST,
        last=LAST,
        bands=tuple(DEFAULT_BANDS),
    )

    assert parse(plain(asked)) == asked
