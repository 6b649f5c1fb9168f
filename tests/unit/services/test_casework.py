"""Money, notes and promises by hand; pages, searches, figures and proofs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.case import CaseFilter
from chalicelib.domain.errors import (
    AlreadyRecorded,
    BadField,
    CaseMoved,
    CaseNotFound,
    EntryNotFound,
    NotAllowed,
    OverLimit,
    PortfolioNotFound,
)
from chalicelib.domain.people import Actor, Role
from chalicelib.domain.portfolio import Component, RoleLimits
from chalicelib.services import cases as use
from chalicelib.services import kpis, ledger, notes, promises, verify
from tests.builders import (
    NOW,
    TODAY,
    a_debt,
    a_draft,
    a_portfolio,
    change_of,
    in_instalments,
    moratory,
    reopened,
)
from tests.fakes import MemoryCases, MemoryCounters

PID = "prt_test"
ANA = Actor(actor_id="user:ana", role=Role.SUPERVISOR, portfolios=(PID,))
LUIS = Actor(actor_id="user:luis", role=Role.AGENT, portfolios=(PID,))
STRANGER = Actor(actor_id="user:eva", role=Role.SUPERVISOR, portfolios=("prt_other",))


class Desk:
    """One portfolio with its stores, and the ports every use case asks for."""

    def __init__(self, **policies):
        self.portfolio = a_portfolio(PID, **policies)
        self.cases = MemoryCases()
        self.counters = MemoryCounters(self.cases)

    def get(self, portfolio_id):
        return self.portfolio if portfolio_id == PID else None

    def ports(self, actor=ANA, **values):
        return {"actor": actor, "cases": self.cases, "portfolios": self} | values

    def made(self, key="D-1", *debts, **values):
        debts = debts or (a_debt(f"{key}-1"),)
        change = change_of(a_draft(*debts, portfolio=self.portfolio, key=key, **values))
        self.cases.commit(change)
        return change.after.case_id

    def pay(self, case_id, amount=500, reference="r-1", actor=ANA, paid_on=TODAY, **values):
        return ledger.post_payment(
            case_id, amount_minor=amount, paid_on=paid_on, reference=reference, now=NOW,
            **self.ports(actor), **values,
        )  # fmt: skip

    def page(self, case_id, actor=ANA, now=NOW):
        return use.page(case_id, now=now, **self.ports(actor))

    def listed(self, q="", actor=ANA, **values):
        return use.listed(PID, q=q, now=NOW, **self.ports(actor), **values)

    def kpis(self, now=NOW):
        return kpis.of_portfolio(PID, actor=ANA, portfolios=self, counters=self.counters, now=now)


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
        "note": True, "tag": True, "promise": True,
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


# Lists and search


@pytest.fixture
def town(desk):
    desk.made("10045", a_debt("FAC-9"), name="María José Ñandú", tax_id="PEGJ800101AB1")
    desk.made("D-2", a_debt("77", due_on=TODAY), name="José Luis Pérez")
    desk.made("D-3", a_debt("F3", due_on=TODAY - timedelta(days=200)), name="Luisa María Díaz")
    return desk


def found(desk, q, **values):
    items = desk.listed(q, **values)["items"]
    return [(item["name"].split()[0], item.get("matched")) for item in items]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("pegj-800101-ab1", [("María", "tax_id")]),
        ("FAC-9", [("María", "debt")]),
        ("10045", [("María", "debtor")]),
        ("77", [("José", "debt")]),
        ("nandu", [("María", "name")]),
        ("jose maria", [("María", "name")]),
        ("maria", [("Luisa", "name"), ("María", "name")]),
        ("jose per", [("José", "name")]),
        ("nadie", []),
    ],
)
def test_what_was_typed_decides_where_to_look(town, q, expected):
    assert sorted(found(town, q)) == expected


def test_a_phone_in_any_form_finds_everybody_who_has_it(town):
    def read_phone(text, country):
        digits = "".join(mark for mark in text if mark.isdigit())
        return f"+52{digits[-10:]}" if country == "MX" and len(digits) >= 10 else None

    assert len(found(town, "(55) 1234-5678", read_phone=read_phone)) == 3


def test_filters_hold_for_searches_too(town):
    town.pay(next(iter(town.cases.files)), 40_000)

    assert found(town, "maria", where=CaseFilter(min_minor=90_000)) == [("Luisa", "name")]


def test_a_band_is_a_range_of_due_dates(town):
    assert found(town, "", band="180+") == [("Luisa", None)]
    assert found(town, "", band="preventiva") == [("José", None)]
    with pytest.raises(BadField):
        town.listed(band="9000+")


def test_a_name_with_the_word_twice_comes_once(desk):
    for number in range(12):
        desk.made(f"D-{number}", name=f"María Mar Q{number}")

    first = desk.listed("mar", limit=8)
    rest = desk.listed("mar", limit=8, cursor=first["cursor"])

    seen = [item["case_id"] for page in (first, rest) for item in page["items"]]
    assert len(seen) == len(set(seen)) == 12


def test_a_search_by_name_pages_to_its_end(desk):
    for number in range(30):
        desk.made(f"D-{number}", name=f"Ana {'Rosa' if number % 10 == 0 else 'Sofía'} Q{number}")

    seen, cursor = [], None
    while True:
        page = desk.listed("ana sofia", cursor=cursor, limit=7)
        seen += [item["case_id"] for item in page["items"]]
        cursor = page["cursor"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 27


# Figures and proof


def test_figures_are_reckoned_on_the_portfolios_own_day(desk):
    one = desk.made("D-1", a_debt("a", due_on=TODAY - timedelta(days=10)))
    desk.made("D-2", a_debt("b", due_on=TODAY))
    desk.made("D-3", a_debt("c", due_on=TODAY + timedelta(days=300)))
    desk.pay(one, 5_000, "r1", paid_on=TODAY)  # Sunday the 22nd
    desk.pay(one, 300, "r2", paid_on=date(2026, 11, 16))  # Monday of that week
    desk.pay(one, 20, "r3", paid_on=date(2026, 11, 1))
    desk.pay(one, 1, "r4", paid_on=date(2026, 10, 22))
    desk.pay(one, 4_000, "r5", paid_on=date(2026, 10, 23))

    read = desk.kpis()

    assert read["today"] == "2026-11-22"
    assert read["balance"]["minor"] == 300_000 - 9_321
    assert read["overdue"]["minor"] == 100_000 - 9_321
    assert read["debts"] == 3
    assert read["cases"] == {"open": 3, "promised": 0, "held": 0, "settled": 0}
    bands = {b["code"]: (b["balance"]["minor"], b["debts"]) for b in read["bands"] if b["debts"]}
    assert bands == {"preventiva": (100_000, 1), "8-30": (90_679, 1)}
    assert {name: money["minor"] for name, money in read["recovered"].items()} == {
        "today": 5_000,
        "this_week": 5_300,
        "this_month": 5_320,
        "last_month_to_date": 1,
        "last_month": 4_001,
    }
    assert read["payments"] == {"today": 1, "this_month": 3}
    assert len(read["days"]) == 30
    assert read["days"][-1] == {
        "day": "2026-11-22", "paid": {"minor": 5_000, "currency": "MXN"}, "payments": 1,
    }  # fmt: skip


def test_what_was_not_due_yesterday_is_overdue_today_and_nothing_was_written(desk):
    desk.made("D-1", a_debt("b", due_on=TODAY))
    assert desk.kpis()["overdue"]["minor"] == 0

    assert desk.kpis(now=NOW + timedelta(days=1))["overdue"]["minor"] == 100_000


def test_figures_of_several_portfolios_are_added_by_currency(desk):
    desk.made("D-1")
    twin = replace(desk.portfolio, portfolio_id=PID)
    chilean = a_portfolio("prt_cl", "CL")

    read = kpis.across([desk.portfolio, twin, chilean], actor=ANA, counters=desk.counters, now=NOW)[
        "currencies"
    ]

    assert [one["currency"] for one in read] == ["CLP", "MXN"]
    assert (read[1]["balance"]["minor"], read[1]["debts"]) == (200_000, 2)
    assert read[1]["bands"][0]["from_dpd"] == -10
    assert sum(band["balance"]["minor"] for band in read[1]["bands"]) == 200_000
    assert len(read[1]["days"]) == 30


def test_a_list_of_portfolios_gets_its_few_figures(desk):
    desk.made()

    assert kpis.small(desk.portfolio, desk.counters, NOW) == {
        "cases": 1,
        "balance": {"minor": 100_000, "currency": "MXN"},
        "overdue": {"minor": 100_000, "currency": "MXN"},
    }


@pytest.fixture
def lived(desk):
    """A portfolio in which things happened: payments, a reversal, a merge, an undone upload."""
    one, two = desk.made("D-1"), desk.made("D-2")
    desk.made("D-3", upload_id="upl_x")
    file, _ = desk.pay(one, 700, "r1")
    desk.pay(two, 300, "r2", paid_on=date(2026, 10, 3))
    ledger.reverse(one, entry_id=file.entries[-1].entry_id, reason="x", now=NOW, **desk.ports())
    desk.pay(one, 800, "r3")
    from_, into = (reopened(desk.cases.open(key), desk.portfolio) for key in (one, two))
    from_.hand_over(into, reference="mrg_1")
    desk.cases.commit(change_of(from_), change_of(into))
    return desk


def proof(desk):
    return verify.portfolio(
        PID, cases=desk.cases, stored=desk.counters, time_zone=a_portfolio().time_zone
    )


def test_a_portfolio_that_lived_verifies(lived):
    report = proof(lived)

    assert report.differences == []
    assert report.ok
    assert (report.cases, report.entries > 5, report.events > 5) == (3, True, True)


def test_every_kind_of_damage_is_reported(lived):
    case_id = next(key for key, f in lived.cases.files.items() if f.head.debtor_key == "D-2")
    file = lived.cases.files[case_id]
    forged = replace(file.events[0], actor="user:nobody")
    entry = replace(
        file.entries[0],
        amount_minor=file.entries[0].amount_minor + 1,
        principal_minor=file.entries[0].principal_minor + 1,
    )
    lived.cases.files[case_id] = replace(
        file, entries=(entry, *file.entries[1:]), events=(forged, *file.events[1:])
    )
    lived.cases.moves[PID].append(
        replace(lived.cases.moves[PID][0], totals={"debts": 1}, due={}, due_debts={}, days={})
    )

    found = proof(lived)

    assert not found.ok
    assert {(d["what"], d.get("counter")) for d in found.differences} == {
        ("case.balance", None),
        ("timeline", None),
        ("counter", "totals.debts"),
    }
    timeline = next(d for d in found.differences if d["what"] == "timeline")
    assert timeline["found"] == 1
