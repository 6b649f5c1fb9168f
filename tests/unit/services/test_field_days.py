"""What a phone is told of a day: no more than the portfolio lets it, and nothing twice."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.contact import AttemptState, Channel, Direction
from chalicelib.domain.field import FieldPolicy, ShowAmount
from chalicelib.domain.people import Actor, Role
from chalicelib.services import field_days
from tests.builders import a_debt, a_draft, a_portfolio, an_attempt, change_of, reopened
from tests.contract.test_field import an_address, an_assignment
from tests.fakes import MemoryCases

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
ANA = Actor(actor_id="user:ana", role=Role.AGENT, portfolios=("prt_test",), name="Ana")


class Counted(MemoryCases):
    """Counts how often cases were opened."""

    opened = 0

    def open_many(self, case_ids):
        self.opened += 1
        return super().open_many(case_ids)

    def heads(self, case_ids):
        return {key: self.files[key].head for key in case_ids if key in self.files}


class Portfolios(dict):
    def all(self):
        return list(self.values())


@pytest.fixture
def cases():
    """A case with one visit planned for Ana today."""
    cases = Counted()
    draft = a_draft(a_debt())
    draft.put_address(an_address())
    cases.commit(change_of(draft))
    work(cases, lambda d: d.assign(an_assignment(next(iter(d._addresses)), day=NOON.date())))
    return cases


def work(cases, do):
    [file] = cases.files.values()
    draft = reopened(file, now=NOON)
    do(draft)
    cases.commit(change_of(draft))


def field(cases, show=ShowAmount.EXACT, **parts):
    base = a_portfolio()
    portfolio = replace(base, policies=replace(base.policies, field=FieldPolicy(show_amount=show)))
    return field_days.Field(
        cases=cases, portfolios=Portfolios({portfolio.portfolio_id: portfolio}), **parts
    )


def day(cases, mark="", **parts):
    return field_days.day(mark=mark, actor=ANA, field=field(cases, **parts), now=NOON)


@pytest.mark.parametrize(
    ("show", "amount", "span", "promised"),
    [
        (ShowAmount.EXACT, {"minor": 100_000, "currency": "MXN"}, None, 70_000),
        (ShowAmount.BAND, None, {"from_minor": 100_000, "to_minor": 200_000}, None),
        (ShowAmount.NONE, None, None, None),
    ],
)
def test_the_amount_is_told_as_the_portfolio_says(cases, show, amount, span, promised):
    work(cases, lambda d: d.promise("prm_1", 70_000, NOON.date(), channel="call"))

    [stop] = day(cases, show=show)["stops"]

    assert (stop["amount"], stop["amount_range"]) == (amount, span)
    assert stop["promise"]["amount_minor"] == promised


def test_an_unchanged_day_opens_no_case_and_no_form(cases):
    asked = {"frm_1": 3}
    read = []

    def forms(*_):
        read.append(1)
        return [{"form_id": "frm_1", "version": 3, "compiled": {}}]

    parts = {"asked": lambda _: asked, "forms": forms}
    first = day(cases, **parts)
    cases.opened, read[:] = 0, []

    again = day(cases, first["mark"], **parts)

    assert (again["unchanged"], again["stops"], cases.opened, read) == (True, [], 0, [])
    asked["frm_1"] = 4
    assert not day(cases, first["mark"], **parts)["unchanged"]


def test_last_results_are_the_newest_whoever_made_them(cases):
    for number, outcome in enumerate(("unanswered", "answered", "conversation")):
        made = an_attempt(
            f"att_{number}", channel=Channel.CALL, state=AttemptState.DONE, outcome=outcome,
            sent_at=NOON.replace(day=10 + number), not_before=None,
        )  # fmt: skip
        work(cases, lambda d, made=made: d.record(made))

    [stop] = day(cases)["stops"]

    assert [one["disposition"] for one in stop["last_results"]] == [
        "conversation", "answered", "unanswered",
    ]  # fmt: skip


def test_a_call_is_told_by_its_result_and_named(cases):
    call = an_attempt(
        "att_1", channel=Channel.CALL, state=AttemptState.DONE, outcome="conversation",
        disposition="promise", sent_at=NOON.replace(day=10), not_before=None,
    )  # fmt: skip
    answer = an_attempt(
        "att_2", channel=Channel.WHATSAPP, direction=Direction.IN, state=AttemptState.RECEIVED,
        sent_at=NOON.replace(day=9), not_before=None,
    )  # fmt: skip
    for made in (call, answer):
        work(cases, lambda d, made=made: d.record(made))

    [stop] = day(cases)["stops"]

    told = [(one["disposition"], (one["label"] or {}).get("es")) for one in stop["last_results"]]
    assert told == [("promise", "Promete pagar"), ("answered", None)]


def test_a_portfolio_that_is_no_longer_his_takes_its_visits_along(cases):
    other = replace(ANA, portfolios=())

    found = field_days.day(NOON.date(), actor=other, field=field(cases), now=NOON)

    assert (found["stops"], found["portfolios"]) == ([], {})
    assert found["dropped"] == [{"assignment_id": "asg_1", "code": "access"}]
