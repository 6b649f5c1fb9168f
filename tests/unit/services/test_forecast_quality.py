"""What the forecast told is kept as it was told, and judged by what came of it."""

import base64
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.errors import BadField, PortfolioNotFound
from chalicelib.domain.forecast_test import ForecastPolicy
from chalicelib.domain.ids import debt_id
from chalicelib.prediction import forecast
from chalicelib.prediction.forecast import Deployed
from chalicelib.services import forecast_quality, ranking
from tests.queue_world import BOSS, QueueWorld
from tests.unit.prediction.test_forecast import one_more, paid_before
from tests.unit.prediction.test_habit import HABIT

FIRST = Deployed(habit=HABIT, until=date(2026, 10, 31), model_id="2026-10-31-a")
STRANGER = replace(BOSS, portfolios=("prt_other",))


class Office(QueueWorld):
    def known_debtor(self, number, **values):
        case_id = self.debtor(number, **values)
        paid_before(self, case_id, 4, 5, 6)
        return case_id

    def quality(self, actor=BOSS, model="first", cursor=None):
        return forecast_quality.quality(
            "prt_test",
            model=model,
            actor=actor,
            portfolios=self.portfolios,
            enrolments=self.enrolments,
            cases=self.cases,
            now=self.now,
            cursor=cursor,
        )

    def pay(self, case_id, minor=100_000, reference="paid", debt=None):
        day = self.now.date()
        self.change(
            case_id,
            lambda d: d.pay(
                minor, paid_on=day, source="bank", reference=f"{reference}-{case_id}", debt_id=debt
            ),
        )

    def told(self):
        return {
            key[2]: (int(row.arm), row.since)
            for key, row in self.enrolments.rows.items()
            if key[1].startswith("told@")
        }

    def write(self, chances, month="2026-11", since=date(2026, 11, 1)):
        """What was told of cases that are not there: only how much was told counts of them."""
        for number, percent in enumerate(chances):
            name = f"told@{FIRST.model_id}@{month}"
            self.enrolments.enrol("prt_test", name, str(percent), f"{month}-{number:04}", since)


@pytest.fixture
def office(monkeypatch):
    known = {"first": FIRST}
    monkeypatch.setattr(forecast, "deployed", lambda name="first": known.get(name))
    return Office()


def test_the_first_chance_of_a_month_is_kept_with_its_day(office):
    case_id, fresh = office.known_debtor(1), office.debtor(2)
    office.rank()
    policy = office.portfolio.forecast
    percent = forecast.told(office.cases.open(case_id), policy, office.now.date()).percent
    first_day = office.now.date()
    assert office.told() == {case_id: (percent, first_day)}
    assert fresh not in office.told()

    office.now += timedelta(days=3)
    office.rank()
    assert office.told() == {case_id: (percent, first_day)}

    office.now = office.now.replace(day=1) + timedelta(days=32)
    office.rank()
    kept = [row.since for key, row in office.enrolments.rows.items() if key[2] == case_id]
    assert kept == [first_day, office.now.date()]


def test_what_was_told_is_kept_with_its_debts_and_of_whom_nothing_is_known(office):
    case_id, fresh = office.known_debtor(1), office.debtor(2)
    office.rank()
    policy, today = office.portfolio.forecast, office.now.date()
    file = office.cases.open(case_id)
    by_debt = forecast.told_by_debt(file, policy, today)
    kept = {one.case_id: one for one in office.enrolments.kept.values()}

    told, silent = kept[case_id], kept[fresh]
    assert told.percent == forecast.told(file, policy, today).percent
    assert (told.model, told.model_id, told.basis) == ("first", FIRST.model_id, "model")
    assert (told.on, told.at, told.test_id, told.arm) == (today, office.now, "", "")
    assert {one.debt_id: one.percent for one in told.debts} == {
        key: one.percent for key, one in by_debt.items()
    }
    (debt,) = told.debts
    expected = by_debt[debt.debt_id].days
    assert (debt.usual, debt.low, debt.high) == (expected.usual, expected.low, expected.high)
    (open_one,) = (one for one in file.debts if one.debt_id == debt.debt_id)
    assert debt.late_days == (today - open_one.due_on).days
    assert (silent.basis, silent.percent, silent.arm) == ("too_few_paid", None, "")
    assert [one.percent for one in silent.debts] == [None]

    office.now += timedelta(days=1)
    paid_before(office, fresh, 4, 5, 6)  # now enough is known, and it is told for the first time
    office.rank()
    assert fresh in office.told()


