"""What every case store promises of attempts, consents, holds and what is due."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from chalicelib.domain import timeline
from chalicelib.domain.contact import (
    AttemptState,
    Channel,
    ConsentState,
    Content,
    HoldReason,
    Ruling,
)
from chalicelib.domain.dispute import Dispute, DisputeKind, DisputeState, Evidence, Side
from chalicelib.domain.draft import after
from chalicelib.domain.errors import CaseMoved
from chalicelib.domain.wish import ContactWish, DayKind
from chalicelib.store.case_keys import LIST_SHARDS, list_shard
from tests.builders import LATER, NOW, TODAY, a_debt, a_draft, an_attempt, change_of, reopened

CONTENT = Content(
    to="+525512345678",
    text="Hola, José: tu factura vence mañana. «ñandú» 🙂",
    subject="Recordatorio",
    html="<p>" + "Hola, José. " * 400 + "</p>",
    template="reminder_friendly@3",
    attachments=("evidence/a.pdf",),
    buttons=(("pay", "Pagar"), ("stop", "Baja")),
)
RULING = Ruling(
    at=NOW, allowed=True, reason_code="OK", rules="MX/1@2026-01-01/strict", next_allowed_at=NOW
)


@pytest.fixture
def case(stores):
    change = change_of(
        a_draft(a_debt("F-1", stores.portfolio.portfolio_id), portfolio=stores.portfolio)
    )
    stores.cases.commit(change)
    return change.after.case_id


def do(stores, case, *steps, now=NOW):
    file = stores.cases.open(case)
    draft = reopened(file, stores.portfolio, now=now)
    for step in steps:
        step(draft)
    change = change_of(draft)
    stores.cases.commit(change)
    told, read = after(file, change), stores.cases.open(case)
    for part in ("attempts", "consents", "holds", "disputes"):
        assert sorted(map(repr, getattr(read, part))) == sorted(map(repr, getattr(told, part)))
    assert read.head == told.head
    return read


def reserve(draft):
    draft.reserve("att_1", ruling=RULING, content=CONTENT, contact_id="con_1", party="debtor")


def outbox(stores, case, until, **paging):
    return [
        one
        for one in stores.cases.due_messages(list_shard(case), until, **paging).items
        if one.case_id == case
    ]


def test_all_of_an_attempt_comes_back_as_it_was_written(stores, case):
    planned = do(stores, case, lambda d: d.plan(an_attempt()))
    assert planned.attempts == (an_attempt(),)

    file = do(
        stores, case, reserve,
        lambda d: d.sent("att_1", provider="aws", provider_id="m-1", cost_micros=45_000,
                         cost_currency="USD"),
        lambda d: d.arrived("att_1", AttemptState.READ, LATER),
    )  # fmt: skip

    (attempt,) = file.attempts
    assert attempt == replace(
        an_attempt(),
        state=AttemptState.READ, ruling=RULING, content=CONTENT, provider="aws",
        provider_id="m-1", cost_micros=45_000, cost_currency="USD", sent_at=NOW, read_at=LATER,
    )  # fmt: skip
    assert [event.kind for event in file.events[1:]] == [
        "attempt.planned", "attempt.reserved", "attempt.sent", "attempt.read",
    ]  # fmt: skip
    said = file.events[2]
    assert said.personal["text"] == CONTENT.text
    assert CONTENT.text not in str(said.facts)
    assert timeline.verify(file.events, file.head.chain).ok


def test_consents_and_holds_come_back_as_they_were_written(stores, case):
    file = do(
        stores, case,
        lambda d: d.consent(ConsentState.REFUSED, source="whatsapp", words="BAJA ya",
                            contact_id="con_1", channel=Channel.WHATSAPP),
        lambda d: d.consent(ConsentState.GIVEN, source="panel"),
        lambda d: d.hold("hld_1", HoldReason.DISPUTE, until=TODAY + timedelta(days=3), note="Ñ"),
        lambda d: d.hold("hld_2", HoldReason.ATTORNEY),
        lambda d: d.lift("hld_2"),
    )  # fmt: skip

    assert {word.consent_id for word in file.consents} == {"con_1:whatsapp", "*:*"}
    assert [hold.hold_id for hold in file.holds] == ["hld_1", "hld_2"]
    assert file.holds[1].lifted_at == NOW


def test_hours_a_debtor_asked_for_come_back_and_go_again(stores, case):
    wish = ContactWish(opens_at="10:00", not_on=(DayKind.SAT, DayKind.SUN))
    assert do(stores, case, lambda d: d.wish_for(wish)).head.wish == wish
    assert do(stores, case, lambda d: d.wish_for(ContactWish())).head.wish is None


def test_all_of_a_dispute_comes_back_as_it_was_written(stores, case):
    (debt,) = stores.cases.open(case).debts
    evidence = Evidence(
        evidence_id="evi_1", side=Side.DEBTOR, name="recibo ñ.jpg", media_type="image/jpeg",
        size_bytes=10, sha256="ab", key="disputes/x", at=NOW, by="debtor:cas_1",
    )  # fmt: skip
    dispute = Dispute(
        dispute_id="dsp_1", kind=DisputeKind.WRONG_AMOUNT, state=DisputeState.OPEN,
        source="self_pay", opened_at=NOW, opened_by="debtor:cas_1", due_on=TODAY, hold_id="hol_1",
        debt_ids=(debt.debt_id,), text="Pagué la mitad", claimed_minor=50_000, owner="p1",
    )  # fmt: skip

    file = do(
        stores, case,
        lambda d: d.open_dispute(dispute),
        lambda d: d.add_evidence("dsp_1", evidence),
        lambda d: d.resolve_dispute("dsp_1", DisputeState.PARTLY, reason="Así es", entries=("e",)),
        lambda d: d.letter_issued("dsp_1", document_id="doc_1", code="ABC"),
    )  # fmt: skip

    assert file.holds[0].debt_ids == (debt.debt_id,)
    assert file.disputes[0].evidence == (evidence,)
    assert timeline.verify(file.events, file.head.chain).ok


def test_a_planned_message_waits_in_the_outbox_until_it_moves_on(stores, case):
    do(stores, case, lambda d: d.plan(an_attempt()))

    assert outbox(stores, case, LATER - timedelta(seconds=1)) == []
    (due,) = outbox(stores, case, LATER)
    assert (due.attempt_id, due.at) == ("att_1", LATER)

    do(stores, case, lambda d: d.postpone("att_1", LATER + timedelta(days=1)))
    assert outbox(stores, case, LATER) == []
    assert len(outbox(stores, case, LATER + timedelta(days=1))) == 1

    do(stores, case, reserve)
    assert outbox(stores, case, LATER + timedelta(days=9)) == []


def test_of_two_who_lease_a_message_one_gets_it_and_it_comes_back(stores, case):
    do(stores, case, lambda d: d.plan(an_attempt(not_before=NOW)))
    before = stores.cases.open(case)
    (due,) = outbox(stores, case, NOW)

    assert stores.cases.lease(due, LATER)
    assert not stores.cases.lease(due, LATER)

    assert outbox(stores, case, NOW) == []
    assert [one.at for one in outbox(stores, case, LATER)] == [LATER]
    assert stores.cases.open(case) == before
    do(stores, case, lambda d: d.withdraw("att_1", "paid"))
    assert not stores.cases.lease(replace(due, at=LATER), LATER + timedelta(hours=1))


def test_who_keeps_the_budgets_is_told_once_of_what_ended_unsent(stores, case, told_unspent):
    do(stores, case, lambda d: d.plan(an_attempt()), lambda d: d.plan(an_attempt("att_2")))
    assert told_unspent == []

    slow = reopened(stores.cases.open(case), stores.portfolio)
    slow.withdraw("att_1", "paid")
    do(stores, case, lambda d: d.withdraw("att_1", "paid"))
    with pytest.raises(CaseMoved):
        stores.cases.commit(change_of(slow))
    do(stores, case, lambda d: d.withdraw("att_2", "refused"))

    assert [[one.attempt_id for one in change.unspent] for change in told_unspent] == [
        ["att_1"],
        ["att_2"],
    ]


def test_the_outbox_pages(stores, case):
    times = [NOW + timedelta(minutes=n) for n in range(5)]
    do(stores, case, *(
        lambda d, n=n: d.plan(an_attempt(f"att_{n}", not_before=times[n])) for n in range(5)
    ))  # fmt: skip
    shard, seen, cursor, pages = list_shard(case), [], None, 0
    while True:
        page = stores.cases.due_messages(shard, times[-1], cursor=cursor, limit=2)
        seen += [one.attempt_id for one in page.items if one.case_id == case]
        pages += 1
        if (cursor := page.cursor) is None:
            break

    assert (seen, pages >= 3) == ([f"att_{n}" for n in range(5)], True)


def test_a_message_is_found_by_its_providers_id(stores, case):
    key = f"m-{case}"  # tables are shared by tests
    do(stores, case, lambda d: d.plan(an_attempt()), reserve,
       lambda d: d.sent("att_1", provider="aws", provider_id=key))  # fmt: skip

    assert stores.cases.case_of_message("aws", key) == (case, "att_1")
    assert stores.cases.case_of_message("other", key) is None


def due(stores, day):
    pid = stores.portfolio.portfolio_id
    return {key for n in range(LIST_SHARDS) for key in stores.cases.due_cases(pid, n, day).items}


def test_a_case_is_on_the_agenda_until_the_plan_has_looked_at_it(stores, case):
    assert due(stores, TODAY - timedelta(days=1)) == set()
    assert due(stores, TODAY) == {case}

    looked = do(stores, case, lambda d: d.look_again_on(TODAY + timedelta(days=4)))

    assert due(stores, TODAY + timedelta(days=3)) == set()
    assert due(stores, TODAY + timedelta(days=4)) == {case}
    assert looked.head.updated_at == NOW
    noted = do(stores, case, lambda d: d.note("nada nuevo"))
    assert noted.head.agenda_on == TODAY + timedelta(days=4)
    do(stores, case, lambda d: d.pay(5, paid_on=TODAY, source="manual", reference="r"))
    assert due(stores, TODAY) == {case}


def test_who_owes_nothing_is_on_no_agenda(stores, case):
    do(stores, case, lambda d: d.pay(100_000, paid_on=TODAY, source="manual", reference="r"))

    assert due(stores, date(2099, 1, 1)) == set()


def test_the_agenda_pages(stores):
    portfolio = stores.portfolio
    changes = [
        change_of(a_draft(a_debt(f"F-{n}", portfolio.portfolio_id), portfolio=portfolio, key=key))
        for n, key in enumerate(f"D-{n}" for n in range(30))
    ]
    stores.cases.commit_many(changes)

    seen = []
    for shard in range(LIST_SHARDS):
        cursor = None
        while True:
            page = stores.cases.due_cases(
                portfolio.portfolio_id, shard, TODAY, cursor=cursor, limit=1
            )
            seen += page.items
            if (cursor := page.cursor) is None:
                break

    assert sorted(seen) == sorted(change.after.case_id for change in changes)


def test_only_the_agenda_of_a_case_can_move(stores, case):
    """What a plan costs that finds nothing to do: a head, and no timeline."""
    file = stores.cases.open(case)
    draft = reopened(file, stores.portfolio, now=datetime(2027, 1, 1, tzinfo=NOW.tzinfo))
    draft.look_again_on(TODAY + timedelta(days=4))

    change = change_of(draft)

    assert (change.events, change.counters) == ((), None)
    stores.cases.commit(change)
    assert stores.cases.open(case).head == replace(
        file.head, agenda_on=TODAY + timedelta(days=4), version=file.head.version + 1
    )


def tray(stores, state, **paging):
    page = stores.cases.tray(stores.portfolio.portfolio_id, state, **paging)
    return [attempt.attempt_id for _, attempt in page.items], page.cursor


def test_a_tray_holds_what_waits_hangs_or_failed_and_nothing_else(stores, case):
    for number in range(3):
        at = NOW + timedelta(hours=number + 1)
        do(stores, case, lambda d: d.plan(an_attempt(f"att_{number}", not_before=at)))  # noqa: B023 (used at once)
    assert tray(stores, AttemptState.PLANNED)[0] == ["att_0", "att_1", "att_2"]

    first, cursor = tray(stores, AttemptState.PLANNED, limit=2)
    assert (first, tray(stores, AttemptState.PLANNED, limit=2, cursor=cursor)) == (
        ["att_0", "att_1"], (["att_2"], None),
    )  # fmt: skip

    do(stores, case, reserve)
    assert tray(stores, AttemptState.RESERVED)[0] == ["att_1"]

    key = f"m-{case}"
    do(stores, case, lambda d: d.sent("att_1", provider="aws", provider_id=key))
    assert tray(stores, AttemptState.RESERVED)[0] == []

    do(stores, case, lambda d: d.failed("att_1", "unreachable"), now=LATER)
    do(stores, case, lambda d: d.failed("att_0", "template_missing"), now=NOW)
    assert tray(stores, AttemptState.FAILED)[0] == ["att_1", "att_0"]
    assert stores.cases.tray_count(stores.portfolio.portfolio_id, AttemptState.FAILED, most=1) == 1
