"""Money, notes and promises by hand, and the page of a case."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.agreement_policy import Frequency
from chalicelib.domain.errors import (
    AlreadyRecorded,
    BadField,
    CaseMoved,
    CaseNotFound,
    EntryNotFound,
    NotAllowed,
    OverLimit,
    PortfolioNotFound,
    PromiseTooLate,
)
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.portfolio import Component, RoleLimits
from chalicelib.services import cases as use
from chalicelib.services import ledger, notes, promises
from tests.builders import (
    NOW,
    TODAY,
    a_debt,
    change_of,
    in_instalments,
    moratory,
    reopened,
)
from tests.unit.services.desk import ANA, LUIS, PID, STRANGER, Desk


@pytest.fixture
def desk():
    return Desk()


# Payments


def test_a_second_delivery_of_a_payment_gives_the_first_and_changes_nothing(desk):
    case_id = desk.made()
    first, _ = desk.pay(case_id)

    again, _ = desk.pay(case_id)

    assert again == first == desk.cases.open(case_id)


def test_another_payment_under_the_same_reference_is_refused(desk):
    case_id, other = desk.made("D-1"), desk.made("D-2")
    desk.pay(case_id)

    with pytest.raises(AlreadyRecorded):
        desk.pay(case_id, amount=501)
    with pytest.raises(AlreadyRecorded) as elsewhere:
        desk.pay(other)
    assert elsewhere.value.details["case_id"] == case_id
    assert desk.cases.open(other).head.balance_minor == 100_000


def test_a_payment_is_tried_again_when_the_case_moved_meanwhile(desk):
    case_id = desk.made()
    commit, raced = desk.cases.commit, []

    def race(*changes):
        if not raced:
            raced.append(True)
            draft = reopened(desk.cases.open(case_id), desk.portfolio)
            draft.note("mientras tanto")
            commit(change_of(draft))
        commit(*changes)

    desk.cases.commit = race
    file, _ = desk.pay(case_id)

    assert file.head.balance_minor == 99_500
    assert [event.kind for event in file.events[1:]] == ["note.added", "payment.posted"]


def test_a_race_lost_to_the_same_delivery_is_no_conflict(desk):
    case_id = desk.made()
    commit, raced = desk.cases.commit, []

    def race(*changes):
        if not raced:
            raced.append(True)
            commit(*changes)  # the other delivery, a moment earlier
        commit(*changes)

    desk.cases.commit = race
    file, _ = desk.pay(case_id)

    assert file.head.balance_minor == 99_500


def test_a_case_that_never_stands_still_is_given_up(desk):
    case_id = desk.made()

    def moved(*_):
        raise CaseMoved(case_id=case_id)

    desk.cases.commit = moved
    with pytest.raises(CaseMoved):
        desk.pay(case_id)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": 0}, "amount_minor"),
        ({"amount": -5}, "amount_minor"),
        ({"paid_on": TODAY + timedelta(days=1)}, "paid_on"),
        ({"reference": " "}, "reference"),
        ({"reference": "x" * 121}, "reference"),
    ],
)
def test_a_payment_that_makes_no_sense_is_refused(desk, change, field):
    with pytest.raises(BadField) as refused:
        desk.pay(desk.made(), **change)
    assert refused.value.details["field"] == field


def test_a_case_of_another_portfolio_is_not_found(desk):
    case_id = desk.made()

    for look in (
        lambda: desk.pay(case_id, actor=STRANGER),
        lambda: desk.page(case_id, actor=STRANGER),
        lambda: use.verification(case_id, **desk.ports(STRANGER)),
    ):
        with pytest.raises(CaseNotFound):
            look()
    with pytest.raises(PortfolioNotFound):
        desk.listed(actor=STRANGER)


def test_agents_post_within_their_limit_only():
    none, some = Desk(), Desk(role_limits=RoleLimits(agent_payment_minor=500))

    with pytest.raises(NotAllowed):
        none.pay(none.made(), actor=LUIS)
    case_id = some.made()
    some.pay(case_id, 500, actor=LUIS)
    with pytest.raises(OverLimit):
        some.pay(case_id, 501, "r-2", actor=LUIS)


def test_a_service_token_touches_no_ledger(desk):
    token = Actor(actor_id="service:t", role=Role.SERVICE, portfolios=(PID,))

    with pytest.raises(NotAllowed):
        desk.pay(desk.made(), actor=token)


# Corrections


def corrected(desk, how, case_id, amount, key="k", actor=ANA):  # noqa: PLR0917 (reads like a sentence)
    debt_id = desk.cases.open(case_id).debts[0].debt_id
    file, _ = how(
        case_id, debt_id=debt_id, component=Component.PRINCIPAL, amount_minor=amount,
        reason="acuerdo", key=key, now=NOW, **desk.ports(actor),
    )  # fmt: skip
    return file.head.balance_minor


def test_adjusting_and_waiving_twice_with_one_key_happens_once(desk):
    case_id = desk.made()

    assert corrected(desk, ledger.adjust, case_id, 700, "a") == 100_700
    assert corrected(desk, ledger.adjust, case_id, 700, "a") == 100_700
    assert corrected(desk, ledger.waive, case_id, 200, "w") == 100_500
    assert corrected(desk, ledger.waive, case_id, 200, "w") == 100_500
    with pytest.raises(AlreadyRecorded):
        corrected(desk, ledger.adjust, case_id, 701, "a")


def test_corrections_keep_to_the_roles_limits():
    desk = Desk(role_limits=RoleLimits(supervisor_adjustment_minor=1_000))
    case_id = desk.made()
    admin = Actor(actor_id="user:root", role=Role.ADMIN, portfolios=("*",))

    with pytest.raises(OverLimit):
        corrected(desk, ledger.waive, case_id, 1_001)
    with pytest.raises(OverLimit):
        corrected(desk, ledger.adjust, case_id, -1_001)
    with pytest.raises(NotAllowed):
        corrected(desk, ledger.waive, case_id, 1, actor=LUIS)
    assert corrected(desk, ledger.waive, case_id, 1_001, actor=admin) == 98_999


def test_reversing_twice_reverses_once(desk):
    case_id = desk.made()
    file, _ = desk.pay(case_id)
    payment = file.entries[-1].entry_id

    def reverse(entry_id=payment, reason="rebotó", actor=ANA):
        found, _ = ledger.reverse(
            case_id, entry_id=entry_id, reason=reason, now=NOW, **desk.ports(actor)
        )
        return found

    first = reverse()
    assert first.head.balance_minor == 100_000
    assert reverse() == first
    with pytest.raises(EntryNotFound):
        reverse("ent_unknown")
    with pytest.raises(BadField):
        reverse(reason="  ")
    with pytest.raises(NotAllowed):
        reverse(actor=LUIS)


# Notes, tags, promises


def series(desk, first_on, parts, frequency="monthly", *, amount=100_000, actor=ANA, now=NOW):
    """The (day, minor) of promises in parts; one case is made for it."""
    case_id = next(iter(desk.cases.files), None) or desk.made()
    found, _ = promises.in_parts(
        case_id,
        amount_minor=amount,
        first_on=first_on,
        frequency=Frequency(frequency),
        parts=parts,
        **desk.ports(actor, now=now),
    )
    return [(one.due_on, one.amount_minor) for one in found]


def test_promises_in_parts_fall_on_working_days_and_add_up(desk):
    # The 25th of December is a holiday and a Friday; the 1st of January one too.
    assert series(desk, date(2026, 12, 25), 2, "weekly") == [
        (date(2026, 12, 28), 50_000),
        (date(2027, 1, 4), 50_000),
    ]
    assert series(desk, date(2026, 11, 30), 3, amount=100) == [
        (date(2026, 11, 30), 34),
        (date(2026, 12, 30), 34),
        (date(2027, 2, 2), 32),  # 30 January is a Saturday, 1 February a holiday
    ]


def test_promises_in_parts_never_fall_on_one_day(desk):
    # The 14th is a Saturday, the 15th a Sunday, the 16th Benito Juárez' holiday.
    asked = date(2027, 8, 14)
    now = datetime(2027, 8, 1, 18, tzinfo=UTC)

    days = [day for day, _ in series(desk, asked, 3, "fortnightly", now=now)]

    assert days == [date(2027, 8, 16), date(2027, 8, 17), date(2027, 8, 31)]


def test_what_could_not_be_promised_is_refused_before_it_is_read_out(desk):
    soon = TODAY + timedelta(days=3)
    with pytest.raises(BadField):
        series(desk, TODAY - timedelta(days=1), 2)
    with pytest.raises(BadField):
        series(desk, soon, 5)  # more than may be made together
    with pytest.raises(BadField):
        series(desk, soon, 3, amount=2)
    with pytest.raises(PromiseTooLate):
        series(desk, soon, 4, actor=LUIS)
    assert len(series(desk, soon, 4)) == 4  # a supervisor may agree more


def test_agents_write_notes_tags_and_promises(desk):
    case_id, ports = desk.made(), desk.ports(LUIS)

    notes.add(case_id, "  Paga el viernes ", key="n", now=NOW, **ports)
    notes.set_tags(case_id, ["VIP"], now=NOW, **ports)
    asked = {"amount_minor": 900, "due_on": TODAY, "channel": "phone", "key": "k", "now": NOW}
    promises.make(case_id, **asked, **ports)
    file, _ = promises.make(case_id, **asked, **ports)

    assert len(file.promises) == 1
    page = desk.page(case_id, LUIS)
    assert page["notes"][0]["personal"] == {"text": "Paga el viernes"}
    assert page["case"]["tags"] == ["vip"]
    assert page["case"]["status"] == "promised"
    file, _ = promises.cancel(case_id, file.promises[0].promise_id, now=NOW, **ports)
    assert file.head.status.value == "open"


@pytest.mark.parametrize("text", ["", "   ", "x" * 4_001])
def test_a_note_says_something_and_not_too_much(desk, text):
    with pytest.raises(BadField):
        notes.add(desk.made(), text, key="n", now=NOW, **desk.ports())


def test_a_note_sent_twice_is_written_once(desk):
    case_id = desk.made()
    for _ in range(2):
        notes.add(case_id, "Llamó", key="the same", now=NOW, **desk.ports())
    notes.add(case_id, "Llamó", key="another", now=NOW, **desk.ports())

    assert len(desk.page(case_id)["notes"]) == 2


def test_a_tag_has_an_end(desk):
    with pytest.raises(BadField):
        notes.set_tags(desk.made(), ["x" * 41], now=NOW, **desk.ports())


# The page


def test_a_page_splits_what_is_owed_and_what_accrued_until_today():
    desk = Desk(moratory=moratory())
    case_id = desk.made("D-1", a_debt(stated_fees_minor=300, due_on=TODAY - timedelta(days=10)))

    page = desk.page(case_id)

    debt = page["debts"][0]
    minor = {name: debt[name]["minor"] for name in ("principal", "interest", "fees", "moratory")}
    assert minor == {"principal": 100_000, "interest": 0, "fees": 300, "moratory": 1_000}
    assert debt["total_due"] == {"minor": 101_300, "currency": "MXN"}
    assert page["case"]["balance"]["minor"] == 100_300
    assert page["case"]["total_due"]["minor"] == 101_300
    assert page["case"]["interest_accrued"]["minor"] == 1_000
    assert (debt["dpd"], debt["band"], page["case"]["legal_dpd"]) == (10, "8-30", 10)


def test_a_page_shows_open_instalments_reversals_and_who_did_what(desk):
    case_id = desk.made("D-1", in_instalments(3, 1_000, TODAY - timedelta(days=31)))
    file, _ = desk.pay(case_id, 1_500)
    payment = file.entries[-1].entry_id
    ledger.reverse(case_id, entry_id=payment, reason="x", now=NOW, **desk.ports())
    desk.pay(case_id, 1_200, "r-2")

    page = use.page(
        case_id, now=NOW, people=lambda ids: {key: "Ana" for key in ids if key == "user:ana"},
        **desk.ports(),
    )  # fmt: skip

    assert [part["open"]["minor"] for part in page["debts"][0]["instalments"]] == [0, 800, 1_000]
    undone = {entry["entry_id"]: entry["reversed_by"] for entry in page["entries"]}
    reversal = next(entry for entry in page["entries"] if entry["reverses"] == payment)
    assert undone[payment] == reversal["entry_id"]
    assert page["timeline"]["items"][0]["actor"] == {"id": "user:ana", "name": "Ana"}
    assert [event["seq"] for event in page["timeline"]["items"]] == [4, 3, 2, 1]
    assert page["chain"]["seq"] == 4


def test_a_page_says_what_the_reader_may_do(desk):
    case_id = desk.made()

    assert all(desk.page(case_id, ANA)["can"].values())
    assert desk.page(case_id, LUIS)["can"] == {
        "pay": False, "adjust": False, "waive": False, "reverse": False,
        "note": True, "tag": True, "promise": True, "visit": False, "agree": True, "dispute": True,
        "charge_off": True, "see_requests": False,
    }  # fmt: skip


def test_a_long_timeline_goes_on_by_cursor(desk):
    case_id = desk.made()
    for number in range(60):
        notes.add(case_id, f"nota {number}", key=f"k{number}", now=NOW, **desk.ports())

    page = desk.page(case_id)["timeline"]
    rest = use.timeline_page(case_id, cursor=page["cursor"], **desk.ports())

    assert len(page["items"]) == 50
    assert [event["seq"] for event in rest["items"]] == list(range(11, 0, -1))
    assert rest["cursor"] is None
    with pytest.raises(BadField):
        use.timeline_page(case_id, cursor="x", **desk.ports())


def test_an_altered_event_is_named(desk):
    case_id = desk.made()
    for number in range(3):
        notes.add(case_id, f"nota {number}", key=f"k{number}", now=NOW, **desk.ports())
    assert use.verification(case_id, **desk.ports())["ok"] is True

    file = desk.cases.files[case_id]
    forged = replace(file.events[1], personal={"text": "otra cosa"})
    desk.cases.files[case_id] = replace(file, events=(file.events[0], forged, *file.events[2:]))

    found = use.verification(case_id, **desk.ports())
    assert (found["ok"], found["first_altered"]) == (False, 2)
