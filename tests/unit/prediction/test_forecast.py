"""The chance that a case is paid soon: from the debtor's own record, or not said at all."""

import time
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.ids import debt_id
from chalicelib.domain.priority import Factor, QueuePolicy
from chalicelib.prediction import artefact, forecast, served
from chalicelib.prediction.forecast import Deployed
from chalicelib.prediction.history import MOST
from chalicelib.services import calls, ranking
from chalicelib.strategies import rules
from chalicelib.strategies.facts import facts_of
from chalicelib.strategies.model import Rule
from tests.builders import a_debt
from tests.queue_world import ANA, TODAY, QueueWorld
from tests.unit.prediction.test_habit import HABIT

MODEL = Deployed(habit=HABIT, until=date(2026, 10, 31))
ASKS = Rule(op=">=", field="pay_chance", value=50)


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(forecast, "deployed", lambda *_: MODEL)
    return QueueWorld()


def paid_before(world, case_id, *late, first=200):
    """Debts that were paid so many days after their due dates, months ago."""
    for number, days in enumerate(late):
        due = TODAY - timedelta(days=first - 30 * number)
        name = f"{case_id}-{number}"

        def do(draft, due=due, name=name, days=days):
            debt = a_debt(name, due_on=due, stated_principal_minor=5_000)
            draft.put_debt(debt, source="upload", reference=name)
            draft.pay(
                5_000,
                paid_on=due + timedelta(days=days),
                source="bank",
                reference=name,
                debt_id=debt_id("prt_test", name),
            )

        world.change(case_id, do)


def told(world, case_id, today=TODAY):
    return forecast.of_case(world.cases.open(case_id), today, MODEL)


def test_who_paid_a_few_days_late_is_likelier_to_pay_now_than_who_took_months(world):
    quick, slow = world.debtor(1, late=3), world.debtor(2, late=3)
    paid_before(world, quick, 6, 7, 5, 6)
    paid_before(world, slow, 60, 75, 61, 70)

    assert told(world, quick).percent > told(world, slow).percent
    first = told(world, quick).reasons[0]
    assert (first.code, first.figures) == (
        "paid_before",
        {"debts": 4.0, "late": 4.0, "mean_days": 6.0},
    )
    assert first.weight > 0 > told(world, slow).reasons[0].weight


def test_of_whom_too_little_is_known_nothing_is_told_and_rules_do(world):
    fresh, one = world.debtor(1), world.debtor(2)
    paid_before(world, one, 4)

    assert told(world, fresh) is None
    assert told(world, one) is None
    assert forecast.of_case(world.cases.open(one), TODAY, None) is None
    world.rank()
    codes = [reason.code for reason in world.next().turn.reasons]
    assert codes
    assert Factor.FORECAST.value not in codes
    stores = {"cases": world.cases, "portfolios": world.portfolios}
    assert calls.sheet(one, actor=ANA, now=world.now, **stores)["forecast"] is None


def one_more(world, case_id, days_late, name="more"):
    due = TODAY - timedelta(days=days_late)
    debt = a_debt(name, due_on=due, stated_principal_minor=5_000)
    world.change(case_id, lambda d: d.put_debt(debt, source="upload", reference=name))
    return debt_id("prt_test", name)


def test_each_debt_has_its_own_chance_and_day(world):
    case_id = world.debtor(1, late=7)
    paid_before(world, case_id, 6, 7, 5, 6)
    fresh = one_more(world, case_id, -20)

    said = forecast.by_debt(world.cases.open(case_id), TODAY, MODEL)

    (old,) = said.keys() - {fresh}
    assert len(said) == 2
    assert said[old].percent > said[fresh].percent
    assert said[old].days.low >= 7
    assert said[fresh].days.usual == pytest.approx(6, abs=3)
    assert said[fresh].days.low < said[fresh].days.usual < said[fresh].days.high