def test_the_plan_keeps_it_too_and_who_takes_part_in_a_test(office):
    """Cases came up by the plan without taking part, until the day's fill ranked them as well."""
    case_id = office.known_debtor(1)
    office.portfolio = replace(
        office.portfolio,
        forecast=ForecastPolicy(
            challenger="rules",
            percent=50,
            test_id="fct_1",
            champion_id=FIRST.model_id,
            challenger_id="rules",
        ),
    )

    ranking.put(
        [(office.cases.open(case_id), "")],
        office.portfolio,
        turns=office.turns,
        enrolments=office.enrolments,
        usual=lambda _: 100_000,
        now=office.now,
    )

    kept = {key[1] for key in office.enrolments.rows if key[2] == case_id}
    assert "forecast@fct_1" in kept


def test_nothing_is_kept_where_rules_rank(office):
    office.known_debtor(1)
    office.portfolio = replace(office.portfolio, forecast=ForecastPolicy(champion="rules"))

    office.rank()

    assert office.told() == {}


def test_what_was_told_is_held_against_what_was_paid_in_those_days(office):
    paying = [office.known_debtor(n) for n in range(3)]
    others = [office.known_debtor(n) for n in range(3, 8)]
    part, late = others[:2]
    office.rank()
    told = office.told()
    start = office.now
    office.now += timedelta(days=4)
    for case_id in paying:
        office.pay(case_id)
    office.pay(part, minor=40_000)
    office.now = start + timedelta(days=15)
    assert office.quality()["cases"] == 0
    office.now = start + timedelta(days=16)
    office.pay(late)

    said = office.quality()

    assert (said["cases"], said["paid"], said["days"]) == (8, 3, 15)
    mean = sum(percent for percent, _ in told.values()) / 800
    assert said["predicted"] == pytest.approx(mean, abs=1e-3)
    assert said["observed"]["low"] < 3 / 8 < said["observed"]["high"]
    hits, misses = [told[one][0] / 100 for one in paying], [told[one][0] / 100 for one in others]
    squares = sum((1 - p) ** 2 for p in hits) + sum(p**2 for p in misses)
    assert said["brier"] == pytest.approx(squares / 8, abs=1e-4)
    assert said["usual_brier"] == pytest.approx(3 / 8 * 5 / 8, abs=1e-4)
    assert said["verdict"] == "small"
    assert all(one["small"] for one in said["bins"])
    assert sum(one["cases"] for one in said["bins"]) == 8
    groups = {(one["by"], one["name"]): one["cases"] for one in said["groups"]}
    assert groups["open_debts", "1"] == 8
    assert groups["paid_debts", "2-4"] == 8
    assert said["cursor"] is None


def test_a_payment_that_was_taken_back_and_a_debt_of_later_are_none(office):
    undone, later = office.known_debtor(1), office.known_debtor(2)
    office.rank()
    start = office.now
    office.now += timedelta(days=3)
    office.pay(undone)
    office.pay(later, minor=1_000)
    entry = next(
        one for one in office.cases.open(undone).entries if one.reference == f"paid-{undone}"
    )
    office.change(undone, lambda d: d.reverse(entry.entry_id, reason="bounced"))
    office.now = start + timedelta(days=16)

    said = office.quality()

    assert (said["cases"], said["paid"]) == (2, 0)


