"""One forecast against another: who takes part is kept, and outcomes are counted from that."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.errors import (
    BadField,
    ForecastTestNotFound,
    NotAllowed,
    PortfolioMoved,
    PortfolioNotFound,
)
from chalicelib.domain.forecast_test import arm_of
from chalicelib.domain.people import Role
from chalicelib.prediction import forecast
from chalicelib.prediction.forecast import Deployed
from chalicelib.services import forecast_tests
from tests.queue_world import ANA, BOSS, QueueWorld
from tests.unit.prediction.test_forecast import paid_before
from tests.unit.prediction.test_habit import HABIT

ADMIN = replace(BOSS, actor_id="user:adm", role=Role.ADMIN, portfolios=("*",))
STRANGER = replace(BOSS, portfolios=("prt_other",))
FIRST = Deployed(habit=HABIT, until=date(2026, 10, 31), model_id="2026-10-31-a")
SECOND = replace(FIRST, model_id="2026-11-10-b")


class MemoryTests:
    def __init__(self):
        self.kept = {}

    def add(self, test):
        return self.kept.setdefault(test.test_id, test) is test

    def get(self, portfolio_id, key):
        return self.kept.get(key)

    def page(self, portfolio_id, *, limit, cursor):
        return list(self.kept.values())[:limit], None


class Office(QueueWorld):
    def __init__(self):
        super().__init__()
        self.tests = MemoryTests()
        self.audits = []

    def save(self, portfolio, *, audit):
        self.portfolio = portfolio
        self.audits.append(audit)

    def get(self, portfolio_id):
        return self.portfolio if portfolio_id == "prt_test" else None

    def choose(self, champion="first", challenger="second", percent=50, actor=ADMIN, version=None):
        return forecast_tests.choose(
            "prt_test",
            champion=champion,
            challenger=challenger,
            percent=percent,
            version=self.portfolio.version if version is None else version,
            actor=actor,
            portfolios=self,
            tests=self.tests,
            now=self.now,
        )

    def settings(self, actor=ADMIN):
        return forecast_tests.settings(
            "prt_test", actor=actor, portfolios=self, tests=self.tests, people=lambda ids: {}
        )

    def result(self, actor=BOSS, test_id=None, cursor=None):
        return forecast_tests.result(
            "prt_test",
            test_id or self.portfolio.forecast.test_id,
            actor=actor,
            portfolios=self,
            tests=self.tests,
            enrolments=self.enrolments,
            cases=self.cases,
            now=self.now,
            cursor=cursor,
        )

    def known_debtor(self, number):
        """Somebody with a record, of whom a forecast says something."""
        case_id = self.debtor(number)
        paid_before(self, case_id, 4, 5, 6)
        return case_id

    def arms(self):
        return {key[2]: row.arm for key, row in self._rows()}

    def since(self):
        return {row.since for _, row in self._rows()}

    def _rows(self):
        """Who takes part; what the forecast told is kept beside it."""
        return [
            (key, row) for key, row in self.enrolments.rows.items() if key[1].startswith("forecast")
        ]


@pytest.fixture
def models(monkeypatch):
    known = {"first": FIRST, "second": SECOND}
    monkeypatch.setattr(forecast, "deployed", lambda name="first": known.get(name))
    return known


@pytest.fixture
def office(models):
    return Office()


def test_cases_take_part_when_they_come_up_and_stay_in_their_arm(office):
    ids = [office.known_debtor(n) for n in range(40)]
    fresh = office.debtor(90)  # neither forecast says anything of them
    office.choose()
    office.rank()

    first = office.arms()
    assert set(first) == set(ids)
    assert fresh not in first
    policy = office.portfolio.forecast
    assert first == {one: arm_of(policy, one) for one in ids}
    assert 8 <= list(first.values()).count("challenger") <= 32

    office.now += timedelta(days=1)
    office.rank()
    assert office.since() == {date(2026, 11, 24)}


def test_each_arm_is_ranked_by_its_own_forecast(office, models):
    models["second"] = None
    office.choose(challenger="rules")
    ids = [office.known_debtor(n) for n in range(20)]
    office.rank()

    def foretold(case_id):
        return any(one.code == "forecast" for one in office.turns.kept[case_id].reasons)

    arms = office.arms()
    assert {arms[one] for one in ids} == {"champion", "challenger"}
    assert all(foretold(one) is (arms[one] == "champion") for one in ids)


def test_outcomes_come_from_what_was_kept_and_not_from_the_settings_of_today(office):
    ids = [office.known_debtor(n) for n in range(20)]
    office.choose()
    test_id = office.portfolio.forecast.test_id
    office.rank()
    arms = office.arms()
    office.now += timedelta(days=5)
    payers = [one for one in ids if arms[one] == "challenger"]
    for one in payers:
        office.change(
            one,
            lambda d, one=one: d.pay(500, paid_on=office.now.date(), source="bank", reference=one),
        )
    office.choose(challenger=None, percent=0)
    office.now += timedelta(days=24)  # 29 days: none is watched to its end
    assert [one["watched"] for one in office.result(test_id=test_id)["arms"]] == [0, 0]

    office.now += timedelta(days=1)
    found = office.result(test_id=test_id)

    champion, challenger = found["arms"]
    assert (champion["cases"], challenger["cases"]) == (20 - len(payers), len(payers))
    assert (champion["paid"], challenger["paid"]) == (0, len(payers))
    assert challenger["collected"]["minor"] == 500 * len(payers)
    assert found["paid"]["low"] > 0
    assert found["collected_minor"]["value"] == 500
    assert found["enough"] is False
    assert found["needed"] > 500


def test_a_payment_before_after_or_undone_says_nothing(office):
    case_id = office.known_debtor(1)
    office.choose()
    office.rank()
    start = office.now
    for days, reference in ((31, "late"), (3, "undone")):
        office.now = start + timedelta(days=days)
        office.change(
            case_id,
            lambda d, r=reference: d.pay(
                100, paid_on=office.now.date(), source="bank", reference=r
            ),
        )
    entry = next(one for one in office.cases.open(case_id).entries if one.reference == "undone")
    office.change(case_id, lambda d: d.reverse(entry.entry_id, reason="bounced"))
    office.now = start + timedelta(days=40)

    arm = next(one for one in office.result()["arms"] if one["cases"])

    assert (arm["watched"], arm["paid"], arm["collected"]["minor"]) == (1, 0, 0)


def test_a_larger_test_is_counted_on_with_the_cursor(office, monkeypatch):
    for n in range(7):
        office.known_debtor(n)
    office.choose()
    office.rank()
    office.now += timedelta(days=30)
    whole = office.result()
    monkeypatch.setattr(forecast_tests, "MOST_CASES", 3)

    page = office.result()
    assert page["cursor"] is not None
    while page["cursor"]:
        page = office.result(cursor=page["cursor"])

    assert page == whole
    with pytest.raises(BadField):
        office.result(cursor="none")


def test_another_model_deployed_takes_no_more_cases_in(office, models):
    office.choose()
    models["second"] = replace(SECOND, model_id="2026-12-01-c")
    office.known_debtor(1)
    office.rank()

    assert office.arms() == {}
    assert office.settings()["current"] is False


def test_whatever_changes_of_a_test_makes_another_and_the_audit_says_so(office):
    office.choose()
    first = office.portfolio.forecast.test_id
    assert office.choose().forecast.test_id == first  # the same choice changes nothing
    office.choose(percent=20)

    second = office.portfolio.forecast.test_id
    assert first != second
    assert [one["running"] for one in office.settings()["tests"]].count(True) == 1
    assert office.audits[-1].facts["forecast.percent"] == [50, 20]


def test_an_admin_chooses_and_supervisors_see_what_came_of_it(office, models):
    with pytest.raises(NotAllowed):
        office.choose(actor=BOSS)
    with pytest.raises(PortfolioMoved):
        office.choose(version=7)
    for wrong in (
        {"challenger": "first"},
        {"percent": 0},
        {"percent": 51},
        {"champion": "third"},
        {"challenger": None},
    ):
        with pytest.raises(BadField):
            office.choose(**wrong)
    models["second"] = None
    with pytest.raises(BadField) as refused:
        office.choose()
    assert refused.value.details == {"field": "challenger", "reason": "not_deployed"}
    assert office.settings(BOSS)["can_change"] is False
    with pytest.raises(NotAllowed):
        office.settings(ANA)
    with pytest.raises(PortfolioNotFound):
        office.result(actor=STRANGER, test_id="x")
    with pytest.raises(ForecastTestNotFound):
        office.result(test_id="x")
