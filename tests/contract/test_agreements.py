"""What every case store promises of agreements."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.agreement import Breach, Offer
from chalicelib.domain.agreements import AgreementKind, AgreementState, Proof, ProofKind
from chalicelib.domain.draft import after
from chalicelib.services import agreement_offers
from tests.builders import NOW, TODAY, a_debt, a_draft, change_of, reopened

PROOF = Proof(kind=ProofKind.CALL, reference="rec_1", sha256="ab" * 32, evidence="calls/1")


def proposed(stores, **values):
    """A new case with one agreement on its table."""
    debt = a_debt("F-1", stores.portfolio.portfolio_id)
    new = change_of(a_draft(debt, portfolio=stores.portfolio))
    stores.cases.commit(new)
    file = stores.cases.open(new.after.case_id)
    found = agreement_offers.simulate(file, stores.portfolio, Offer(instalments=3), now=NOW)
    drawn = agreement_offers.drawn_up(
        file,
        stores.portfolio,
        found,
        agreement_id="agr_1",
        kind=AgreementKind.PLAN,
        by="user:ana",
        now=NOW,
    )
    draft = reopened(file, stores.portfolio)
    draft.propose(replace(drawn, **values))
    stores.cases.commit(change_of(draft))
    return stores.cases.open(new.after.case_id)


def test_an_agreement_is_read_as_it_was_written(stores):
    breach = Breach(field="instalments", reason="too_large", limit=2)
    file = proposed(stores, breaches=(breach,), reason="viuda", channel="call")
    draft = reopened(file, stores.portfolio)
    draft.sign("agr_1", PROOF)
    draft.note_issued("agr_1", document_id="doc_1")
    change = change_of(draft)
    stores.cases.commit(change)

    read = stores.cases.open(file.head.case_id)
    assert read.agreements == after(file, change).agreements
    assert read.agreements[0].proof == PROOF
    assert read.agreements[0].breaches == (breach,)


def test_what_waits_for_a_second_person_is_listed_until_somebody_speaks(stores):
    file = proposed(stores, state=AgreementState.PENDING)
    portfolio_id, key = stores.portfolio.portfolio_id, (file.head.case_id, "agr_1")
    assert list(stores.cases.approvals(portfolio_id)) == [key]
    draft = reopened(file, stores.portfolio, actor="user:eva")
    draft.decide("agr_1", approved=True, until=NOW + timedelta(days=3), reason="")
    stores.cases.commit(change_of(draft))

    assert list(stores.cases.approvals(portfolio_id)) == []


def test_a_letter_is_due_until_it_is_issued(stores):
    file = proposed(stores)
    draft = reopened(file, stores.portfolio)
    draft.sign("agr_1", PROOF)
    draft.pay(100_000, paid_on=TODAY, source="manual", reference="all")
    stores.cases.commit(change_of(draft))
    key = (file.head.case_id, "agr_1")
    assert key in stores.cases.letters_due()
    draft = reopened(stores.cases.open(file.head.case_id), stores.portfolio)
    draft.note_issued("agr_1", letter_id="doc_2")
    stores.cases.commit(change_of(draft))

    assert key not in stores.cases.letters_due()


def test_a_payment_and_what_it_closes_are_one_change(stores):
    file = proposed(stores)
    draft = reopened(file, stores.portfolio)
    draft.sign("agr_1", PROOF)
    stores.cases.commit(change_of(draft))
    file = stores.cases.open(file.head.case_id)
    draft = reopened(file, stores.portfolio)
    draft.pay(100_000, paid_on=TODAY, source="manual", reference="all")
    change = change_of(draft)
    stores.cases.commit(change)

    read = stores.cases.open(file.head.case_id)
    assert read.agreements[0].state is AgreementState.COMPLETED
    assert read.agreements == after(file, change).agreements
    assert all(one.kept for one in read.agreements[0].judged)
    assert read.head.balance_minor == 0
    assert change.counters.days[TODAY.isoformat()]["agreements_completed"] == 1