def test_one_of_several_debts_is_enough(office):
    case_id = office.known_debtor(1)
    small = one_more(office, case_id, 5)
    office.rank()
    start = office.now
    office.now += timedelta(days=3)
    office.pay(case_id, minor=5_000, debt=small)
    office.now = start + timedelta(days=16)

    said = office.quality()

    assert (said["cases"], said["paid"]) == (1, 1)
    assert debt_id("prt_test", "more") == small


def test_figures_of_what_was_counted():
    """Of 200 told 20 and 80: as they were told, who paid was told more."""
    counted = forecast_quality.Counted(
        paid={"20": 20, "80": 80}, unpaid={"20": 80, "80": 20}, told=[[0] * 10] * 3
    )

    said = forecast_quality._figures(counted)

    assert (said["predicted"], said["observed"]["value"], said["verdict"]) == (0.5, 0.5, "good")
    assert said["auc"] == pytest.approx(0.8 * 0.8 + 0.5 * (0.2 * 0.8 + 0.8 * 0.2))
    assert said["brier"] == pytest.approx(0.16)
    assert said["usual_brier"] == 0.25
    assert [one["cases"] for one in said["bins"]] == [0, 0, 100, 0, 0, 0, 0, 0, 100, 0]
    assert said["bins"][2]["observed"]["value"] == 0.2
    none = {"paid": {"80": 10}, "unpaid": {"80": 190}}
    told_too_much = forecast_quality.Counted(**none, told=[[0] * 10] * 3)
    assert forecast_quality._figures(told_too_much)["verdict"] == "high"
    turned = {"paid": {"10": 190}, "unpaid": {"10": 10}}
    too_little = forecast_quality.Counted(**turned, told=[[0] * 10] * 3)
    assert forecast_quality._figures(too_little)["verdict"] == "low"


def test_other_chances_than_before_are_a_drift(office):
    office.write([15] * 150, month="2026-09")
    office.write([15] * 90 + [35] * 60)
    said = office.quality()
    assert said["drift"] > forecast_quality.DRIFTED
    assert said["drifted"]
    assert [one["cases"] for one in said["months"]] == [150, 0, 150]
    assert said["cases"] == 0  # nobody is there to have paid

    alike = Office()
    alike.write([15] * 150, month="2026-09")
    alike.write([15] * 140 + [25] * 10)
    assert not alike.quality()["drifted"]
    few = Office()
    few.write([15] * 150, month="2026-09")
    few.write([95] * 50)
    assert few.quality()["drift"] is None


def test_counting_goes_on_with_the_cursor_and_of_many_takes_a_sample(office, monkeypatch):
    for n in range(7):
        office.known_debtor(n)
    office.rank()
    office.now += timedelta(days=16)
    whole = office.quality()
    monkeypatch.setattr(forecast_quality, "MOST_CASES", 3)
    said, parts = office.quality(), 1
    while said["cursor"]:
        said, parts = office.quality(cursor=said["cursor"]), parts + 1
    assert said == whole
    assert parts >= 3
    assert not whole["sampled"]

    monkeypatch.setattr(forecast_quality, "MOST_A_MONTH", 4)
    said = office.quality()
    while said["cursor"]:
        said = office.quality(cursor=said["cursor"])
    assert (said["cases"], said["sampled"]) == (4, True)


def test_who_may_ask_and_what(office, monkeypatch):
    with pytest.raises(PortfolioNotFound):
        office.quality(actor=STRANGER)
    for bad in ({"model": "third"}, {"cursor": "nonsense"}, {"cursor": sealed({"month": 9})}):
        with pytest.raises(BadField):
            office.quality(**bad)
    monkeypatch.setattr(forecast, "deployed", lambda *_: None)
    said = office.quality()
    assert (said["model_id"], said["cases"], said["cursor"]) == (None, 0, None)


def sealed(of):
    return base64.urlsafe_b64encode(json.dumps(of).encode()).decode()