def test_that_something_is_paid_is_at_least_as_likely_as_of_any_debt(world):
    case_id = world.debtor(1, late=7)
    paid_before(world, case_id, 6, 7, 25, 6)
    alone = told(world, case_id).percent
    for number in range(3):
        one_more(world, case_id, number, name=f"more-{number}")
    file = world.cases.open(case_id)

    each = [one.percent for one in forecast.by_debt(file, TODAY, MODEL).values()]

    assert told(world, case_id).percent >= max(each)
    assert told(world, case_id).percent > alone
    reason = next(one for one in told(world, case_id).reasons if one.code == "open_others")
    assert reason.figures["debts"] == 3


def test_no_day_is_told_of_what_is_open_for_longer_than_any_habit(world):
    case_id = world.debtor(1, late=210)
    paid_before(world, case_id, 6, 7, 5, 6, first=500)

    (said,) = forecast.by_debt(world.cases.open(case_id), TODAY, MODEL).values()

    assert said.days is None
    assert said.percent < 30


def test_of_hundreds_of_debts_the_oldest_and_those_due_last_are_asked_about(world):
    case_id = world.debtor(1, late=300)
    paid_before(world, case_id, 6, 7, 5, first=280)

    def many(draft):
        for number in range(60):
            due = TODAY - timedelta(days=number)
            debt = a_debt(f"m{number}", due_on=due, stated_principal_minor=100)
            draft.put_debt(debt, source="upload", reference=f"m{number}")

    world.change(case_id, many)

    said = forecast.by_debt(world.cases.open(case_id), TODAY, MODEL)

    assert len(said) == MOST
    assert debt_id("prt_test", "m0") in said
    assert debt_id("prt_test", "m59") not in said
    assert told(world, case_id).percent > 90


def test_silence_has_its_reason(world, monkeypatch):
    case_id = world.debtor(1, late=3)
    policy = world.portfolio.forecast

    def said(of=policy):
        return forecast.silence(world.cases.open(case_id), of, TODAY)

    assert said() == "too_few_paid"
    paid_before(world, case_id, 6, 7)
    assert said() == ""
    assert said(replace(policy, champion="rules")) == "rules"
    monkeypatch.setattr(forecast, "deployed", lambda *_: None)
    assert said() == "no_model"
    assert forecast.told_by_debt(world.cases.open(case_id), policy, TODAY) == {}


def test_a_payment_that_was_taken_back_was_none(world):
    case_id = world.debtor(1)
    paid_before(world, case_id, 4, 5)
    assert told(world, case_id) is not None
    entry = next(
        one
        for one in world.cases.open(case_id).entries
        if one.reference == f"{case_id}-0" and one.kind.value == "payment"
    )

    world.change(case_id, lambda d: d.reverse(entry.entry_id, reason="bounced"))

    assert told(world, case_id) is None


def test_the_queue_gives_points_for_it_with_the_figure(world):
    case_id = world.debtor(1, late=3)
    paid_before(world, case_id, 6, 7, 5, 6)
    world.rank()

    turn = world.next().turn

    reason = next(one for one in turn.reasons if one.code == "forecast")
    percent = told(world, case_id).percent
    assert (reason.value, reason.points) == (percent, round(20 * percent / 100))
    off = replace(world.portfolio.policies, queue=QueuePolicy(weights={Factor.FORECAST.value: 0}))
    standing = ranking.standing_of(
        world.cases.open(case_id), replace(world.portfolio, policies=off), TODAY, usual_minor=1
    )
    codes = [one.code for one in ranking.rank(standing, off.queue).reasons]
    assert "forecast" not in codes


def test_the_call_screen_says_why(world):
    case_id = world.debtor(1, late=3)
    paid_before(world, case_id, 6, 7, 5, 6)

    sheet = calls.sheet(
        case_id, actor=ANA, cases=world.cases, portfolios=world.portfolios, now=world.now
    )

    assert sheet["forecast"]["days"] == 15
    days = sheet["forecast"]["expected"]
    assert days["low"] <= days["usual"] <= days["high"]
    assert days["usual"] == pytest.approx(6, abs=3)
    assert sheet["forecast"]["reasons"][0] == {
        "code": "paid_before",
        "speaks_for": True,
        "debts": 4,
        "late": 4,
        "mean_days": 6,
    }


def test_segments_and_strategies_ask_for_it_and_it_moves_by_whole_weeks(world):
    case_id = world.debtor(1, late=1)
    paid_before(world, case_id, 6, 7, 5, 6)
    file = world.cases.open(case_id)
    assert rules.problem(ASKS) == ""

    def on(day):
        return facts_of(file, world.portfolio, day)

    assert rules.holds(ASKS, on(TODAY))
    moves = list(rules.changes_on(ASKS, on(TODAY)))
    assert moves[:2] == [TODAY + timedelta(days=6), TODAY + timedelta(days=13)]
    before = on(TODAY).values["pay_chance"]
    for ahead in range(60):
        day = TODAY + timedelta(days=ahead)
        now = on(day).values["pay_chance"]
        assert now == before or day in moves
        before = now


def test_without_a_forecast_no_rule_on_it_holds_and_none_is_looked_at_again(monkeypatch):
    monkeypatch.setattr(forecast, "deployed", lambda *_: None)
    world = QueueWorld()
    facts = facts_of(world.cases.open(world.debtor(1)), world.portfolio, TODAY)

    assert facts.values["pay_chance"] is None
    assert not rules.holds(ASKS, facts)
    assert not rules.holds(Rule(op="<", field="pay_chance", value=50), facts)
    assert list(rules.changes_on(ASKS, facts)) == []


def test_what_is_trained_ships_as_figures_alone(monkeypatch, tmp_path):
    path = tmp_path / "model.json"
    monkeypatch.setattr(forecast, "FOLDER", tmp_path)
    forecast._shipped.cache_clear()
    try:
        assert forecast.deployed() is None
        forecast._shipped.cache_clear()
        learned = artefact.Artefact(
            until=MODEL.until, figures=HABIT.figures, learned_from={}, histories={}
        )
        artefact.write(learned, path)

        assert forecast.deployed().until == MODEL.until
        assert forecast.deployed().habit.figures == HABIT.figures
        assert forecast.deployed("second") is None
        assert forecast.id_of("first").startswith("2026-10-31-")
        assert (forecast.id_of("second"), forecast.id_of("rules")) == ("", "rules")
    finally:
        forecast._shipped.cache_clear()


def test_what_is_put_into_service_tells_instead_of_what_ships(monkeypatch, tmp_path):
    """It is read once in a while, not once a case; taken back, what ships tells again."""
    monkeypatch.setattr(forecast, "FOLDER", tmp_path)
    forecast._shipped.cache_clear()
    learned = artefact.Artefact(
        until=MODEL.until, figures=HABIT.figures, learned_from={}, histories={}
    )
    texts, asked = {"first": artefact.text(learned)}, []

    def source(name):
        asked.append(name)
        return texts.get(name, "")

    served.read_by(source)
    try:
        assert [forecast.deployed().until for _ in range(50)] == [MODEL.until] * 50
        assert forecast.deployed().model_id == forecast.made_of(learned).model_id
        assert forecast.deployed("second") is None
        assert forecast.id_of("rules") == "rules"
        assert asked == ["first", "second"]

        other = replace(learned, until=date(2026, 11, 20))
        texts["first"] = artefact.text(other)
        assert forecast.deployed().until == MODEL.until
        clock = time.monotonic()
        monkeypatch.setattr(served.time, "monotonic", lambda: clock + served.KEPT_S)
        assert forecast.deployed().until == other.until

        texts["first"] = ""
        served.forget()
        assert forecast.deployed() is None
    finally:
        forecast._shipped.cache_clear()
